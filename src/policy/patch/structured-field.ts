// SPDX-License-Identifier: Apache-2.0
// Fields as server-side apply sees them: which field a member of a value has, and what is merged as one value.

import type { SchemaField, SchemaType } from '../kubernetes-types/schema.ts';

/** What holds where the schema says nothing. */
export const deduced: SchemaField = {
  type: { kind: 'any' },
  list: 'atomic',
  keys: [],
  isAtomic: false,
  mergeKey: undefined,
  strategies: [],
};

/** The field of a member; untyped values are merged as maps. */
export function memberField(type: SchemaType, key: string): SchemaField | undefined {
  if (type.kind === 'any') return deduced;
  if (type.kind === 'map') return { ...deduced, type: type.element };
  return type.kind === 'structure' ? type.fields.get(key) : undefined;
}

export function isAtomic(field: SchemaField): boolean {
  return field.isAtomic || (field.type.kind === 'structure' && field.type.isAtomic);
}
