// SPDX-License-Identifier: Apache-2.0
// Static types of CEL and how they fit together: assignability with type parameters, the more general of two types, and their names.
// Follows the rules of the reference checker (cel-go checker/types.go): `dyn` fits everything, type parameters are bound as arguments are met.

export type CelType =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'list'; readonly element: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'message'; readonly name: string }
  | { readonly kind: 'opaque'; readonly name: string; readonly parameters: readonly CelType[] }
  | { readonly kind: 'type'; readonly of: CelType | undefined }
  | { readonly kind: 'wrapper'; readonly of: CelType }
  | { readonly kind: 'parameter'; readonly name: string };

export type SimpleKind =
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'null'
  | 'dyn'
  | 'any'
  | 'error'
  | 'timestamp'
  | 'duration';

function simple(kind: SimpleKind): CelType {
  return { kind };
}

export const boolType = simple('bool');
export const intType = simple('int');
export const uintType = simple('uint');
export const doubleType = simple('double');
export const stringType = simple('string');
export const bytesType = simple('bytes');
export const nullType = simple('null');
export const dynType = simple('dyn');
export const anyType = simple('any');
export const errorType = simple('error');
export const timestampType = simple('timestamp');
export const durationType = simple('duration');

export function listOf(element: CelType): CelType {
  return { kind: 'list', element };
}

export function mapOf(key: CelType, value: CelType): CelType {
  return { kind: 'map', key, value };
}

export function messageType(name: string): CelType {
  return { kind: 'message', name };
}

export function opaqueType(name: string, ...parameters: readonly CelType[]): CelType {
  return { kind: 'opaque', name, parameters };
}

export function optionalOf(element: CelType): CelType {
  return opaqueType('optional_type', element);
}

export function typeOf(of: CelType | undefined): CelType {
  return { kind: 'type', of };
}

export function wrapperOf(of: CelType): CelType {
  return { kind: 'wrapper', of };
}

export function parameter(name: string): CelType {
  return { kind: 'parameter', name };
}

const printedNames: Readonly<Partial<Record<SimpleKind, string>>> = {
  null: 'null_type',
  any: 'google.protobuf.Any',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  error: '!error!',
};

/** The type as messages of the checker print it: `map(string, list(int))`. */
export function printType(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${printType(type.element)})`;
    case 'map':
      return `map(${printType(type.key)}, ${printType(type.value)})`;
    case 'message':
    case 'parameter':
      return type.name;
    case 'opaque':
      return type.parameters.length === 0 ? type.name : `${type.name}(${type.parameters.map(printType).join(', ')})`;
    case 'type':
      return type.of === undefined ? 'type' : `type(${printType(type.of)})`;
    case 'wrapper':
      return `wrapper(${printType(type.of)})`;
    default:
      return printedNames[type.kind] ?? type.kind;
  }
}

export function equalTypes(left: CelType, right: CelType): boolean {
  return left === right || printType(left) === printType(right);
}

export function isDyn(type: CelType): boolean {
  return type.kind === 'dyn' || type.kind === 'any' || type.kind === 'error';
}

/** Of two types that fit each other, the one that says less. */
export function moreGeneral(left: CelType, right: CelType): CelType {
  return saysNoMore(left, right) ? left : right;
}

function saysNoMore(left: CelType, right: CelType): boolean {
  if (isDyn(left) || left.kind === 'parameter') return true;
  if (isDyn(right) || right.kind === 'parameter') return false;
  if (left.kind === 'wrapper') return true;
  if (left.kind === 'null') return right.kind === 'null';
  if (left.kind !== right.kind) return right.kind === 'null';
  const others = partsOf(right);
  return left.kind === 'type' || partsOf(left).every((part, index) => saysNoMore(part, others[index] ?? dynType));
}

/** Renames the parameters of a declaration, so that two uses of it do not meet. */
export function freshCopy(type: CelType, mark: number): CelType {
  switch (type.kind) {
    case 'parameter':
      return parameter(`${type.name}#${mark}`);
    case 'list':
      return listOf(freshCopy(type.element, mark));
    case 'map':
      return mapOf(freshCopy(type.key, mark), freshCopy(type.value, mark));
    case 'opaque':
      return opaqueType(type.name, ...type.parameters.map((item) => freshCopy(item, mark)));
    case 'type':
      return type.of === undefined ? type : typeOf(freshCopy(type.of, mark));
    default:
      return type;
  }
}

/** Types that a type is made of. */
export function partsOf(type: CelType): readonly CelType[] {
  if (type.kind === 'list') return [type.element];
  if (type.kind === 'map') return [type.key, type.value];
  if (type.kind === 'opaque') return type.parameters;
  return type.kind === 'type' && type.of !== undefined ? [type.of] : [];
}
