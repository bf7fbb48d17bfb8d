// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readInputFiles } from './input-files.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landwaiter-input-'));
  mkdirSync(join(root, 'b'));
  mkdirSync(join(root, '.git'));
  writeFileSync(join(root, 'b/2.json'), '{}');
  writeFileSync(join(root, 'a.json'), '[]');
  writeFileSync(join(root, 'b/page.html'), '<p>');
  writeFileSync(join(root, '.git/config.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const wanted = { maximumBytes: 100, maximumFiles: 10, isWanted: (path: string) => path.endsWith('.json') };

describe('readInputFiles', () => {
  it('reads the wanted files of a folder, not those of git', () => {
    const files = [...readInputFiles(root, wanted)];

    expect(files.map((file) => file.path)).toEqual(['a.json', 'b/2.json']);
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe('[]');
  });

  it('reads a file that is named itself whatever it is called', () => {
    const files = [...readInputFiles(join(root, 'b/page.html'), wanted)];

    expect(files).toHaveLength(1);
  });

  it('does not follow links', () => {
    symlinkSync(join(root, 'b'), join(root, 'loop'));

    expect([...readInputFiles(root, wanted)]).toHaveLength(2);
  });

  it('refuses what is missing, too large or too much', () => {
    expect(() => [...readInputFiles(join(root, 'nothing'), wanted)]).toThrowError(/neither a file nor a folder/);
    expect(() => [...readInputFiles(root, { ...wanted, maximumBytes: 1 })]).toThrowError(/more than 1/);
    expect(() => [...readInputFiles(root, { ...wanted, maximumFiles: 1 })]).toThrowError(/more than 1 files/);
  });
});
