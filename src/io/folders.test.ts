// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolders } from './folders.ts';

describe('makeFolders', () => {
  it('makes all that are missing, and none twice', () => {
    const root = mkdtempSync(join(tmpdir(), 'landwaiter-folders-'));

    makeFolders(join(root, 'a', 'b', 'c'));
    makeFolders(join(root, 'a', 'b', 'c'));

    expect(existsSync(join(root, 'a', 'b', 'c'))).toBe(true);
  });

  it('fails below a file', () => {
    const root = mkdtempSync(join(tmpdir(), 'landwaiter-folders-'));
    writeFileSync(join(root, 'file'), '');

    expect(() => makeFolders(join(root, 'file', 'a'))).toThrow(/ENOTDIR/);
  });

  it.runIf(existsSync('/proc/self'))('returns where the system makes no folders', () => {
    expect(() => makeFolders('/proc/landwaiter/a')).toThrow(/ENOENT/);
  });
});
