// SPDX-License-Identifier: Apache-2.0
// The same expression in both engines, each result as one text that tells types apart. Messages of errors are not compared.
import type { CelFunc } from '@bufbuild/cel';
import { celUint, isCelError, isCelList, isCelMap, isCelType, isCelUint, run } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { CelEnvironment } from '../../src/policy/cel/environment.ts';
import { coreLibraries, extensionLibraries } from '../../src/policy/cel/libraries.ts';
import { compileCel } from '../../src/policy/cel/program.ts';
import type { CelType } from '../../src/policy/cel/types.ts';
import { boolType, doubleType, intType, listOf, mapOf, stringType, uintType } from '../../src/policy/cel/types.ts';
import type { CelValue } from '../../src/policy/cel/values.ts';
import { CelDouble, CelDuration, CelError, CelTimestamp, CelUint } from '../../src/policy/cel/values.ts';
import { printValue } from '../conformance/cel/values.ts';
import { corrections } from './cel-corrections.ts';

const types: Readonly<Record<string, CelType>> = {
  x: intType,
  y: intType,
  u: uintType,
  d: doubleType,
  s: stringType,
  t: stringType,
  b: boolType,
  l: listOf(intType),
  ls: listOf(stringType),
  m: mapOf(stringType, intType),
};

interface Activation {
  readonly ours: Readonly<Record<string, CelValue>>;
  readonly theirs: Parameters<typeof run>[1];
}

function activation(values: {
  readonly ints: readonly [number, number];
  readonly double: number;
  readonly texts: readonly [string, string];
  readonly list: readonly number[];
  readonly words: readonly string[];
  readonly map: Readonly<Record<string, number>>;
}): Activation {
  const { ints, double, texts, list, words, map } = values;
  const shared = { s: texts[0], t: texts[1], b: ints[0] > 0 };
  return {
    ours: {
      ...shared,
      x: ints[0],
      y: ints[1],
      u: new CelUint(BigInt(Math.abs(ints[0]))),
      d: new CelDouble(double),
      l: list,
      ls: words,
      m: map,
    },
    theirs: {
      ...shared,
      x: BigInt(ints[0]),
      y: BigInt(ints[1]),
      u: celUint(BigInt(Math.abs(ints[0]))),
      d: double,
      l: list.map(BigInt),
      ls: [...words],
      m: new Map(Object.entries(map).map(([key, value]) => [key, BigInt(value)])),
    },
  };
}

export const activations: readonly Activation[] = [
  activation({
    ints: [3, -2],
    double: 1.5,
    texts: ['abc', 'b'],
    list: [1, 2, 3],
    words: ['a', 'b'],
    map: { a: 1, b: 5 },
  }),
  activation({ ints: [0, 7], double: -0.25, texts: ['', '12'], list: [], words: [], map: {} }),
  activation({
    ints: [-9007199254740991, 2],
    double: 1e300,
    texts: ['Héllo 😀', 'l'],
    list: [5, 5],
    words: ['x,y', ''],
    map: { 'c d': 9 },
  }),
];

const environment = new CelEnvironment({
  libraries: [...coreLibraries, ...extensionLibraries],
  variables: Object.entries(types).map(([name, type]) => ({ name, type })),
});

export const error = 'error';

const corrected: readonly CelFunc[] = corrections.flatMap(({ functions: list }) => list);
const replaced = new Set(corrected.map(({ id }) => id));
const functions = [...strings.filter(({ id }) => !replaced.has(id)), ...corrected];

/** Our result; `does not compile: …` when the checker refuses what was meant to be well typed. */
export function ours(text: string, { ours: bindings }: Activation): string {
  const compiled = compileCel(text, environment);
  if (compiled.kind === 'fault') return `does not compile: ${compiled.faults[0]?.message ?? ''}`;
  const { value } = compiled.program.evaluate(bindings);
  return value instanceof CelError ? error : printValue(value);
}

export function theirs(text: string, { theirs: bindings }: Activation): string {
  const value = run(text, bindings, { funcs: functions });
  return isCelError(value) ? error : printTheirs(value);
}

function printTheirs(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return `int:${value}`;
  if (typeof value === 'number') return `double:${Object.is(value, -0) ? '-0' : value}`;
  if (typeof value === 'string') return `string:${JSON.stringify(value)}`;
  if (typeof value === 'boolean') return `bool:${value}`;
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('hex')}`;
  if (isCelUint(value)) return `uint:${value.value}`;
  if (isCelType(value)) return `type:${value.name}`;
  if (isCelList(value)) return `[${[...value].map(printTheirs).join(', ')}]`;
  if (isCelMap(value)) return printMap([...value.entries()]);
  return printMessage(value);
}

function printMap(entries: readonly (readonly [unknown, unknown])[]): string {
  return `{${entries
    .map(([key, item]) => `${printTheirs(key)}: ${printTheirs(item)}`)
    .sort()
    .join(', ')}}`;
}

/** Durations and timestamps are messages there. */
function printMessage(value: unknown): string {
  const { desc, message } = value as {
    readonly desc?: { readonly typeName: string };
    readonly message?: { readonly seconds: bigint; readonly nanos: number };
  };
  const nanoseconds = (message?.seconds ?? 0n) * 1_000_000_000n + BigInt(message?.nanos ?? 0);
  if (desc?.typeName === 'google.protobuf.Duration') return printValue(new CelDuration(nanoseconds));
  if (desc?.typeName === 'google.protobuf.Timestamp')
    return isTimestamp(nanoseconds)
      ? printValue(new CelTimestamp(nanoseconds))
      : `timestamp beyond its range:${nanoseconds}`;
  return desc?.typeName ?? typeof value;
}

/** From year 1 to 9999. */
function isTimestamp(nanoseconds: bigint): boolean {
  return nanoseconds >= -62_135_596_800_000_000_000n && nanoseconds < 253_402_300_800_000_000_000n;
}
