// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noData } from '../data-provider.ts';
import { Observation } from './observation.ts';
import type { ReadPaths } from './read-paths.ts';
import { Reading } from './read-paths.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What somebody does with a value: goes down by names and positions, and then looks in one of several ways. */
interface Step {
  readonly path: readonly (string | number)[];
  readonly look: 'value' | 'has' | 'names' | 'length' | 'spread' | 'all' | 'descriptor' | 'text';
}

const names = ['a', 'b', 'constructor', '__proto__', 'length'];
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false, 0, -0, 1, 'x', ''),
    fc.array(tie('value'), { maxLength: 2 }),
    fc
      .dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 })
      .map((value) => JSON.parse(JSON.stringify(value)) as Json),
  ),
})).value;
const steps = fc.array(
  fc.record({
    path: fc.array(fc.oneof(fc.constantFrom<string | number>(...names), fc.constantFrom<string | number>(0, 1)), {
      maxLength: 3,
    }),
    look: fc.constantFrom<Step['look']>('value', 'has', 'names', 'length', 'spread', 'all', 'descriptor', 'text'),
  }),
  { maxLength: 6 },
);

/** Stops at the first step that finds something odd: what is read hangs on what was read before. */
function perform(value: unknown, program: readonly Step[]): string {
  const seen: unknown[] = [];
  for (const { path, look } of program) {
    let at: unknown = value;
    for (const name of path) {
      if (typeof at !== 'object' || at === null) break;
      at = (at as Readonly<Record<string | number, unknown>>)[name];
    }
    seen.push(Array.isArray(at) ? 'list' : at === null ? 'null' : typeof at);
    if (typeof at !== 'object' || at === null) {
      seen.push(typeof at === 'function' ? at.name : Object.is(at, -0) ? '-0' : at);
      if (at === 'x') break;
      continue;
    }
    const object = at as Readonly<Record<string, unknown>>;
    switch (look) {
      case 'has':
        seen.push('a' in object, Object.hasOwn(object, 'constructor'), 'constructor' in object);
        break;
      case 'names':
        seen.push(Object.keys(object));
        break;
      case 'length':
        seen.push(object['length'] === undefined ? 'none' : typeof object['length']);
        break;
      case 'spread':
        seen.push(JSON.stringify({ ...object }));
        break;
      case 'all':
        seen.push(Object.entries(object).map(([name, member]) => [name, typeof member]));
        break;
      case 'descriptor':
        seen.push(typeof Object.getOwnPropertyDescriptor(object, 'b')?.enumerable);
        break;
      case 'text':
        seen.push(JSON.stringify(object));
        break;
      default:
        break;
    }
  }
  return JSON.stringify(seen);
}

/** Two values that are the same but for one place. */
const alike: fc.Arbitrary<readonly [Json, Json]> = fc
  .tuple(
    json,
    json,
    fc.array(fc.oneof(fc.constantFrom<string | number>('a', 'b'), fc.constantFrom<string | number>(0, 1)), {
      maxLength: 3,
    }),
  )
  .map(([value, other, path]) => [value, changed(value, path, other)]);

function changed(value: Json, [name, ...rest]: readonly (string | number)[], other: Json): Json {
  if (name === undefined || typeof value !== 'object' || value === null) return other;
  if (Array.isArray(value))
    return value.map((item: Json, index) => (index === name ? changed(item, rest, other) : item));
  const members = value as Readonly<Record<string, Json>>;
  return { ...members, [name]: changed(members[name] ?? null, rest, other) };
}

function watchedPaths(value: Json, program: readonly Step[]): { readonly paths: ReadPaths; readonly seen: string } {
  const request = { operation: 'CREATE', kind: {}, resource: {}, object: value } as never;
  const observation = new Observation(request, {
    cluster: { objects: () => [], namespace: () => undefined },
    provider: noData,
  });
  const seen = perform((observation.request as { readonly object?: unknown }).object, program);
  return { paths: observation.paths, seen };
}

function read(paths: ReadPaths, value: Json): Reading {
  const reading = new Reading(10_000);
  reading.read(paths, { request: { object: value } });
  return reading;
}

