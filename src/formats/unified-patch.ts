// SPDX-License-Identifier: Apache-2.0
// Text edits applied, and the difference as a patch that `git apply` takes. Edits are small and known, so no search for the shortest difference is needed.
import type { Fix, TextEdit } from '../model/text-edit.ts';

export interface AppliedFixes {
  /** New text by path, for files that change. */
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly Fix[];
  /** Fixes of which an edit overlaps one of another fix. */
  readonly conflicting: readonly Fix[];
}

/** Applies fixes as a whole or not at all, in the given order; the first of two that overlap wins. */
export function applyFixes(fixes: readonly Fix[], textAt: (path: string) => string | undefined): AppliedFixes {
  const taken = new Map<string, TextEdit[]>();
  const applied: Fix[] = [];
  const conflicting: Fix[] = [];
  for (const fix of fixes) {
    const isNew = fix.edits.filter((edit) => !(taken.get(edit.path) ?? []).some((other) => isSameEdit(edit, other)));
    if (isNew.length === 0 && fix.edits.length > 0) {
      applied.push(fix);
      continue;
    }
    if (isNew.some((edit) => (taken.get(edit.path) ?? []).some((other) => overlaps(edit, other)))) {
      conflicting.push(fix);
      continue;
    }
    applied.push(fix);
    for (const edit of isNew) taken.set(edit.path, [...(taken.get(edit.path) ?? []), edit]);
  }
  const texts = new Map<string, string>();
  for (const [path, edits] of taken) {
    const text = textAt(path);
    if (text !== undefined) texts.set(path, applyEdits(text, edits));
  }
  return { texts, applied, conflicting };
}

function isSameEdit(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

/** Two insertions at one place are in conflict too: their order would decide. */
function overlaps(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start ? true : a.start < b.end && b.start < a.end;
}

/** Edits that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const edit of edits.toSorted((a, b) => b.start - a.start))
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  return result;
}

const context = 3;

/** A unified difference of two texts whose lines mostly agree; empty when they are the same. */
export function printPatch(path: string, before: string, after: string): string {
  if (before === after) return '';
  const old = linesOf(before);
  const now = linesOf(after);
  const changes = changedRanges(old, now);
  const hunks = joined(changes).map((group) => hunkOf(group, old, now));
  return `--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
}

interface Change {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Walks both texts; where they part, the nearest pair of equal lines ahead joins them again. */
function changedRanges(old: readonly string[], now: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) {
      a += 1;
      b += 1;
      continue;
    }
    const [da, db] = resynchronise(old, now, [a, b]);
    changes.push({ oldStart: a, oldEnd: a + da, newStart: b, newEnd: b + db });
    a += da;
    b += db;
  }
  return changes;
}

const furthest = 200;

function resynchronise(
  old: readonly string[],
  now: readonly string[],
  [a, b]: readonly [number, number],
): readonly [number, number] {
  for (let distance = 1; distance <= furthest; distance += 1) {
    for (let da = 0; da <= distance; da += 1) {
      const db = distance - da;
      const isEnd = a + da === old.length && b + db === now.length;
      if (
        isEnd ||
        (a + da < old.length &&
          b + db < now.length &&
          old[a + da] === now[b + db] &&
          (da === 0 || db === 0 || old[a + da + 1] === now[b + db + 1] || da === db))
      )
        return [da, db];
    }
  }
  return [old.length - a, now.length - b];
}

/** Changes with few lines between them make one hunk. */
function joined(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && change.oldStart - last.oldEnd <= 2 * context) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunkOf(group: readonly Change[], old: readonly string[], now: readonly string[]): string {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return '';
  const from = Math.max(0, first.oldStart - context);
  const to = Math.min(old.length, last.oldEnd + context);
  const newFrom = first.newStart - (first.oldStart - from);
  const newTo = last.newEnd + (to - last.oldEnd);
  const lines: string[] = [];
  let at = from;
  for (const change of group) {
    for (; at < change.oldStart; at += 1) lines.push(lineOf(' ', old[at]));
    for (; at < change.oldEnd; at += 1) lines.push(lineOf('-', old[at]));
    for (let index = change.newStart; index < change.newEnd; index += 1) lines.push(lineOf('+', now[index]));
  }
  for (; at < to; at += 1) lines.push(lineOf(' ', old[at]));
  return `@@ -${rangeOf(from, to)} +${rangeOf(newFrom, newTo)} @@\n${lines.join('')}`;
}

function rangeOf(from: number, to: number): string {
  return `${to === from ? from : from + 1},${to - from}`;
}

function lineOf(sign: string, line: string | undefined): string {
  const text = line ?? '';
  return text.endsWith('\n') ? `${sign}${text}` : `${sign}${text}\n\\ No newline at end of file\n`;
}

/** With their ends; the last may have none. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}
