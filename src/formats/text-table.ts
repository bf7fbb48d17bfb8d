// SPDX-License-Identifier: Apache-2.0
// Columns of text that fit a width. Colours (SGR sequences) count as nothing; wide characters count as two columns.
import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Where text may be cut when the table is too wide: paths in the middle, names at the end. Absent: never cut. */
  readonly shrink?: 'middle' | 'end';
  /** The cells carry colours and were made printable by the caller. */
  readonly styled?: true;
}

const gap = 2;
/** Below this many columns a path keeps its end only: the file and the line. */
const shortPath = 28;

/** Columns a cut text keeps at least: the end of a path is worth more than the end of a name. */
const narrowest = { middle: 16, end: 8 } as const;

/** Lines without trailing spaces: the titles first, then the rows. `width` undefined: nothing is cut. */
export function layoutTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string[] {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => row.map((cell, at) => (columns[at]?.styled === true ? cell : printable(cell)))),
  ];
  const widths = columns.map((_, at) => cells.reduce((most, row) => Math.max(most, displayWidth(row[at] ?? '')), 0));
  if (width !== undefined) fit(widths, columns, width - 2);
  return cells.map((row) =>
    row
      .map((cell, at) => {
        const size = widths[at] ?? 0;
        const text = displayWidth(cell) > size ? cut(cell, size, columns[at]?.shrink ?? 'end') : cell;
        const padding = ' '.repeat(Math.max(0, size - displayWidth(text)));
        return columns[at]?.align === 'right' ? padding + text : text + padding;
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

/** Takes columns away from the widest shrinkable ones until the table fits or nothing more can be taken. */
function fit(widths: number[], columns: readonly Column[], width: number): void {
  for (;;) {
    const total = widths.reduce((sum, size) => sum + size, 0) + gap * (widths.length - 1);
    if (total <= width) return;
    let widest = -1;
    for (const [at, column] of columns.entries()) {
      if (column.shrink === undefined || (widths[at] ?? 0) <= narrowest[column.shrink]) continue;
      if (widest === -1 || (widths[at] ?? 0) > (widths[widest] ?? 0)) widest = at;
    }
    if (widest === -1) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

/** Cuts plain text to a width with an ellipsis; a coloured text loses its colour rather than its end mark. */
function cut(text: string, width: number, where: 'middle' | 'end'): string {
  const plain = stripVTControlCharacters(text);
  if (where === 'end') return `${takeColumns(plain, width - 1)}…`;
  const tail = width < shortPath ? width - 1 : Math.ceil((width - 1) * 0.7);
  return `${takeColumns(plain, width - 1 - tail)}…${plain.slice(-tail)}`;
}

function takeColumns(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += characterWidth(character);
  return width;
}

/** East Asian wide and emoji ranges take two columns (Unicode TR 11, the ranges that occur in names and paths). */
function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x1100) return code === 0x200d || (code >= 0x300 && code <= 0x36f) ? 0 : 1;
  const isWide =
    code <= 0x115f ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return isWide ? 2 : 1;
}

/** Foreign text never reaches the terminal with control characters in it (they could hide or forge lines). */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the point of the expression
  return text.replace(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '?');
}
