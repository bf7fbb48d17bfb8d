// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Package, PackageList } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { fileOwners, withoutFiles } from './file-owners.ts';

function owning(type: string, name: string, ...paths: readonly string[]): Package {
  return { ...packageOf({ type, name, version: '1' }), files: paths.map((path) => ({ path })) };
}

function listOf(...packages: readonly Package[]): PackageList {
  return { cataloger: 'dpkg', path: 'var/lib/dpkg/status', ecosystem: 'deb', kind: 'installed', packages };
}

const straight = (path: string): string => path;

describe('owners of files', () => {
  it('are found where links in folders lead, from both sides', () => {
    const merged = (path: string): string => path.replace(/^bin\//, 'usr/bin/');

    const owners = fileOwners([listOf(owning('deb', 'login', 'bin/su'))], merged);

    expect(owners.ownerOf('usr/bin/su')?.name).toBe('login');
    expect(owners.ownerOf('bin/su')?.name).toBe('login');
    expect(owners.ownerOf('usr/bin/sudo')).toBeUndefined();
  });

  it('are packages of the operating system before those of a language, in any order', () => {
    const system = owning('deb', 'python3-yaml', 'usr/lib/yaml.py');
    const language = owning('pypi', 'pyyaml', 'usr/lib/yaml.py');

    const names = [
      [system, language],
      [language, system],
    ].map((packages) => fileOwners([listOf(...packages)], straight).ownerOf('usr/lib/yaml.py')?.name);

    expect(names).toEqual(['python3-yaml', 'python3-yaml']);
  });

  it('are counted by file', () => {
    expect(fileOwners([listOf(owning('deb', 'a', 'x', 'y'), owning('deb', 'b', 'y'))], straight).size).toBe(2);
  });
});

describe('lists without files', () => {
  it('keep everything else, and stay the same where there were none', () => {
    const plain = listOf(packageOf({ type: 'deb', name: 'a', version: '1' }));

    const [first, second] = withoutFiles([listOf(owning('deb', 'a', 'x')), plain]);

    expect(first).toEqual(plain);
    expect(first?.packages[0]).not.toHaveProperty('files');
    expect(second).toBe(plain);
  });
});