function isSame(paths: ReadPaths, one: Json, other: Json): boolean {
  const [first, second] = [read(paths, one), read(paths, other)];
  const same = first.isEqual(second.values.slice(0, second.length));
  if (same) expect(first.hash).toBe(second.hash);
  return same;
}

describe('what is read', () => {
  test('a value that is watched looks like any other', () => {
    fc.assert(
      fc.property(json, steps, (value, program) => {
        expect(watchedPaths(value, program).seen).toBe(perform(value, program));
      }),
      { numRuns: 1_000 },
    );
  });

  test('whoever reads the same in two values comes to the same end', () => {
    let alike = 0;
    fc.assert(
      fc.property(json, json, steps, (one, other, program) => {
        const { paths } = watchedPaths(one, program);
        if (!isSame(paths, one, other)) return;
        alike += 1;
        expect(perform(other, program)).toBe(perform(one, program));
      }),
      { numRuns: 5_000 },
    );
    expect(alike).toBeGreaterThan(100);
  });

  test('so does whoever reads the same in two that differ in one place', () => {
    let same = 0;
    fc.assert(
      fc.property(alike, steps, ([one, other], program) => {
        const { paths } = watchedPaths(one, program);
        if (!isSame(paths, one, other)) return;
        same += 1;
        expect(perform(other, program)).toBe(perform(one, program));
      }),
      { numRuns: 5_000 },
    );
    expect(same).toBeGreaterThan(1_000);
  });

  test('the same holds for what several read together', () => {
    fc.assert(
      fc.property(json, json, json, fc.tuple(steps, steps), (one, other, third, [first, second]) => {
        const { paths } = watchedPaths(one, first);
        paths.add(watchedPaths(third, second).paths);
        if (!isSame(paths, one, other)) return;
        expect(perform(other, first)).toBe(perform(one, first));
      }),
      { numRuns: 3_000 },
    );
  });

  test('adding what is there already is nothing new', () => {
    fc.assert(
      fc.property(json, steps, json, steps, (one, first, other, second) => {
        const { paths } = watchedPaths(one, first);
        const more = watchedPaths(other, second).paths;
        paths.add(more);
        const { size } = paths;

        expect(paths.add(more)).toBe(false);
        expect(paths.size).toBe(size);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a member that is looked for and not there, and one that is there and not looked at, are told apart', () => {
    const has: readonly Step[] = [{ path: [], look: 'has' }];
    const { paths } = watchedPaths({ b: 1 }, has);

    expect(isSame(paths, { b: 1 }, { b: 2, c: 3 })).toBe(true);
    expect(isSame(paths, { b: 1 }, { a: 1 })).toBe(false);
    expect(isSame(paths, { a: 1 }, { a: 2 })).toBe(true);
  });

  test('a member with the name of something that all objects have was taken for it', () => {
    const { paths } = watchedPaths({}, [{ path: ['constructor'], look: 'value' }]);

    expect(isSame(paths, {}, JSON.parse('{"constructor": 1}') as Json)).toBe(false);
    expect(isSame(paths, {}, JSON.parse('{"__proto__": {"constructor": 1}}') as Json)).toBe(true);
  });

  test('what was read of a member after the names beside it were listed was forgotten', () => {
    const { paths } = watchedPaths({ a: { b: 1 } }, [
      { path: ['a'], look: 'value' },
      { path: [], look: 'names' },
      { path: ['a', 'b'], look: 'value' },
    ]);

    expect(isSame(paths, { a: { b: 1 } }, { a: { b: 2 } })).toBe(false);
  });

  test('more values than are compared are no reading at all', () => {
    const reading = new Reading(5);
    const { paths } = watchedPaths(['x', 'y', 'z', 'x', 'y'], [{ path: [], look: 'text' }]);

    expect(reading.read(paths, { request: { object: ['x', 'y', 'z', 'x', 'y'] } })).toBe(false);
    expect(reading.read(paths, { request: { object: [] } })).toBe(true);
  });
});
