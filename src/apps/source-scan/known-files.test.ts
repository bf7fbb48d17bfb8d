// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { storedFolder } from '../../io/stored-files.ts';
import type { FileCache } from './known-files.ts';
import { openFileCache } from './known-files.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landwaiter-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const startedAt = Date.parse('2026-11-23T12:00:00Z');

/** As io/disk.ts writes them: device, inode, size, times of modification and of change. */
function signature(size: number, changedBefore = 60_000): string {
  return `1:2:${size}:${startedAt - changedBefore}:${startedAt - changedBefore}`;
}

function open(rules: readonly string[] = ['a']): FileCache {
  return openFileCache({ folder: storedFolder(root), root: '/project', rules, startedAt });
}

function remember(...files: readonly string[]): void {
  const cache = open();
  for (const file of files) cache.add(file, signature(1));
  cache.save();
}

describe('files that gave nothing', () => {
  test('are known again with the same signature and the same rules', () => {
    remember('src/a.ts');

    expect(open().has('src/a.ts', signature(1))).toBe(true);
    expect(open().has('src/a.ts', signature(2))).toBe(false);
    expect(open(['b']).has('src/a.ts', signature(1))).toBe(false);
  });

  test('are forgotten when a run does not meet them any more', () => {
    remember('a', 'b');
    const second = open();
    second.has('a', signature(1));
    second.save();

    expect(open().has('b', signature(1))).toBe(false);
    expect(open().has('a', signature(1))).toBe(true);
  });

  test('that were written in the tick of the run are read again: another change of the same size would not tell', () => {
    const cache = open();
    cache.add('now', signature(1, 0));
    cache.add('a moment ago', signature(1, 1_500));
    cache.add('later, by another clock', signature(1, -5_000));
    cache.add('before', signature(1, 5_000));
    cache.save();

    expect(open().has('now', signature(1, 0))).toBe(false);
    expect(open().has('a moment ago', signature(1, 1_500))).toBe(false);
    expect(open().has('later, by another clock', signature(1, -5_000))).toBe(false);
    expect(open().has('before', signature(1, 5_000))).toBe(true);
  });

  test('with a line break in their name are never known: they could name others', () => {
    remember('x\n/etc/passwd\t1');

    expect(open().has('/etc/passwd', signature(1))).toBe(false);
  });

  test.each(['', 'landwaiter files 1\nno tab', 'something else\na\t1', '\0\0'])(
    'a broken cache (%j) knows nothing',
    (text) => {
      remember('a');
      for (const name of storedFolder(root).list('')) writeFileSync(join(root, name), text);

      expect(open().has('a', signature(1))).toBe(false);
    },
  );

  test('a folder that cannot be written is no error', () => {
    writeFileSync(join(root, 'file'), '');
    const cache = openFileCache({
      folder: storedFolder(join(root, 'file', 'inside')),
      root: '/',
      rules: [],
      startedAt,
    });
    cache.add('a', signature(1));

    expect(() => cache.save()).not.toThrow();
  });

  test('a real file has another signature after it was written again with the same size', async () => {
    const { localDisk } = await import('../../io/disk.ts');
    mkdirSync(join(root, 'd'));
    const path = join(root, 'd', 'f');
    writeFileSync(path, 'one');
    const before = localDisk.signature?.(path);
    // Longer than a tick of the kernel, within which both would have the same times.
    await new Promise((resolve) => setTimeout(resolve, 50));
    writeFileSync(path, 'two');

    expect(localDisk.signature?.(path)).not.toBe(before);
    expect(localDisk.signature?.(join(root, 'none'))).toBeUndefined();
    // It threw, and ended the walk, where the file may not be asked for: here a link to itself.
    symlinkSync('loop', join(root, 'loop'));
    expect(localDisk.signature?.(join(root, 'loop'))).toBeUndefined();
  });
});
