// SPDX-License-Identifier: Apache-2.0
// Automatic fixes that are made on lines of a text: insertions before a key of the top level, and replacements on one line.
import type { Location } from '../../model/location.ts';
import type { Fix } from '../../model/text-edit.ts';

interface Insertion {
  readonly path: string;
  /** A key in the first column. */
  readonly key: string;
  readonly text: string;
  readonly title: string;
}

/** Puts text before a key of the top level; undefined when the key is not there in that form. */
export function insertionBefore(
  text: string | undefined,
  { path, key, text: inserted, title }: Insertion,
): Fix | undefined {
  if (text === undefined) return undefined;
  const at = text.startsWith(`${key}:`) ? 0 : text.indexOf(`\n${key}:`) + 1;
  if (at === 0 && !text.startsWith(`${key}:`)) return undefined;
  return { title, safety: 'unsafe', edits: [{ path, start: at, end: at, text: inserted }] };
}

interface Replacement {
  readonly location: Location;
  readonly old: string;
  readonly text: string;
  /** Put behind the line as a comment, where it has none. */
  readonly comment?: string;
  readonly title: string;
}

/** Replaces the first `old` on the line of a location; undefined when it is not there. */
export function replacementOnLine(
  text: string | undefined,
  { location, old, text: replacement, comment, title }: Replacement,
): Fix | undefined {
  if (text === undefined || location.line === undefined) return undefined;
  const from = offsetOfLine(text, location.line);
  if (from === undefined) return undefined;
  const end = text.indexOf('\n', from);
  const line = text.slice(from, end === -1 ? text.length : end);
  const column = line.indexOf(old);
  if (column === -1) return undefined;
  const start = from + column;
  const edits = [{ path: location.path, start, end: start + old.length, text: replacement }];
  const rest = line.slice(column + old.length).replace(/\r$/, '');
  if (comment !== undefined && /^["']?\s*$/.test(rest)) {
    const at = start + old.length + rest.trimEnd().length;
    edits.push({ path: location.path, start: at, end: at, text: ` # ${comment}` });
  }
  return { title, safety: 'safe', edits };
}

function offsetOfLine(text: string, line: number): number | undefined {
  let at = 0;
  for (let number = 1; number < line; number += 1) {
    at = text.indexOf('\n', at) + 1;
    if (at === 0) return undefined;
  }
  return at;
}
