// SPDX-License-Identifier: Apache-2.0
// Closures for all, exists, existsOne, map, filter and the transforms. Costs are those of the folds that the reference implementation makes of them
// (cel-go parser/macro.go and interpreter/runtimecost.go), so that a limit is reached by the same expressions.

import type { Quantifier } from './ast.ts';
import { isConstant } from './ast.ts';
import { entriesOfMap, isMap, keysOfMap, sizeOfMap } from './equality.ts';
import type { Evaluate, Frame } from './frame.ts';
import type { Planning } from './planning.ts';
import type { CelValue } from './values.ts';
import { CelError, CelMap, typeNameOf } from './values.ts';

interface Parts {
  readonly quantifier: Quantifier;
  readonly range: Evaluate;
  readonly condition: Evaluate | undefined;
  readonly result: Evaluate | undefined;
  readonly first: number;
  /** Slot of the second variable; -1 without one. */
  readonly second: number;
  /** What the fold still spends when it stops before the last element. */
  readonly exitCost?: number;
}

export function planQuantifier(quantifier: Quantifier, planner: Planning): Evaluate {
  const range = planner.plan(quantifier.range);
  const names = quantifier.second === undefined ? [quantifier.variable] : [quantifier.variable, quantifier.second];
  return planner.withLocals(names, ([first = 0, second = -1]) => {
    const condition = quantifier.condition === undefined ? undefined : planner.plan(quantifier.condition);
    const result = quantifier.result === undefined ? undefined : planner.plan(quantifier.result);
    return planners[quantifier.form]({ quantifier, range, condition, result, first, second });
  });
}

const planners: Readonly<Record<Quantifier['form'], (parts: Parts) => Evaluate>> = {
  all: (parts) => planDecision(parts, { decisive: false, stepCost: 3 }),
  exists: (parts) => planDecision(parts, { decisive: true, stepCost: 4 }),
  existsOne: planExistsOne,
  filter: planFilter,
  map: planMap,
  transformList: planMap,
  transformMap: planTransformMap,
  transformMapEntry: planTransformMapEntry,
};

/** Calls `step` for each element with the variables set, until it gives something. Gives the error of a range that is none. */
function walk(parts: Parts, frame: Frame, step: (first: CelValue) => CelValue | undefined): CelValue | undefined {
  return walkOver(parts.range(frame), { parts, frame }, step);
}

function walkOver(
  value: CelValue,
  { parts, frame }: { readonly parts: Parts; readonly frame: Frame },
  step: (first: CelValue) => CelValue | undefined,
): CelValue | undefined {
  const { first, second, quantifier } = parts;
  const { slots } = frame;
  if (Array.isArray(value)) {
    const items = value as readonly CelValue[];
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index] ?? null;
      slots[first] = second < 0 ? item : index;
      if (second >= 0) slots[second] = item;
      const stopped = step(second < 0 ? item : index);
      if (stopped !== undefined) {
        if (index + 1 < items.length) frame.cost += parts.exitCost ?? 0;
        return stopped;
      }
      if (frame.cost > frame.costLimit) frame.check();
    }
    return undefined;
  }
  if (value instanceof CelError) return value;
  if (!isMap(value)) return new CelError(`no such overload: ${typeNameOf(value)} as a range`, quantifier.range.start);
  let left = sizeOfMap(value);
  const counted = (key: CelValue): CelValue | undefined => {
    const stopped = step(key);
    left -= 1;
    if (stopped !== undefined && left > 0) frame.cost += parts.exitCost ?? 0;
    return stopped;
  };
  return second < 0
    ? walkKeys(keysOfMap(value), { first, frame }, counted)
    : walkEntries(entriesOfMap(value), { first, second, frame }, counted);
}

function walkKeys(
  keys: readonly CelValue[],
  { first, frame }: { readonly first: number; readonly frame: Frame },
  step: (first: CelValue) => CelValue | undefined,
): CelValue | undefined {
  for (const key of keys) {
    frame.slots[first] = key;
    const stopped = step(key);
    if (stopped !== undefined) return stopped;
    if (frame.cost > frame.costLimit) frame.check();
  }
  return undefined;
}

function walkEntries(
  entries: Iterable<readonly [CelValue, CelValue]>,
  { first, second, frame }: { readonly first: number; readonly second: number; readonly frame: Frame },
  step: (first: CelValue) => CelValue | undefined,
): CelValue | undefined {
  for (const [key, value] of entries) {
    frame.slots[first] = key;
    frame.slots[second] = value;
    const stopped = step(key);
    if (stopped !== undefined) return stopped;
    if (frame.cost > frame.costLimit) frame.check();
  }
  return undefined;
}

function noBoolean(value: CelValue, { quantifier }: Parts): CelError {
  if (value instanceof CelError) return value;
  return new CelError(`no such overload: ${quantifier.form}() on ${typeNameOf(value)}`, quantifier.condition?.start);
}

