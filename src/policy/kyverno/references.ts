// SPDX-License-Identifier: Apache-2.0
// References `$(./../path)` from one place of a pattern to another, replaced when the pattern is compiled
// (Kyverno pkg/engine/variables, substituteReferences). A mark of an operator may stand before the path: `$(<=./../limit)`.
import type { JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { bareKey } from './anchor.ts';
import { operatorOf } from './string-pattern.ts';

const form = /(^|[^\\])\$\((.[^ ]*?)\)/g;
const escaped = /\\(\$\(.[^ ]*?\))/g;

export type Resolved =
  | { readonly kind: 'resolved'; readonly value: unknown }
  | { readonly kind: 'invalid'; readonly message: string };

/** The document with its references replaced by what they lead to. */
export function resolveReferences(document: unknown): Resolved {
  const faults: string[] = [];
  const value = resolveIn(document, { document, path: [], faults });
  const [message] = faults;
  return message === undefined ? { kind: 'resolved', value } : { kind: 'invalid', message };
}

interface Place {
  readonly document: unknown;
  readonly path: readonly string[];
  readonly faults: string[];
}

function resolveIn(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return value.includes('$(') ? resolveText(value, place) : value;
  const below = (key: string): Place => ({ ...place, path: [...place.path, key] });
  if (Array.isArray(value)) return value.map((item, index) => resolveIn(item, below(String(index))));
  const object = asObject(value);
  if (object === undefined) return value;
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, resolveIn(item, below(bareKey(key)))]));
}

function resolveText(text: string, place: Place): unknown {
  const [whole] = text.matchAll(form);
  if (whole?.[0] === text) {
    const found = lookUp(whole[2] ?? '', place);
    // The value itself keeps its type only where the text is nothing but the reference.
    return found === undefined ? text : found;
  }
  return text
    .replaceAll(
      form,
      (_match, before: string, reference: string) => `${before}${printed(lookUp(reference, place), place)}`,
    )
    .replaceAll(escaped, '$1');
}

function printed(value: unknown, { faults }: Place): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  faults.push('a reference within a text must lead to a text or number');
  return '';
}

function lookUp(reference: string, place: Place): unknown {
  const operator = operatorOf(reference);
  const mark = operator === 'range' || operator === 'outside' ? '' : operator;
  const path = absolutePath(reference.slice(mark.length), place.path);
  const value = valueAt(place.document, path);
  if (value === undefined || value === null) {
    place.faults.push(`the reference $(${reference}) leads to nothing`);
    return undefined;
  }
  return mark === '' ? value : `${mark}${printed(value, place)}`;
}

function absolutePath(path: string, from: readonly string[]): readonly string[] {
  const parts = path.startsWith('/') ? [] : [...from];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

/** Keys are found with and without anchors around them. */
function valueAt(document: unknown, path: readonly string[]): unknown {
  let at: unknown = document;
  for (const part of path) {
    if (Array.isArray(at)) at = at[Number(part)];
    else {
      const object: JsonObject = asObject(at) ?? {};
      const key = Object.keys(object).find((candidate) => bareKey(candidate) === part);
      at = key === undefined ? undefined : object[key];
    }
  }
  return at;
}
