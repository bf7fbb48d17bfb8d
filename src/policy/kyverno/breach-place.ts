// SPDX-License-Identifier: Apache-2.0
// Where in an object a pattern is broken: the path of a failed overlay (`/metadata/labels/app.kubernetes.io/name/`) as the members that it goes through.
import type { DocumentPath } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';

/**
 * The path as far as the object has it: what is missing has no place of its own. Keys may hold slashes, so at each step the shortest run of parts that is a
 * key counts. Never throws.
 */
export function breachPlace(object: unknown, path: string): DocumentPath {
  const parts = path.split('/').filter((part) => part !== '');
  const place: (string | number)[] = [];
  let value = object;
  for (let at = 0; at < parts.length; ) {
    const step = Array.isArray(value) ? indexIn(value, parts[at] ?? '') : memberIn(value, parts, at);
    if (step === undefined) break;
    place.push(step.key);
    ({ value } = step);
    at += step.parts;
  }
  return place;
}

interface Step {
  readonly key: string | number;
  readonly value: unknown;
  /** How many parts of the path it takes. */
  readonly parts: number;
}

function indexIn(list: readonly unknown[], part: string): Step | undefined {
  const index = /^\d{1,9}$/.test(part) ? Number(part) : list.length;
  return index < list.length ? { key: index, value: list[index], parts: 1 } : undefined;
}

function memberIn(value: unknown, parts: readonly string[], from: number): Step | undefined {
  const object = asObject(value);
  if (object === undefined) return undefined;
  for (let to = from + 1; to <= parts.length; to += 1) {
    const key = parts.slice(from, to).join('/');
    if (Object.hasOwn(object, key)) return { key, value: object[key], parts: to - from };
  }
  return undefined;
}
