// SPDX-License-Identifier: Apache-2.0
// What somebody was told, kept so that the same answer is known again, without keeping the answer itself: attestations and lists of a cluster are large, and whoever
// has them at hand forgets them when their time is over.
import type { Lookup } from '../data-provider.ts';

/** By identity: nobody changes an object that he has given away, so what is new is another object. Objects that were told have a mark, other values stand for themselves. */
export interface ToldAnswer {
  /** Undefined: the answer is the value itself. */
  readonly kind: Lookup<unknown>['kind'] | undefined;
  readonly value: unknown;
  /** Of a list, which may be made anew for each question. */
  readonly items: readonly unknown[] | undefined;
}

const marks = new WeakMap<object, object>();
const unmarked = Symbol('unmarked');

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function makeMark(value: unknown): unknown {
  if (!isObject(value)) return value;
  let mark = marks.get(value);
  if (mark === undefined) marks.set(value, (mark = Object.freeze({})));
  return mark;
}

function markOf(value: unknown): unknown {
  return isObject(value) ? (marks.get(value) ?? unmarked) : value;
}

export function toldAnswer(answer: unknown): ToldAnswer {
  const value = valueOf(answer);
  return {
    kind: isLookup(answer) ? answer.kind : undefined,
    value: makeMark(value),
    items: Array.isArray(value) ? value.map(makeMark) : undefined,
  };
}

/** Whether the very same is told again. What is pending or failed is never the same: the next look may find more. */
export function isToldAgain(answer: unknown, told: ToldAnswer): boolean {
  const kind = isLookup(answer) ? answer.kind : undefined;
  if (kind !== told.kind || kind === 'pending' || kind === 'failed') return false;
  const value = valueOf(answer);
  if (markOf(value) === told.value) return true;
  const { items } = told;
  if (items === undefined || !Array.isArray(value) || value.length !== items.length) return false;
  return value.every((item, index) => markOf(item) === items[index]);
}

function valueOf(answer: unknown): unknown {
  if (!isLookup(answer)) return answer;
  return answer.kind === 'found' ? answer.value : undefined;
}

const kinds: readonly unknown[] = [
  'found',
  'absent',
  'unavailable',
  'failed',
  'pending',
] satisfies readonly Lookup<unknown>['kind'][];

export function isLookup(answer: unknown): answer is Lookup<unknown> {
  return isObject(answer) && 'kind' in answer && kinds.includes(answer.kind);
}
