// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { storedZip } from '../../../test/conformance/zip-writer.ts';
import { yarnLock } from './yarn-lock.ts';

const classic = `# yarn lockfile v1


"@scope/a@^1.0.0", "@scope/a@^1.1.0":
  version "1.1.0"
  resolved "https://registry.npm.example/@scope/a/-/a-1.1.0.tgz#0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8f33"
  dependencies:
    b "^2.0.0"
  optionalDependencies:
    c "1.x"

b@^2.0.0:
  version "2.0.5"

c@1.x:
  version "1.9.0"

old-b@npm:b@^1.0.0:
  version "1.0.0"

"local@file:./local":
  version "0.0.0"
  dependencies:
    b "^2.0.0"
`;

const berry = `__metadata:
  version: 8

"a@npm:^1.0.0":
  version: 1.1.0
  resolution: "a@npm:1.1.0"
  dependencies:
    b: "npm:^2.0.0"
  checksum: 10c0/abc
  languageName: node
  linkType: hard

"b@npm:2.0.5":
  version: 2.0.5
  resolution: "b@npm:2.0.5"

"shop@workspace:.":
  version: 0.0.0-use.local
  resolution: "shop@workspace:."
  dependencies:
    a: "npm:^1.0.0"
    tool: "workspace:^"

"tool@workspace:^, tool@workspace:tool":
  version: 0.0.0-use.local
  resolution: "tool@workspace:tool"
`;

describe('yarnLock, classic', () => {
  it('reads names, versions, digests and the lines of each entry', () => {
    const { get, names } = catalogText(yarnLock, { 'yarn.lock': classic });

    expect(names).toEqual(['@scope/a@1.1.0', 'b@1.0.0', 'b@2.0.5', 'c@1.9.0', 'local@0.0.0']);
    expect(get('@scope/a')).toMatchObject({
      purl: 'pkg:npm/%40scope/a@1.1.0',
      digests: ['sha1:0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8f33'],
      locations: [{ path: 'yarn.lock', line: 4, endLine: 10 }],
      dependsOn: ['b@2.0.5', 'c@1.9.0'],
      relationship: 'unknown',
    });
  });

  it('takes scopes and direct dependencies from the package.json beside it and its workspaces', () => {
    const { get, packages } = catalogText(yarnLock, {
      'yarn.lock': classic,
      'package.json':
        '{"name": "shop", "version": "1.0.0", "workspaces": ["pkgs/*"], "devDependencies": {"old-b": "npm:b@^1.0.0"}}',
      'pkgs/x/package.json': '{"name": "x", "version": "0.1.0", "dependencies": {"@scope/a": "^1.0.0"}}',
      'pkgs/x/node_modules/y/package.json': '{"name": "y", "version": "1.0.0"}',
    });

    expect(get('shop')).toMatchObject({ relationship: 'root', dependsOn: ['b@1.0.0', 'x@0.1.0 (pkgs/x)'] });
    expect(get('x').relationship).toBe('workspace');
    expect(get('@scope/a')).toMatchObject({ relationship: 'direct', scope: 'runtime' });
    expect(packages.find((item) => item.id === 'b@1.0.0')).toMatchObject({
      relationship: 'direct',
      scope: 'development',
    });
    expect(packages.find((item) => item.id === 'b@2.0.5')).toMatchObject({
      relationship: 'indirect',
      scope: 'runtime',
    });
  });

  it('takes folders of the tree for projects, not for packages of a registry', () => {
    const { get } = catalogText(yarnLock, { 'yarn.lock': classic });

    expect(get('local').relationship).toBe('workspace');
    expect(get('local').purl).toBeUndefined();
  });

  it('tells lines that are not of the format and reads on', () => {
    const { names, problems } = catalogText(yarnLock, {
      'yarn.lock': '<<<<<<< HEAD\nb@^1.0.0:\n  version "1.0.0"\n=======\n',
    });

    expect(names).toEqual(['b@1.0.0']);
    expect(problems.map((problem) => problem.location.line)).toEqual([1, 4]);
  });

  it('throws for no mutated file', () => {
    fc.assert(
      fc.property(fc.nat(classic.length), fc.nat(40), fc.string({ maxLength: 4 }), (at, length, middle) => {
        for (const text of [classic, berry]) {
          catalogText(yarnLock, { 'yarn.lock': text.slice(0, at) + middle + text.slice(at + length) });
        }
      }),
      { numRuns: 50 },
    );
  });

  it('tells of a needed package that has no entry, as in a file that was cut off', () => {
    const text = 'a@1:\n  version "1.0.0"\n  dependencies:\n    b "2"\n    c "3"\n\nb@2:\n  version "2.0.0"\n';

    const { problems } = catalogText(yarnLock, { 'yarn.lock': text });

    expect(problems).toMatchObject([
      { kind: 'unresolved', message: 'a needs c, which the file does not describe', hidesFindings: true },
    ]);
  });

  it('misses neither optional packages nor projects of the workspace', () => {
    const text = 'a@1:\n  version "1.0.0"\n  dependencies:\n    own "1"\n  optionalDependencies:\n    maybe "3"\n';

    const { problems } = catalogText(yarnLock, {
      'yarn.lock': text,
      'package.json': '{"name":"own","version":"1.0.0","dependencies":{"a":"1"}}',
    });

    expect(problems).toEqual([]);
  });
});

describe('yarnLock, berry', () => {
  it('resolves ranges with and without protocol, and a sole version that an override chose', () => {
    const { get } = catalogText(yarnLock, { 'yarn.lock': berry });

    expect(get('a').dependsOn).toEqual(['b@2.0.5']);
  });

  it('knows the workspaces from the lock file, and their versions from the manifests', () => {
    const { get } = catalogText(yarnLock, {
      'yarn.lock': berry,
      'tool/package.json': '{"name": "tool", "version": "1.0.0"}',
    });

    expect(get('shop')).toMatchObject({ relationship: 'root', version: '0.0.0-use.local' });
    expect(get('tool').relationship).toBe('workspace');
    expect(get('a').relationship).toBe('direct');
    expect(get('b').relationship).toBe('indirect');
  });

  it('finds licences in the zip files of the cache', () => {
    const manifest = new TextEncoder().encode('{"name": "a", "version": "1.1.0", "license": "MIT"}');
    const archive = storedZip([{ name: 'node_modules/a/package.json', bytes: manifest }]);

    const { get } = catalogText(yarnLock, { '.yarn/cache/a-npm-1.1.0-abc.zip': archive, 'yarn.lock': berry });

    expect(get('a').licenses).toEqual(['MIT']);
  });
});
