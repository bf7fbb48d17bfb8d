// SPDX-License-Identifier: Apache-2.0
// A small language for the form of objects: which members they may have and of what type. Enough for what the schemas of Kyverno's kinds refuse.
import type { DocumentPath } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';

export type Shape =
  | 'any'
  | 'text'
  | 'boolean'
  | 'integer'
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly members: Readonly<Record<string, Shape>>; readonly required?: readonly string[] };

export interface ShapeFault {
  readonly path: DocumentPath;
  readonly message: string;
}

export const texts: Shape = { list: 'text' };

/** All faults of a value, in the order of the document. Null counts as absent. */
export function checkShape(value: unknown, shape: Shape, path: DocumentPath = []): readonly ShapeFault[] {
  if (value === undefined || value === null || shape === 'any') return [];
  if (typeof shape === 'string') return isScalar(value, shape) ? [] : [{ path, message: `must be ${article[shape]}` }];
  if ('oneOf' in shape)
    return typeof value === 'string' && shape.oneOf.includes(value)
      ? []
      : [{ path, message: `must be one of ${shape.oneOf.join(', ')}` }];
  if ('list' in shape) {
    if (!Array.isArray(value)) return [{ path, message: 'must be a list' }];
    return value.flatMap((item, index) => checkShape(item, shape.list, [...path, index]));
  }
  const object = asObject(value);
  if (object === undefined) return [{ path, message: 'must be an object' }];
  if ('map' in shape)
    return Object.entries(object).flatMap(([key, item]) => checkShape(item, shape.map, [...path, key]));
  const missing = (shape.required ?? [])
    .filter((key) => object[key] === undefined || object[key] === null)
    .map((key) => ({ path, message: `${key} is required` }));
  return [
    ...missing,
    ...Object.entries(object).flatMap(([key, item]) => {
      const member = Object.hasOwn(shape.members, key) ? shape.members[key] : undefined;
      return member === undefined
        ? [{ path: [...path, key], message: `unknown field "${key}"` }]
        : checkShape(item, member, [...path, key]);
    }),
  ];
}

const article = { text: 'a text', boolean: 'true or false', integer: 'a whole number' } as const;

function isScalar(value: unknown, shape: 'text' | 'boolean' | 'integer'): boolean {
  if (shape === 'integer') return Number.isInteger(value);
  return typeof value === (shape === 'text' ? 'string' : 'boolean');
}
