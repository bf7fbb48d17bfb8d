// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileLines } from './file-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'landwaiter-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function linesOf(text: string, maximum = 1_000): Promise<readonly (string | undefined)[]> {
  const file = join(folder, 'lines');
  writeFileSync(file, text);
  const lines: (string | undefined)[] = [];
  for await (const line of fileLines(file, maximum)) lines.push(line.text);
  return lines;
}

test.each([
  ['', []],
  ['a\nb', ['a', 'b']],
  ['a\r\n\nb\n', ['a', '', 'b']],
])('%j has the lines %j', async (text, lines) => {
  expect(await linesOf(text)).toEqual(lines);
});

test('a line that is too long is told as such, and the next one is read', async () => {
  expect(await linesOf(`${'x'.repeat(2_000_000)}\nb`)).toEqual([undefined, 'b']);
});

test('a line that goes over pieces of the file is whole', async () => {
  const long = 'äöü'.repeat(400_000);

  expect(await linesOf(`a\n${long}\nb`, 10_000_000)).toEqual(['a', long, 'b']);
});
