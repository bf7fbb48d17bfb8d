// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFolder } from './memory-folder.ts';
import type { StoredFolder } from './stored-files.ts';
import { storedFolder } from './stored-files.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landwaiter-stored-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => Buffer.from(text);
const kinds: readonly (readonly [string, () => StoredFolder])[] = [
  ['a folder on disk', () => storedFolder(join(root, 'inner'))],
  ['a folder in memory', () => memoryFolder()],
];

describe.each(kinds)('%s', (_name, make) => {
  it('gives back what was written, whole and in parts', () => {
    const folder = make();

    folder.write('a/b.txt', bytes('hello world'));

    expect(Buffer.from(folder.read('a/b.txt', 100) ?? []).toString()).toBe('hello world');
    expect(folder.size('a/b.txt')).toBe(11);
    const file = folder.open('a/b.txt');
    expect(Buffer.from(file?.read(6, 100) ?? []).toString()).toBe('world');
    expect(file?.read(50, 10).length).toBe(0);
    file?.close();
  });

  it('answers undefined or nothing for what is not there', () => {
    const folder = make();

    expect(folder.read('x', 10)).toBeUndefined();
    expect(folder.open('x/y')).toBeUndefined();
    expect(folder.size('x')).toBeUndefined();
    expect(folder.list('x')).toEqual([]);
    expect(() => folder.remove('x')).not.toThrow();
  });

  it('refuses to read more than the limit', () => {
    const folder = make();
    folder.write('big', bytes('0123456789'));

    expect(() => folder.read('big', 9)).toThrowError(/more than 9/);
  });

  it('replaces, appends, moves and removes', () => {
    const folder = make();
    folder.write('one', bytes('old'));
    folder.write('one', bytes('new'));
    folder.append('parts/p', bytes('ab'));
    folder.append('parts/p', bytes('cd'));

    folder.move('parts', 'whole');
    folder.remove('one');

    expect(Buffer.from(folder.read('whole/p', 10) ?? []).toString()).toBe('abcd');
    expect(folder.list('')).toEqual(['whole']);
    expect(folder.list('whole')).toEqual(['p']);
  });
});

describe('a folder on disk', () => {
  it('keeps private files from others', () => {
    storedFolder(root).write('keys/k.pem', bytes('secret'), 'private');

    expect(statSync(join(root, 'keys/k.pem')).mode & 0o777).toBe(0o600);
  });

  it('cannot be left', () => {
    const folder = storedFolder(root);

    expect(() => folder.read('../outside', 10)).toThrowError(/leaves the folder/);
    expect(() => folder.write('/etc/outside', bytes(''))).toThrowError(/leaves the folder/);
  });

  it('reports what cannot be written as OUTPUT_FAILED', () => {
    const folder = storedFolder(root);
    folder.write('file', bytes('x'));

    expect(() => folder.write('file/below', bytes('y'))).toThrowError(
      expect.objectContaining({ code: 'OUTPUT_FAILED' }),
    );
  });
});
