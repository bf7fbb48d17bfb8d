// SPDX-License-Identifier: Apache-2.0
// Fields of values that are no plain JSON objects: maps, messages, optionals.

import { isMap, lookUp } from './equality.ts';
import type { CelMessage } from './message.ts';
import { isMessage } from './message.ts';
import type { CelValue } from './values.ts';
import { CelError, CelOptional, typeNameOf } from './values.ts';

/**
 * How `.?field`, `[?key]` and has() treat a value that can hold no fields: `optional` as an error, as the conformance suite wants it; `lenient` as one
 * that holds nothing, as cel-go does unless told otherwise, and so Kubernetes (interpreter.refQualify, errorOnBadPresenceTest).
 */
export type PresenceForm = 'optional' | 'lenient';

/** Neither map, list nor message: lists refuse keys that are no index. */
export function holdsNothing(value: CelValue): boolean {
  return !Array.isArray(value) && !isMap(value) && !isMessage(value);
}

/** `value.field`, or with `optional` `value.?field`. A field of an optional is an optional. */
export function selectField(value: CelValue, field: string, form: 'plain' | PresenceForm): CelValue {
  if (value instanceof CelError) return value;
  if (value instanceof CelOptional) {
    if (value.value === undefined) return value;
    return selectField(value.value, field, form === 'lenient' ? form : 'optional');
  }
  if (form === 'lenient' && holdsNothing(value)) return CelOptional.none;
  const member = memberOf(value, field);
  if (form === 'plain') return member === undefined ? new CelError(`no such key: ${field}`) : member;
  if (member instanceof CelError) return member;
  const isThere = hasField(value, field, form);
  if (isThere instanceof CelError) return isThere;
  return isThere === true && member !== undefined ? new CelOptional(member) : CelOptional.none;
}

function memberOf(value: CelValue, field: string): CelValue | undefined {
  if (isMap(value)) return lookUp(value, field);
  if (isMessage(value)) return messageField(value, field);
  // As cel-go: what has no fields has not this one.
  return new CelError(`no such key: ${field}`);
}

function messageField(message: CelMessage, field: string): CelValue {
  const declared = message.declaration.field(field);
  if (declared === undefined) return new CelError(`no such field '${field}'`);
  const value = message.fields.get(field);
  if (value !== undefined) return value;
  return declared.fallback === undefined ? new CelError(`no such key: ${field}`) : declared.fallback;
}

/** has(value.field). */
export function hasField(value: CelValue, field: string, form: PresenceForm): CelValue {
  if (value instanceof CelError) return value;
  if (value instanceof CelOptional) return value.value === undefined ? false : hasField(value.value, field, form);
  if (form === 'lenient' && holdsNothing(value)) return false;
  if (isMap(value)) return lookUp(value, field) !== undefined;
  if (!isMessage(value)) return new CelError(`type '${typeNameOf(value)}' does not support field selection`);
  if (value.declaration.field(field) === undefined) return new CelError(`no such field '${field}'`);
  return value.fields.has(field);
}
