// SPDX-License-Identifier: Apache-2.0
// Objects made from an example: each differs from it in one place, so that two policies that agree on the example are also held against its neighbours.
import type { JsonObject } from '../../../src/formats/document.ts';
import { asObject } from '../../../src/formats/document.ts';

const mostOfOne = 60;
/** What makes an object another object, or no object at all. */
const kept: readonly string[] = [
  'apiVersion',
  'kind',
  'name',
  'metadata',
  'spec',
  'namespace',
  'template',
  'jobTemplate',
  'containers',
  'verbs',
];

/** Neighbours of an object: a member or element left out, a truth turned round, a number or text changed. */
export function neighboursOf(object: JsonObject): readonly JsonObject[] {
  const made: JsonObject[] = [];
  walk(object, [], (path, value) => {
    const last = path.at(-1);
    if (typeof last === 'string' && kept.includes(last)) return;
    for (const changed of changesOf(value)) made.push(asObject(withValue(object, path, changed)) ?? object);
  });
  const step = Math.max(1, Math.ceil(made.length / mostOfOne));
  return made.filter((_, index) => index % step === 0);
}

const leftOut: unique symbol = Symbol('left out');

function changesOf(value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value, leftOut];
  if (typeof value === 'number') return [value + 1, 0, leftOut];
  if (typeof value === 'string') return [`${value}-changed`, leftOut];
  return [leftOut];
}

function walk(
  value: unknown,
  path: readonly (string | number)[],
  visit: (path: readonly (string | number)[], value: unknown) => void,
): void {
  if (path.length > 0) visit(path, value);
  if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index], visit);
  else for (const [key, item] of Object.entries(asObject(value) ?? {})) walk(item, [...path, key], visit);
}

function withValue(value: unknown, [first, ...rest]: readonly (string | number)[], changed: unknown): unknown {
  if (first === undefined) return changed;
  if (Array.isArray(value))
    return value.flatMap((item, index): unknown[] => {
      if (index !== first) return [item];
      const replaced = withValue(item, rest, changed);
      return replaced === leftOut ? [] : [replaced];
    });
  const entries = Object.entries(asObject(value) ?? {}).map(([key, item]) => [
    key,
    key === first ? withValue(item, rest, changed) : item,
  ]);
  return Object.fromEntries(entries.filter(([, item]) => item !== leftOut));
}
