// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { npmInstalledLock } from './npm-installed-lock.ts';
import { npmLock } from './npm-lock.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

const lock = {
  name: 'shop',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: {
    '': {
      name: 'shop',
      version: '1.0.0',
      workspaces: ['tools/*'],
      dependencies: { a: '^1.0.0' },
      devDependencies: { t: '*' },
    },
    'node_modules/a': {
      version: '1.2.0',
      resolved: 'https://registry.npm.example/a/-/a-1.2.0.tgz',
      integrity: 'sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM=',
      license: 'MIT',
      dependencies: { b: '^2.0.0' },
    },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
    'node_modules/b': { version: '1.0.0', dev: true },
    'node_modules/t': { version: '3.0.0', dev: true, dependencies: { b: '*' } },
    'node_modules/g': { version: '0.1.0', optional: true, resolved: `git+ssh://git@git.example/g.git#${commit}` },
    'node_modules/@own/build': { resolved: 'tools/build', link: true },
    'tools/build': { name: '@own/build', version: '0.0.1', dependencies: { g: '*' } },
  },
};

function catalog(content: unknown, others: Record<string, string> = {}): ReturnType<typeof catalogText> {
  return catalogText(npmLock, { 'package-lock.json': JSON.stringify(content, null, 2), ...others });
}

describe('npmLock', () => {
  it('finds the copy of a dependency as Node does', () => {
    const { packages, get } = catalog(lock);

    expect(get('a').dependsOn).toEqual(['b@2.0.0']);
    expect(packages.find((item) => item.id === 't@3.0.0')?.dependsOn).toEqual(['b@1.0.0']);
  });

  it('tells the project, its workspaces, and direct from indirect dependencies', () => {
    const { packages, get } = catalog(lock);

    const relationships = Object.fromEntries(packages.map((item) => [item.id, item.relationship]));
    expect(relationships).toEqual({
      'shop@1.0.0': 'root',
      'a@1.2.0': 'direct',
      'b@2.0.0': 'indirect',
      'b@1.0.0': 'indirect',
      't@3.0.0': 'direct',
      'g@0.1.0': 'indirect',
      '@own/build@0.0.1': 'workspace',
    });
    expect(get('shop').purl).toBeUndefined();
    expect(get('@own/build').dependsOn).toEqual(['g@0.1.0']);
  });

  it('takes scopes, licence, digest, address and commit from the entry', () => {
    const { get } = catalog(lock);

    expect(get('t').scope).toBe('development');
    expect(get('g').scope).toBe('optional');
    expect(get('g').facts?.commit).toBe(commit);
    expect(get('a')).toMatchObject({
      scope: 'runtime',
      licenses: ['MIT'],
      digests: ['sha1:0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8f33'],
      facts: { downloadUrl: 'https://registry.npm.example/a/-/a-1.2.0.tgz' },
    });
  });

  it('joins one version at several places, the strongest need winning', () => {
    const { packages } = catalog({
      lockfileVersion: 3,
      packages: {
        'node_modules/x': { version: '1.0.0', dev: true },
        'node_modules/y/node_modules/x': { version: '1.0.0' },
      },
    });

    expect(packages).toHaveLength(1);
    expect(packages[0]?.scope).toBe('runtime');
    expect(packages[0]?.locations.map((location) => location.line)).toEqual([4, 8]);
  });

  it('keeps one version from two commits apart', () => {
    const { packages } = catalog({
      lockfileVersion: 3,
      packages: {
        'node_modules/x': { version: '1.0.0', resolved: `git+https://git.example/x.git#${commit}` },
        'node_modules/y/node_modules/x': {
          version: '1.0.0',
          resolved: `git+https://git.example/x.git#${'f'.repeat(40)}`,
        },
      },
    });

    expect(packages.map((item) => item.id)).toEqual(['x@1.0.0', `x@1.0.0#${'f'.repeat(40)}`]);
  });

  it('reads the nested form of version 1, with aliases and places instead of versions', () => {
    const { packages, get } = catalog(
      {
        lockfileVersion: 1,
        dependencies: {
          a: { version: '1.0.0', requires: { b: '^1.0.0' }, dependencies: { b: { version: '1.1.0' } } },
          b: { version: '2.0.0', dev: true },
          c: { version: 'npm:real@3.0.0' },
          d: { version: `github:o/d#${commit}` },
        },
      },
      { 'package.json': '{"dependencies": {"a": "^1.0.0"}}' },
    );

    expect(get('a')).toMatchObject({ dependsOn: ['b@1.1.0'], relationship: 'direct' });
    expect(get('real').version).toBe('3.0.0');
    expect(get('d')).toMatchObject({ version: '', facts: { commit } });
    expect(packages.map((item) => item.id).sort()).toEqual(['a@1.0.0', 'b@1.1.0', 'b@2.0.0', 'd', 'real@3.0.0']);
  });

  it('takes licences of version 1 from the installed copy of the same version', () => {
    const { get } = catalog(
      { lockfileVersion: 1, dependencies: { a: { version: '1.0.0' }, b: { version: '2.0.0' } } },
      {
        'node_modules/a/package.json': '{"name": "a", "version": "1.0.0", "license": "ISC"}',
        'node_modules/b/package.json': '{"name": "b", "version": "9.9.9", "license": "MIT"}',
      },
    );

    expect(get('a').licenses).toEqual(['ISC']);
    expect(get('b').licenses).toEqual([]);
  });

  it('yields to a npm-shrinkwrap.json beside it', () => {
    const { packages } = catalog(lock, {
      'npm-shrinkwrap.json': '{"lockfileVersion": 3, "packages": {"node_modules/z": {"version": "1.0.0"}}}',
    });

    expect(packages.map((item) => item.name)).toEqual(['z']);
  });

  it('tells a link to nowhere, an entry of the wrong shape and an unknown version', () => {
    const { problems, packages } = catalog({
      lockfileVersion: 9,
      packages: {
        'node_modules/x': { link: true, resolved: 'gone' },
        'node_modules/y': 7,
        'node_modules/z': { version: '1.0.0' },
      },
    });

    expect(problems.map((problem) => [problem.kind, problem.hidesFindings])).toEqual([
      ['unsupported', true],
      ['schema', true],
      ['unresolved', false],
    ]);
    expect(packages.map((item) => item.name)).toEqual(['z']);
  });

  it('throws for no mutated lock file', () => {
    const text = JSON.stringify(lock);

    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 4 }), (at, length, middle) => {
        catalogText(npmLock, { 'package-lock.json': text.slice(0, at) + middle + text.slice(at + length) });
      }),
      { numRuns: 60 },
    );
  });
});

describe('npmInstalledLock', () => {
  it('lists what npm noted as installed, direct by the package.json of the project', () => {
    const hidden = {
      lockfileVersion: 3,
      packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } },
    };

    const { get } = catalogText(npmInstalledLock, {
      'app/package.json': '{"dependencies": {"a": "1"}}',
      'app/node_modules/.package-lock.json': JSON.stringify(hidden),
    });

    expect(get('a').relationship).toBe('direct');
    expect(get('b').relationship).toBe('indirect');
  });
});
