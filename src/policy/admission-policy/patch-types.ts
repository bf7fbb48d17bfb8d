// SPDX-License-Identifier: Apache-2.0
// The types with which expressions of MutatingAdmissionPolicies build patches (apiserver pkg/cel/mutation): `Object` and its parts, `Object.spec{...}`,
// whose fields may be anything, and `JSONPatch`. And from such values to the patch.

import type { TypeProvider } from '../cel/declarations.ts';
import { jsonFromCel } from '../cel/json-value.ts';
import type { FieldDeclaration, MessageDeclaration } from '../cel/message.ts';
import { isMessage } from '../cel/message.ts';
import { dynType, stringType } from '../cel/types.ts';
import type { CelValue } from '../cel/values.ts';
import { CelError, CelMap } from '../cel/values.ts';

const anything: FieldDeclaration = { type: dynType, presence: 'always' };
const text: FieldDeclaration = {
  type: stringType,
  presence: 'always',
  accept: (value) => (typeof value === 'string' ? value : new CelError('a field of JSONPatch must be a string')),
};
const jsonPatchFields: ReadonlyMap<string, FieldDeclaration> = new Map([
  ['op', text],
  ['path', text],
  ['from', text],
  ['value', anything],
]);

const jsonPatch: MessageDeclaration = { name: 'JSONPatch', field: (name) => jsonPatchFields.get(name) };

export const patchTypes: TypeProvider = {
  message: (name) => {
    if (name === 'JSONPatch') return jsonPatch;
    return name === 'Object' || name.startsWith('Object.') ? { name, field: () => anything } : undefined;
  },
  constant: () => undefined,
};

/** The configuration in the value of an ApplyConfiguration expression, or what is wrong with it. */
export function configurationOf(value: CelValue): { readonly configuration: unknown } | CelError {
  const misnamed = misnamedType(value, 'Object');
  if (misnamed !== undefined) return new CelError(`type mismatch: ${misnamed}`);
  const configuration = jsonFromCel(value);
  return configuration instanceof CelError ? configuration : { configuration };
}

/** The operations in the value of a JSONPatch expression as JSON, or what is wrong with them. */
export function operationsOf(value: CelValue): { readonly operations: readonly unknown[] } | CelError {
  if (!Array.isArray(value)) return new CelError('type mismatch: JSONPatchType.expression should evaluate to array');
  const operations: unknown[] = [];
  for (const item of value as readonly CelValue[]) {
    if (!isMessage(item) || item.typeName !== 'JSONPatch')
      return new CelError('type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch');
    const added = item.fields.get('value');
    const misnamed = isMessage(added) ? misnamedType(added, added.typeName) : undefined;
    if (misnamed !== undefined) return new CelError(`type mismatch: ${misnamed}`);
    const operation = jsonFromCel(item);
    if (operation instanceof CelError) return operation;
    operations.push(operation);
  }
  return { operations };
}

/** Objects must be named after the path on which they stand: `Object.spec` under `spec`. Lists and maps between them have no name. */
function misnamedType(value: CelValue, expected: string): string | undefined {
  if (isMessage(value)) {
    if (value.typeName !== expected)
      return `unexpected type name "${value.typeName}", expected "${expected}", which matches field name path from root Object type`;
    return firstMisnamed([...value.fields].map(([name, field]) => [field, `${expected}.${name}`] as const));
  }
  if (Array.isArray(value)) return firstMisnamed(value.map((item: CelValue) => [item, expected] as const));
  if (value instanceof CelMap) return firstMisnamed([...value.entries()].map(([, item]) => [item, expected] as const));
  return undefined;
}

function firstMisnamed(values: readonly (readonly [CelValue, string])[]): string | undefined {
  for (const [value, expected] of values) {
    const found = misnamedType(value, expected);
    if (found !== undefined) return found;
  }
  return undefined;
}
