// SPDX-License-Identifier: Apache-2.0
// Functions on lists and dictionaries, as Sprig has them. `set`, `unset` and `merge` change what they are given, as in Helm.
import type { Dictionary } from '../value.ts';
import {
  compareTexts,
  deepCopy,
  HelmRefusal,
  isDeepEqual,
  isDictionary,
  isTrue,
  put,
  sizeOf,
  typeOf,
} from '../value.ts';
import type { FunctionPlace, Functions } from './arguments.ts';
import { dictionary, int, list, text, textOf, textsOf, wholeOf } from './arguments.ts';

/** mergo.Merge: empty values of the first are filled by those of the second; with `overwrite` the second wins. */
function merge(target: Dictionary, source: Dictionary, rule: 'fill' | 'overwrite', depth = 0): void {
  if (depth > 100) throw new HelmRefusal('too deep to merge');
  for (const [key, value] of Object.entries(source)) {
    if (rule === 'fill' && (value === undefined || value === null)) continue;
    const own = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isDictionary(value) && isDictionary(own)) merge(own, value, rule, depth + 1);
    else if (!isTrue(own) || rule === 'overwrite') put(target, key, value);
  }
}

function merged(values: readonly unknown[], rule: 'fill' | 'overwrite', place: FunctionPlace): Dictionary {
  const [target, ...sources] = values.map(dictionary);
  if (target === undefined) throw new HelmRefusal('wrong number of args for merge');
  for (const source of sources) {
    place.step(sizeOf(source));
    merge(target, source, rule);
  }
  return target;
}

function has(needle: unknown, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return list(value, 'find has').some((item) => isDeepEqual(needle, item));
}

function sliced(value: unknown, indices: readonly unknown[]): unknown {
  const items = list(value, 'slice');
  if (items.length === 0) return null;
  const from = Number(wholeOf(indices[0] ?? 0n));
  const to = indices.length < 2 ? items.length : Number(wholeOf(indices[1]));
  if (from < 0 || to > items.length || from > to)
    throw new HelmRefusal('reflect.Value.Slice: slice index out of bounds');
  return items.slice(from, to);
}

function chunks(size: number, items: readonly unknown[]): readonly unknown[] {
  if (size <= 0) throw new HelmRefusal('integer divide by zero');
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function dig(values: readonly unknown[]): unknown {
  if (values.length < 3) throw new HelmRefusal('dig needs at least three arguments');
  let found: unknown = values.at(-1);
  for (const key of values.slice(0, -2)) {
    if (!isDictionary(found))
      throw new HelmRefusal(`interface conversion: interface {} is ${typeOf(found)}, not map[string]interface {}`);
    const name = text(key);
    if (!Object.hasOwn(found, name)) return values.at(-2);
    found = found[name];
  }
  return found;
}

function unique(items: readonly unknown[], place: FunctionPlace): readonly unknown[] {
  const found: unknown[] = [];
  for (const item of items) {
    place.step(1 + found.length / 10);
    if (!found.some((other) => isDeepEqual(other, item))) found.push(item);
  }
  return found;
}

const without = ([value, ...omitted]: readonly unknown[]): unknown =>
  list(value, 'find without').filter((item) => !omitted.some((other) => isDeepEqual(other, item)));
const append = ([value, item]: readonly unknown[]): unknown => [...list(value, 'push'), item];
const prepend = ([value, item]: readonly unknown[]): unknown => [item, ...list(value, 'prepend')];
const first = ([value]: readonly unknown[]): unknown => list(value, 'find first')[0];
const last = ([value]: readonly unknown[]): unknown => list(value, 'find last').at(-1);
const rest = ([value]: readonly unknown[]): unknown => {
  const items = list(value, 'find rest');
  return items.slice(1);
};
const initial = ([value]: readonly unknown[]): unknown => {
  const items = list(value, 'find initial');
  return items.slice(0, -1);
};
const reverse = ([value]: readonly unknown[]): unknown => [...list(value, 'find reverse')].reverse();
const compact = ([value]: readonly unknown[]): unknown => list(value, 'compact').filter(isTrue);
const uniq = ([value]: readonly unknown[], place: FunctionPlace): unknown => unique(list(value, 'find uniq'), place);
const chunk = ([size, value]: readonly unknown[]): unknown => chunks(int(size), list(value, 'chunk'));

function copied([value]: readonly unknown[], place: FunctionPlace): unknown {
  place.step(sizeOf(value));
  return deepCopy(value);
}

function dict(values: readonly unknown[]): Dictionary {
  const made: Dictionary = {};
  for (let at = 0; at < values.length; at += 2)
    put(made, textOf(values[at]), at + 1 < values.length ? values[at + 1] : '');
  return made;
}

function picked(
  values: readonly unknown[],
  isWanted: (key: string, names: ReadonlySet<string>) => boolean,
): Dictionary {
  const names = new Set(values.slice(1).map(text));
  return Object.fromEntries(Object.entries(dictionary(values[0])).filter(([key]) => isWanted(key, names)));
}

export const collectionFunctions: Functions = {
  list: (values) => [...values],
  tuple: (values) => [...values],
  dict,
  get: ([object, key]) => {
    const [found, name] = [dictionary(object), text(key)];
    return Object.hasOwn(found, name) ? found[name] : '';
  },
  set: ([object, key, value]) => {
    const found = dictionary(object);
    put(found, text(key), value);
    return found;
  },
  unset: ([object, key]) => {
    const found = dictionary(object);
    delete found[text(key)];
    return found;
  },
  hasKey: ([object, key]) => Object.hasOwn(dictionary(object), text(key)),
  pluck: ([key, ...objects]) =>
    objects.map(dictionary).flatMap((object) => (Object.hasOwn(object, text(key)) ? [object[text(key)]] : [])),
  // Go gives keys and values in no order; charts sort them.
  keys: (objects) => objects.map(dictionary).flatMap((object) => Object.keys(object)),
  values: ([object]) => Object.values(dictionary(object)),
  pick: (values) => picked(values, (key, names) => names.has(key)),
  omit: (values) => picked(values, (key, names) => !names.has(key)),
  merge: (values, place) => merged(values, 'fill', place),
  mustMerge: (values, place) => merged(values, 'fill', place),
  mergeOverwrite: (values, place) => merged(values, 'overwrite', place),
  mustMergeOverwrite: (values, place) => merged(values, 'overwrite', place),
  deepCopy: copied,
  mustDeepCopy: copied,
  dig,
  append,
  push: append,
  mustAppend: append,
  mustPush: append,
  prepend,
  mustPrepend: prepend,
  first,
  mustFirst: first,
  last,
  mustLast: last,
  rest,
  mustRest: rest,
  initial,
  mustInitial: initial,
  reverse,
  mustReverse: reverse,
  compact,
  mustCompact: compact,
  uniq,
  mustUniq: uniq,
  without,
  mustWithout: without,
  has: ([needle, value]) => has(needle, value),
  mustHas: ([needle, value]) => has(needle, value),
  slice: ([value, ...indices]) => sliced(value, indices),
  mustSlice: ([value, ...indices]) => sliced(value, indices),
  concat: (values) =>
    list(
      values.flatMap((value) => list(value, 'concat')),
      'concat',
    ),
  chunk,
  mustChunk: chunk,
  sortAlpha: ([value]) => (Array.isArray(value) ? [...textsOf(value)].sort(compareTexts) : [textOf(value)]),
};
