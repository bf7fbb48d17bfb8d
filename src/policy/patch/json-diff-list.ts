// SPDX-License-Identifier: Apache-2.0
// The cheapest way found from one list to another. Elements are aligned by dynamic programming over what each step costs as text; what is removed in one
// place and added in another becomes a move. Long lists are aligned by equal elements only, so that the work stays bounded.

import { equalJson, isJsonObject } from './json-members.ts';
import type { JsonPatchOperation } from './json-patch.ts';

export interface ListDiffer {
  readonly diff: (before: unknown, after: unknown, path: string) => readonly JsonPatchOperation[];
  readonly cost: (operations: readonly JsonPatchOperation[]) => number;
  /** Whether so many elements may still be compared by what turning one into the other would cost. */
  readonly spend: (comparisons: number) => boolean;
}

interface Lists {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
  readonly path: string;
}

/** More cells than this are not filled: the middle of both lists is then replaced element by element. */
const mostCells = 250_000;
/** Where an element of the new list comes from: an index of the old list, or nowhere. */
type Origin = number | 'new';

export function diffLists(lists: Lists, differ: ListDiffer): readonly JsonPatchOperation[] {
  const origins = withMoves(align(lists, differ), lists);
  const operations = placements(origins, lists);
  for (const [index, origin] of origins.entries())
    if (origin !== 'new')
      operations.push(...differ.diff(lists.before[origin], lists.after[index], `${lists.path}/${index}`));
  return operations;
}

/** For each new element the old one it is made from; old ones come up in order. */
function align({ before, after, path }: Lists, differ: ListDiffer): Origin[] {
  let head = 0;
  while (head < before.length && head < after.length && equalJson(before[head], after[head])) head += 1;
  let tail = 0;
  while (
    tail < Math.min(before.length, after.length) - head &&
    equalJson(before[before.length - 1 - tail], after[after.length - 1 - tail])
  )
    tail += 1;
  const middle = alignMiddle(
    { before: before.slice(head, before.length - tail), after: after.slice(head, after.length - tail), path },
    differ,
  );
  return after.map((_, index): Origin => {
    if (index < head) return index;
    if (index >= after.length - tail) return index - after.length + before.length;
    const origin = middle[index - head] ?? 'new';
    return origin === 'new' ? origin : origin + head;
  });
}

function alignMiddle({ before, after, path }: Lists, differ: ListDiffer): Origin[] {
  const [rows, columns] = [before.length, after.length];
  if (rows === 0 || columns === 0) return after.map(() => 'new');
  if (rows * columns > mostCells) return after.map((_, index) => (index < rows ? index : 'new'));
  const isPrecise = differ.spend(rows * columns);
  const removal = path.length + 30;
  const additions = after.map((value) => differ.cost([{ op: 'add', path: `${path}/0`, value }]));
  const change = (row: number, column: number): number => {
    if (equalJson(before[row], after[column])) return 0;
    if (!isPrecise || !mayBeTheSame(before[row], after[column])) return Number.POSITIVE_INFINITY;
    return differ.cost(differ.diff(before[row], after[column], `${path}/0`));
  };
  const width = columns + 1;
  const best = new Float64Array((rows + 1) * width);
  const steps = new Uint8Array((rows + 1) * width);
  for (let row = rows; row >= 0; row -= 1) {
    for (let column = columns; column >= 0; column -= 1) {
      if (row === rows && column === columns) continue;
      const at = row * width + column;
      let least = Number.POSITIVE_INFINITY;
      const take = (cost: number, step: number): void => {
        if (cost >= least) return;
        least = cost;
        steps[at] = step;
      };
      if (row < rows && column < columns) take((best[at + width + 1] ?? 0) + change(row, column), keepStep);
      if (row < rows) take((best[at + width] ?? 0) + removal, removeStep);
      if (column < columns) take((best[at + 1] ?? 0) + (additions[column] ?? 0), addStep);
      best[at] = least;
    }
  }
  return readAlignment({ steps, rows, columns });
}

const keepStep = 1;
const removeStep = 2;
const addStep = 3;

function readAlignment(table: {
  readonly steps: Uint8Array;
  readonly rows: number;
  readonly columns: number;
}): Origin[] {
  const { steps, rows, columns } = table;
  const origins: Origin[] = [];
  for (let row = 0, column = 0; row < rows || column < columns; ) {
    const step = steps[row * (columns + 1) + column];
    if (step === keepStep) origins.push(row);
    if (step === addStep) origins.push('new');
    if (step !== addStep) row += 1;
    if (step !== removeStep) column += 1;
  }
  return origins;
}

/** Elements with a name stay who they are: a patch that renames one into another is short and misleading. */
function mayBeTheSame(before: unknown, after: unknown): boolean {
  if (!isJsonObject(before) || !isJsonObject(after)) return true;
  return equalJson(before['name'], after['name']);
}

/** New elements that equal a removed one are moved from there. */
function withMoves(origins: readonly Origin[], { before, after }: Lists): readonly Origin[] {
  const used = new Set(origins);
  const removed = before.map((_, index) => index).filter((index) => !used.has(index));
  if (removed.length === 0 || removed.length * origins.length > mostCells) return origins;
  return origins.map((origin, index) => {
    if (origin !== 'new') return origin;
    const at = removed.findIndex((candidate) => equalJson(before[candidate], after[index]));
    return at === -1 ? origin : (removed.splice(at, 1)[0] ?? origin);
  });
}

/** Operations that remove, move and add, so that afterwards every element is where it belongs; changes inside of elements come later. */
function placements(origins: readonly Origin[], { before, after, path }: Lists): JsonPatchOperation[] {
  const operations: JsonPatchOperation[] = [];
  const used = new Set(origins);
  for (let index = before.length - 1; index >= 0; index -= 1)
    if (!used.has(index)) operations.push({ op: 'remove', path: `${path}/${index}` });
  // What the list holds by now: old indexes, and -1 - n for the new element n.
  const now: number[] = before.map((_, index) => index).filter((index) => used.has(index));
  const staying = longestRise(origins);
  let place = -1;
  for (const [index, origin] of origins.entries()) {
    if (origin !== 'new' && staying.has(origin)) {
      place = now.indexOf(origin, place + 1);
    } else if (origin === 'new') {
      place += 1;
      now.splice(place, 0, -1 - index);
      operations.push({ op: 'add', path: `${path}/${place}`, value: after[index] });
    } else {
      const from = now.indexOf(origin);
      now.splice(from, 1);
      if (from > place) place += 1;
      now.splice(place, 0, origin);
      if (from !== place) operations.push({ op: 'move', from: `${path}/${from}`, path: `${path}/${place}` });
    }
  }
  return operations;
}

/** The largest set of origins that are in order already and need not be moved. */
function longestRise(origins: readonly Origin[]): ReadonlySet<number> {
  const numbers = origins.filter((origin) => origin !== 'new');
  const previous: number[] = [];
  const ends: number[] = [];
  for (const [index, value] of numbers.entries()) {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low === 0 ? -1 : (ends[low - 1] ?? -1);
    ends[low] = index;
  }
  const staying = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) staying.add(numbers[at] ?? -1);
  return staying;
}