/** all and exists: an error counts only when no element decides. */
function planDecision(
  parts: Parts,
  { decisive, stepCost }: { readonly decisive: boolean; readonly stepCost: number },
): Evaluate {
  const { condition } = parts;
  if (condition === undefined) return () => !decisive;
  const fold: Parts = { ...parts, exitCost: stepCost - 1 };
  const { range, first, second } = parts;
  // Most ranges are lists: those are gone through without anything between the loop and the condition.
  const decideList = (items: readonly CelValue[], frame: Frame): CelValue => {
    const { slots } = frame;
    let error: CelError | undefined;
    for (let index = 0; index < items.length; index += 1) {
      slots[first] = items[index] ?? null;
      frame.cost += stepCost;
      const value = condition(frame);
      if (value === decisive) {
        frame.cost += index + 1 < items.length ? stepCost : 1;
        return decisive;
      }
      if (typeof value !== 'boolean') error ??= noBoolean(value, parts);
      if (frame.cost > frame.costLimit) frame.check();
    }
    frame.cost += 1;
    return error ?? !decisive;
  };
  return (frame) => {
    const items = range(frame);
    if (second < 0 && Array.isArray(items)) return decideList(items as readonly CelValue[], frame);
    let error: CelError | undefined;
    const stopped = walkOver(items, { parts: fold, frame }, () => {
      frame.cost += stepCost;
      const value = condition(frame);
      if (value === decisive) return decisive;
      if (typeof value !== 'boolean') error ??= noBoolean(value, parts);
      return undefined;
    });
    frame.cost += 1;
    return stopped ?? error ?? !decisive;
  };
}

function planExistsOne(parts: Parts): Evaluate {
  const { condition } = parts;
  if (condition === undefined) return () => false;
  return (frame) => {
    let count = 0;
    const stopped = walk(parts, frame, () => {
      const value = condition(frame);
      if (typeof value !== 'boolean') return noBoolean(value, parts);
      if (value) {
        count += 1;
        frame.cost += 2;
      }
      return undefined;
    });
    frame.cost += 2;
    return stopped ?? count === 1;
  };
}

function planFilter(parts: Parts): Evaluate {
  const { condition } = parts;
  if (condition === undefined) return parts.range;
  return (frame) => {
    const kept: CelValue[] = [];
    frame.cost += 1;
    const stopped = walk(parts, frame, (item) => {
      const value = condition(frame);
      if (typeof value !== 'boolean') return noBoolean(value, parts);
      if (value) {
        frame.cost += 13;
        kept.push(item);
      }
      return undefined;
    });
    return stopped ?? kept;
  };
}

/** Whether an element passes the optional condition; an error otherwise. */
function passes(parts: Parts, frame: Frame): boolean | CelError {
  if (parts.condition === undefined) return true;
  const value = parts.condition(frame);
  return typeof value === 'boolean' ? value : noBoolean(value, parts);
}

function planMap(parts: Parts): Evaluate {
  const { result } = parts;
  if (result === undefined) return parts.range;
  // The fold adds a list of one element, which costs ten unless it is constant.
  const written = parts.quantifier.result;
  const additionCost = written !== undefined && isConstant(written) ? 2 : 12;
  return (frame) => {
    const list: CelValue[] = [];
    frame.cost += 1;
    const stopped = walk(parts, frame, () => {
      const isWanted = passes(parts, frame);
      if (isWanted instanceof CelError) return isWanted;
      if (!isWanted) return undefined;
      const value = result(frame);
      frame.cost += additionCost;
      if (value instanceof CelError) return value;
      list.push(value);
      return undefined;
    });
    return stopped ?? list;
  };
}

function planTransformMap(parts: Parts): Evaluate {
  const { result, quantifier } = parts;
  if (result === undefined) return parts.range;
  return (frame) => {
    const map = new CelMap();
    frame.cost += 1;
    const stopped = walk(parts, frame, (key) => {
      const isWanted = passes(parts, frame);
      if (isWanted instanceof CelError) return isWanted;
      if (!isWanted) return undefined;
      const value = result(frame);
      frame.cost += 3;
      if (value instanceof CelError) return value;
      return map.add(key, value) ? undefined : new CelError('insert failed: key already exists', quantifier.start);
    });
    return stopped ?? map;
  };
}

function planTransformMapEntry(parts: Parts): Evaluate {
  const { result, quantifier } = parts;
  if (result === undefined) return parts.range;
  return (frame) => {
    const map = new CelMap();
    frame.cost += 1;
    const stopped = walk(parts, frame, () => {
      const isWanted = passes(parts, frame);
      if (isWanted instanceof CelError) return isWanted;
      if (!isWanted) return undefined;
      const value = result(frame);
      frame.cost += 3;
      if (value instanceof CelError) return value;
      return insertAll(map, value, quantifier.start);
    });
    return stopped ?? map;
  };
}

function insertAll(map: CelMap, value: CelValue, start: number): CelError | undefined {
  if (!isMap(value)) return new CelError(`no such overload: entries of ${typeNameOf(value)}`, start);
  for (const [key, item] of entriesOfMap(value)) {
    if (!map.add(key, item)) return new CelError('insert failed: key already exists', start);
  }
  return undefined;
}
