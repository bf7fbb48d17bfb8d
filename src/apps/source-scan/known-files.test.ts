// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

function open(rules: readonly string[] = ['a']): FileCache {
  return openFileCache({ folder: storedFolder(root), root: '/project', rules });
}

function remember(...files: readonly string[]): void {
  const cache = open();
  for (const file of files) cache.add(file, '1');
  cache.save();
}

describe('files that gave nothing', () => {
  test('are known again with the same signature and the same rules', () => {
    remember('src/a.ts');

    expect(open().has('src/a.ts', '1')).toBe(true);
    expect(open().has('src/a.ts', '2')).toBe(false);
    expect(open(['b']).has('src/a.ts', '1')).toBe(false);
  });

  test('are forgotten when a run does not meet them any more', () => {
    remember('a', 'b');
    const second = open();
    second.has('a', '1');
    second.save();

    expect(open().has('b', '1')).toBe(false);
    expect(open().has('a', '1')).toBe(true);
  });

  test('with a line break in their name are never known: they could name others', () => {
    remember('x\n/etc/passwd\t1');

    expect(open().has('/etc/passwd', '1')).toBe(false);
  });

  test.each(['', 'landwaiter files 1\nno tab', 'something else\na\t1', '\0\0'])(
    'a broken cache (%j) knows nothing',
    (text) => {
      remember('a');
      for (const name of storedFolder(root).list('')) writeFileSync(join(root, name), text);

      expect(open().has('a', '1')).toBe(false);
    },
  );

  test('a folder that cannot be written is no error', () => {
    writeFileSync(join(root, 'file'), '');
    const cache = openFileCache({ folder: storedFolder(join(root, 'file', 'inside')), root: '/', rules: [] });
    cache.add('a', '1');

    expect(() => cache.save()).not.toThrow();
  });

  test('a real file has another signature after it was written again with the same size', async () => {
    const { localDisk } = await import('../../io/disk.ts');
    mkdirSync(join(root, 'd'));
    const path = join(root, 'd', 'f');
    writeFileSync(path, 'one');
    const before = localDisk.signature?.(path);
    writeFileSync(path, 'two');

    expect(localDisk.signature?.(path)).not.toBe(before);
    expect(localDisk.signature?.(join(root, 'none'))).toBeUndefined();
  });
});
