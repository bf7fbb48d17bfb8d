// SPDX-License-Identifier: Apache-2.0
// Key and value of a condition as durations, when at least one of them is written as one; a number beside it counts as seconds
// (Kyverno pkg/engine/variables/operator, parseDuration).
import { parseGoDuration } from '../../../formats/go-duration.ts';

const second = 1_000_000_000n;

/** Nanoseconds of both; undefined when neither is a duration or one cannot be taken as such. */
export function durationsOf(key: unknown, value: unknown): readonly [bigint, bigint] | undefined {
  const left = written(key);
  const right = written(value);
  if (left === undefined && right === undefined) return undefined;
  const first = left ?? seconds(key);
  const last = right ?? seconds(value);
  return first === undefined || last === undefined ? undefined : [first, last];
}

/** `0` is a duration to Go, but not here. */
function written(value: unknown): bigint | undefined {
  return typeof value === 'string' && value !== '0' ? parseGoDuration(value) : undefined;
}

export function seconds(value: unknown): bigint | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.trunc(value)) * second : undefined;
}
