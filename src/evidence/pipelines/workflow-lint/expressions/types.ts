// SPDX-License-Identifier: Apache-2.0
// Types of the values of expressions, and which may stand for which. GitHub itself has no types before it runs; these say what is known.

export type ExpressionType =
  | { readonly kind: 'any' }
  | { readonly kind: 'null' }
  | { readonly kind: 'number' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'string' }
  | ObjectType
  | ArrayType;

export interface ObjectType {
  readonly kind: 'object';
  /** Names in lower case. */
  readonly properties: ReadonlyMap<string, ExpressionType>;
  /** Type of members that are not named; undefined: there are none, so that naming another is a mistake. */
  readonly others: ExpressionType | undefined;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly element: ExpressionType;
  /** What `.*` gives: properties are then taken of each element. */
  readonly isFiltered: boolean;
}

export const anyType: ExpressionType = { kind: 'any' };
export const nullType: ExpressionType = { kind: 'null' };
export const numberType: ExpressionType = { kind: 'number' };
export const boolType: ExpressionType = { kind: 'bool' };
export const stringType: ExpressionType = { kind: 'string' };

/** An object of which all members are known. */
export function strictObject(properties: Readonly<Record<string, ExpressionType>> = {}): ObjectType {
  return { kind: 'object', properties: new Map(Object.entries(properties)), others: undefined };
}

/** An object of which some members are known and others may be there. */
export function looseObject(properties: Readonly<Record<string, ExpressionType>> = {}): ObjectType {
  return { kind: 'object', properties: new Map(Object.entries(properties)), others: anyType };
}

/** An object with any names, all of one type. */
export function mapOf(others: ExpressionType): ObjectType {
  return { kind: 'object', properties: new Map(), others };
}

export function strictMembers(properties: Iterable<readonly [string, ExpressionType]>): ObjectType {
  return { kind: 'object', properties: new Map(properties), others: undefined };
}

export function arrayOf(element: ExpressionType): ArrayType {
  return { kind: 'array', element, isFiltered: false };
}

/** As actionlint writes it, for messages. */
export function typeName(type: ExpressionType): string {
  if (type.kind === 'array') return `array<${typeName(type.element)}>`;
  if (type.kind !== 'object') return type.kind;
  if (type.others !== undefined) return type.others.kind === 'any' ? 'object' : `{string => ${typeName(type.others)}}`;
  const members = [...type.properties].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${name}: ${typeName(member)}`).join('; ')}}`;
}

/** Whether a value of type `from` may be given where `to` is wanted. Everything is true or false; numbers are readily texts; nothing else is. */
export function isAssignable(to: ExpressionType, from: ExpressionType): boolean {
  if (to.kind === 'any' || from.kind === 'any') return true;
  if (to.kind === 'bool') return true;
  if (to.kind === 'string') return from.kind === 'string' || from.kind === 'number';
  if (to.kind === 'array') return from.kind === 'array' && isAssignable(to.element, from.element);
  if (to.kind === 'object') return from.kind === 'object' && isAssignableObject(to, from);
  return to.kind === from.kind;
}

function isAssignableObject(to: ObjectType, from: ObjectType): boolean {
  for (const [name, wanted] of to.properties) {
    const given = from.properties.get(name) ?? from.others;
    if (given === undefined || !isAssignable(wanted, given)) return false;
  }
  if (to.others === undefined) return [...from.properties.keys()].every((name) => to.properties.has(name));
  const others = to.others;
  return [...from.properties.values()].every((member) => isAssignable(others, member));
}

/** The type of a value that is of one type or the other. */
export function mergeTypes(left: ExpressionType, right: ExpressionType): ExpressionType {
  if (left.kind === 'object' && right.kind === 'object') return mergeObjects(left, right);
  if (left.kind === 'array' && right.kind === 'array') {
    const element = mergeTypes(left.element, right.element);
    return { kind: 'array', element, isFiltered: left.isFiltered && right.isFiltered };
  }
  if (left.kind === right.kind) return left;
  const kinds = new Set([left.kind, right.kind]);
  // Numbers and truth values beside texts are texts to whoever reads them.
  if (kinds.has('string') && (kinds.has('number') || kinds.has('bool'))) return stringType;
  return anyType;
}

function mergeObjects(left: ObjectType, right: ObjectType): ObjectType {
  const properties = new Map(left.properties);
  for (const [name, type] of right.properties) {
    const known = properties.get(name);
    properties.set(name, known === undefined ? type : mergeTypes(known, type));
  }
  const others =
    left.others === undefined || right.others === undefined
      ? (left.others ?? right.others)
      : mergeTypes(left.others, right.others);
  return { kind: 'object', properties, others };
}

/** Type of a value read from JSON. */
export function typeOfJson(value: unknown, depth = 0): ExpressionType {
  if (value === null) return nullType;
  if (typeof value === 'string') return stringType;
  if (typeof value === 'number') return numberType;
  if (typeof value === 'boolean') return boolType;
  if (depth > 50) return anyType;
  if (Array.isArray(value)) {
    const types = value.map((item) => typeOfJson(item, depth + 1));
    return arrayOf(types.length === 0 ? anyType : types.reduce(mergeTypes));
  }
  if (typeof value !== 'object') return anyType;
  return strictMembers(
    Object.entries(value).map(([name, member]) => [name.toLowerCase(), typeOfJson(member, depth + 1)] as const),
  );
}
