// SPDX-License-Identifier: Apache-2.0
// What a configuration must be before it is merged: of the schema's types, and, for policies, without anything atomic (apiserver
// pkg/admission/plugin/policy/mutating/patch/smd.go validatePatch): who sets a part of something atomic would remove the rest without meaning to.

import type { ScalarType, SchemaField } from '../kubernetes-types/schema.ts';
import { isJsonObject } from './json-members.ts';
import { deduced, isAtomic, memberField } from './structured-field.ts';

const accepted: Readonly<Record<ScalarType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bytes: (value) => typeof value === 'string',
  time: (value) => typeof value === 'string',
  int: (value) => typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)),
  double: (value) => typeof value === 'number' || typeof value === 'bigint',
  bool: (value) => typeof value === 'boolean',
  quantity: (value) => typeof value === 'string' || typeof value === 'number',
  'int-or-string': (value) => typeof value === 'string' || typeof value === 'number',
};

/** The first place where a value is not of the schema's type. */
export function misfitOf(value: unknown, field: SchemaField, path = ''): string | undefined {
  const { type } = field;
  if (value === null || type.kind === 'any') return undefined;
  if (type.kind === 'scalar') return accepted[type.scalar](value) ? undefined : `${path}: expected ${type.scalar}`;
  if (type.kind === 'list') {
    if (!Array.isArray(value)) return `${path}: expected list`;
    const element: SchemaField = { ...deduced, type: type.element };
    return firstOf(value.entries(), ([index, item]) => misfitOf(item, element, `${path}[${index}]`));
  }
  if (!isJsonObject(value)) return `${path}: expected map`;
  return firstOf(Object.entries(value), ([key, member]) => {
    const inner = memberField(type, key);
    return inner === undefined
      ? `${path}.${key}: field not declared in schema`
      : misfitOf(member, inner, `${path}.${key}`);
  });
}

function firstOf<Item>(items: Iterable<Item>, find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Paths of all atomic lists, maps and structures in a configuration. */
export function atomicsOf(value: unknown, field: SchemaField, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    const element: SchemaField = field.type.kind === 'list' ? { ...deduced, type: field.type.element } : deduced;
    const own = field.list === 'atomic' ? [path] : [];
    return [...own, ...value.flatMap((item, index) => atomicsOf(item, element, `${path}[${index}]`))];
  }
  if (!isJsonObject(value)) return [];
  const own = isAtomic(field) ? [path] : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, member]) => {
      const inner = memberField(field.type, key);
      return inner === undefined ? [] : atomicsOf(member, inner, `${path}.${key}`);
    }),
  ];
}
