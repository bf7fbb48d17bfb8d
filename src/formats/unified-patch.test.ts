// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, applyFixes, printPatch } from './unified-patch.ts';

describe('applyFixes', () => {
  const textAt = (path: string): string | undefined => (path === 'a' ? 'one two three' : undefined);
  const fix = (
    start: number,
    end: number,
    text: string,
  ): { title: string; safety: 'safe'; edits: { path: string; start: number; end: number; text: string }[] } => ({
    title: 't',
    safety: 'safe',
    edits: [{ path: 'a', start, end, text }],
  });

  it('applies fixes that do not touch each other, in any order', () => {
    const { texts } = applyFixes([fix(8, 13, '3'), fix(0, 3, '1')], textAt);

    expect(texts.get('a')).toBe('1 two 3');
  });

  it('leaves out the second of two that overlap, and applies equal ones once', () => {
    const { texts, applied, conflicting } = applyFixes([fix(0, 7, 'x'), fix(4, 9, 'y'), fix(0, 7, 'x')], textAt);

    expect([texts.get('a'), applied.length, conflicting.length]).toEqual(['x three', 2, 1]);
  });
});

describe('printPatch', () => {
  it('shows changed lines with three lines around them', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\n';

    expect(printPatch('x.yml', before, before.replace('e', 'E'))).toBe(
      '--- a/x.yml\n+++ b/x.yml\n@@ -2,6 +2,6 @@\n b\n c\n d\n-e\n+E\n f\n g\n',
    );
  });

  it('gives what git applies, for any edits', () => {
    const folder = mkdtempSync(join(tmpdir(), 'landwaiter-patch-'));
    const line = fc.constantFrom('a', 'b', 'c: d', '', '  - x');
    const texts = fc.tuple(
      fc.array(line, { minLength: 1, maxLength: 30 }),
      fc.array(fc.tuple(fc.nat(60), fc.nat(6), fc.constantFrom('', 'new\n', 'z', '\n\n')), { maxLength: 4 }),
    );
    try {
      fc.assert(
        fc.property(texts, ([lines, edits]) => {
          const before = `${lines.join('\n')}\n`;
          const after = edits.reduce(
            (text, [start, length, inserted]) =>
              applyEdits(text, [
                {
                  path: '',
                  start: Math.min(start, text.length),
                  end: Math.min(start + length, text.length),
                  text: inserted,
                },
              ]),
            before,
          );
          if (after === before || after === '') return;
          writeFileSync(join(folder, 'f'), before);
          const result = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
            cwd: folder,
            input: printPatch('f', before, after),
            env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
          });
          expect(result.stderr.toString()).toBe('');
          expect(readFileSync(join(folder, 'f'), 'utf8')).toBe(after);
        }),
        { numRuns: 40 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
