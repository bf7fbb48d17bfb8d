// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pnpmLock } from './pnpm-lock.ts';

const version9 = `lockfileVersion: '9.0'

importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(p@2.0.0)
      web:
        specifier: workspace:*
        version: link:apps/web
    devDependencies:
      b:
        specifier: ^3.0.0
        version: 3.0.0
  apps/web:
    dependencies:
      p:
        specifier: ^2.0.0
        version: 2.0.0

packages:
  a@1.0.0:
    resolution: {integrity: sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM=}
  b@3.0.0:
    resolution: {tarball: https://codeload.git.example/o/b/tar.gz/0123456789abcdef0123456789abcdef01234567}
    version: 3.0.0
  p@2.0.0:
    resolution: {integrity: sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM=}
  q@1.0.0:
    resolution: {integrity: sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM=}

snapshots:
  a@1.0.0(p@2.0.0):
    dependencies:
      p: 2.0.0
    optionalDependencies:
      q: 1.0.0
  b@3.0.0: {}
  p@2.0.0: {}
  q@1.0.0:
    optional: true
`;

describe('pnpmLock', () => {
  it('reads version 9: importers, snapshots with peers, optional packages', () => {
    const { get } = catalogText(pnpmLock, { 'pnpm-lock.yaml': version9 });

    expect(get('a')).toMatchObject({
      id: 'a@1.0.0',
      relationship: 'direct',
      scope: 'runtime',
      dependsOn: ['p@2.0.0', 'q@1.0.0'],
    });
    expect(get('b')).toMatchObject({
      relationship: 'direct',
      scope: 'development',
      facts: { commit: '0123456789abcdef0123456789abcdef01234567' },
    });
    expect(get('p').relationship).toBe('direct');
    expect(get('q')).toMatchObject({ relationship: 'indirect', scope: 'optional' });
    expect(get('a').locations).toEqual([expect.objectContaining({ path: 'pnpm-lock.yaml', line: 23 })]);
  });

  it('names the projects of the workspace by their manifests', () => {
    const { get } = catalogText(pnpmLock, {
      'pnpm-lock.yaml': version9,
      'package.json': '{"name": "shop", "version": "1.0.0"}',
      'apps/web/package.json': '{"name": "web", "version": "0.1.0"}',
    });

    expect(get('shop')).toMatchObject({
      relationship: 'root',
      dependsOn: ['a@1.0.0', 'web@0.1.0 (apps/web)', 'b@3.0.0'],
    });
    expect(get('web')).toMatchObject({ relationship: 'workspace', dependsOn: ['p@2.0.0'] });
  });

  it('reads keys with slashes and flags of version 5', () => {
    const { get } = catalogText(pnpmLock, {
      'pnpm-lock.yaml': `lockfileVersion: 5.4
devDependencies:
  '@s/a': 1.0.0_p@2.0.0
packages:
  /@s/a/1.0.0_p@2.0.0:
    dependencies: {p: 2.0.0}
    dev: true
  /p/2.0.0:
    dev: true
`,
    });

    expect(get('@s/a')).toMatchObject({
      version: '1.0.0',
      scope: 'development',
      relationship: 'direct',
      dependsOn: ['p@2.0.0'],
    });
    expect(get('p').relationship).toBe('indirect');
  });

  it('takes folders of the tree for projects and follows what they need', () => {
    const { get } = catalogText(pnpmLock, {
      'pnpm-lock.yaml': `lockfileVersion: '6.0'
dependencies:
  lib:
    specifier: file:lib
    version: file:lib
packages:
  /p@2.0.0:
    resolution: {integrity: sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM=}
  file:lib:
    resolution: {directory: lib, type: directory}
    name: lib
    version: 1.0.0
    dependencies:
      p: 2.0.0
`,
    });

    expect(get('lib').relationship).toBe('workspace');
    expect(get('lib').purl).toBeUndefined();
    expect(get('p')).toMatchObject({ relationship: 'indirect', scope: 'runtime' });
  });

  it('tells a dependency that is not described, and an entry without a name', () => {
    const { problems, names } = catalogText(pnpmLock, {
      'pnpm-lock.yaml':
        "lockfileVersion: '6.0'\ndependencies:\n  gone:\n    version: 1.0.0\npackages:\n  nonsense: {}\n  /p@2.0.0: {}\n",
    });

    expect(names).toEqual(['gone@1.0.0', 'p@2.0.0']);
    expect(problems.map((problem) => [problem.kind, problem.location.line])).toEqual([
      ['schema', 6],
      ['unresolved', undefined],
    ]);
  });

  it('reads several documents, and those before a broken one', () => {
    const first = "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {}\n";

    const { names, problems } = catalogText(pnpmLock, {
      'pnpm-lock.yaml': `---\n${first}---\npackages:\n  b@2.0.0: {}\n---\n  x: [oops\n`,
    });

    expect(names).toEqual(['a@1.0.0', 'b@2.0.0']);
    expect(problems.some((problem) => problem.hidesFindings)).toBe(true);
  });

  it('throws for no mutated file', () => {
    fc.assert(
      fc.property(fc.nat(version9.length), fc.nat(40), fc.string({ maxLength: 4 }), (at, length, middle) => {
        catalogText(pnpmLock, { 'pnpm-lock.yaml': version9.slice(0, at) + middle + version9.slice(at + length) });
      }),
      { numRuns: 50 },
    );
  });
});
