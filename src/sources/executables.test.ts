// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Disk } from '../io/disk.ts';
import { localDisk } from '../io/disk.ts';
import { defaultLimits } from '../model/limits.ts';
import { directorySource } from './directory.ts';
import { isExecutable, mayBeExecutable } from './executables.ts';

function diskWith(bytes: string, mode: number): Disk {
  return { ...localDisk, head: () => ({ bytes: Buffer.from(bytes, 'latin1'), mode }) };
}

describe('isExecutable', () => {
  it.each([
    ['a program without an ending', '/bin/tool', '\x7fELF....', 0o755, true],
    ['a file without an ending that may not be executed', '/bin/tool', '\x7fELF....', 0o644, false],
    ['a library, whatever its mode', '/lib/x.so.1', '\x7fELF....', 0o644, true],
    ['a script', '/bin/tool', '#!/bin/s', 0o755, false],
    ['a source file', '/src/x.ts', '\x7fELF....', 0o755, false],
  ])('%s', (_title, path, bytes, mode, expected) => {
    expect(isExecutable(diskWith(bytes, mode), path)).toBe(expected);
  });
});

describe('mayBeExecutable', () => {
  it('goes by name and mode where there are no bytes yet', () => {
    expect(mayBeExecutable('bin/tool', '100755')).toBe(true);
    expect(mayBeExecutable('bin/tool', '100644')).toBe(false);
    expect(mayBeExecutable('bin/tool.exe', '100644')).toBe(true);
  });
});

describe('directorySource', () => {
  it('reads executables beyond the limit of manifests, and only those', async () => {
    const disk: Disk = {
      list: () => ['tool', 'notes'].map((name) => fileEntry(name)),
      read: (path, maximum) =>
        maximum >= 1_000
          ? { kind: 'bytes', bytes: Buffer.from(path), mode: 0o755 }
          : { kind: 'too-large', size: 1_000 },
      head: (path) => ({
        bytes: Buffer.from(path.endsWith('tool') ? '\x7fELF....' : 'notes...', 'latin1'),
        mode: 0o755,
      }),
      resolve: () => undefined,
      kindOf: () => undefined,
    };
    const limits = { ...defaultLimits, manifestBytes: 10, executableBytes: 2_000 };
    const taken: string[] = [];

    await directorySource({ disk, limits, path: '.', root: '/', isExcluded: undefined }).visit({
      wants: () => false,
      wantsExecutable: () => true,
      take: (file) => taken.push(file.path),
    });

    expect(taken).toEqual(['tool']);
  });
});

function fileEntry(name: string): ReturnType<Disk['list']>[number] {
  return {
    name,
    isFile: () => true,
    isDirectory: () => false,
    isSymbolicLink: () => false,
  };
}
