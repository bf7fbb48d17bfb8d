// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddedLines } from './git-history.ts';
import { PatchReader } from './git-history.ts';

const head = (id: string): string =>
  ['', id, 'An Author', 'a@example', '1700000000', 'Title\n\nBody\n', '\n'].join('\0');

const log = `${head('1111')}
diff --git a/a.txt b/a.txt
index 0000000000000000000000000000000000000000..1111111111111111111111111111111111111111 100644
--- a/a.txt
+++ b/a.txt
@@ -0,0 +1,2 @@
+one
+++ two
@@ -7,2 +10 @@ context
--- gone
-gone
+three
\\ No newline at end of file
${head('2222')}
diff --git a/b b/b
index 0000000000000000000000000000000000000000..2222222222222222222222222222222222222222 100644
Binary files /dev/null and b/b.zip differ
diff --git "a/\\303\\244 \\"b.txt" "b/\\303\\244 \\"b.txt"
--- /dev/null
+++ "b/\\303\\244 \\"b.txt"
@@ -0,0 +1 @@
+four
`;

function read(text: string, pieces: number): { readonly lines: AddedLines[]; readonly binaries: string[] } {
  const lines: AddedLines[] = [];
  const binaries: string[] = [];
  const reader = new PatchReader({
    lines: (added) => void lines.push(added),
    binary: ({ path, object }) => void binaries.push(`${path} ${object}`),
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieces) reader.push(bytes.subarray(at, at + pieces));
  reader.end();
  return { lines, binaries };
}

describe('PatchReader', () => {
  it.each([1, 7, 100_000])('gives the lines that each commit adds, in pieces of %d bytes', (pieces) => {
    const { lines, binaries } = read(log, pieces);

    expect(lines.map(({ commit, path, text, startLine }) => [commit.id, path, text, startLine])).toEqual([
      ['1111', 'a.txt', 'one\n++ two\n', 1],
      ['1111', 'a.txt', 'three', 10],
      ['2222', 'ä "b.txt', 'four\n', 1],
    ]);
    expect(lines[0]?.commit).toEqual({
      id: '1111',
      author: 'An Author',
      email: 'a@example',
      date: '2023-11-14T22:13:20Z',
      message: 'Title\n\nBody',
    });
    expect(binaries).toEqual(['b.zip 2222222222222222222222222222222222222222']);
  });

  it('reads anything without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => void read(text, 3)));
    fc.assert(
      fc.property(
        fc.nat(log.length),
        fc.string({ maxLength: 5 }),
        (at, text) => void read(log.slice(0, at) + text, 50),
      ),
    );
  });

  it('cuts a line that never ends, and says so', () => {
    const cut: string[] = [];
    const reader = new PatchReader({ lines: () => undefined, cut: (path) => void cut.push(path) });

    reader.push(Buffer.from(`${head('1')}\ndiff --git a/a b/a\n+++ b/a\n@@ -0,0 +1 @@\n+`));
    for (let count = 0; count < 20; count += 1) reader.push(Buffer.alloc(1_000_000, 'x'));
    reader.end();

    expect(cut.length).toBeGreaterThan(0);
  });
});
