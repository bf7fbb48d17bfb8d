// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { nodePackage } from './node-package.ts';
import { packageJson } from './package-json.ts';

const manifest = `{
  "name": "shop",
  "version": "1.0.0",
  "license": "MIT",
  "dependencies": {"a": "^1.2.0", "b": "2.0.0", "c": "file:./c"},
  "devDependencies": {"other": "npm:@s/real@~3.1"}
}`;

describe('packageJson', () => {
  it('lists the project and its requirements, a version only where one is stated', () => {
    const { get, names } = catalogText(packageJson, { 'package.json': manifest });

    expect(names).toEqual(['@s/real@', 'a@', 'b@2.0.0', 'shop@1.0.0']);
    expect(get('shop')).toMatchObject({ relationship: 'root', licenses: ['MIT'] });
    expect(get('a')).toMatchObject({
      constraint: '^1.2.0',
      scope: 'runtime',
      relationship: 'direct',
      locations: [expect.objectContaining({ line: 5 })],
    });
    expect(get('@s/real')).toMatchObject({ constraint: '~3.1', scope: 'development' });
  });

  it('yields nothing where a lock file serves the project', () => {
    const { packages } = catalogText(packageJson, { 'package.json': manifest, 'yarn.lock': '' });

    expect(packages).toEqual([]);
  });

  it('yields nothing for a workspace of a project with a lock file, but does for other folders below it', () => {
    const { names } = catalogText(packageJson, {
      'package.json': '{"name": "top", "workspaces": ["apps/*"]}',
      'package-lock.json': '{}',
      'apps/shop/package.json': manifest,
      'examples/one/package.json': '{"name": "one", "version": "1.0.0"}',
    });

    expect(names).toEqual(['one@1.0.0']);
  });

  it('knows the workspaces of pnpm', () => {
    const { names } = catalogText(packageJson, {
      'pnpm-lock.yaml': 'x',
      'pnpm-workspace.yaml': "packages: ['apps/**', '!apps/old']",
      'apps/shop/package.json': manifest,
      'apps/old/package.json': '{"name": "old", "version": "1.0.0"}',
    });

    expect(names).toEqual(['old@1.0.0']);
  });

  it('passes over manifests of editors and engines that only look alike', () => {
    const { packages } = catalogText(packageJson, {
      'package.json':
        '{"name": "x", "version": "1.0.0", "publisher": "p", "engines": {"vscode": "*"}, "dependencies": {"a": "1.0.0"}}',
      'unity/package.json':
        '{"name": "org.x", "version": "1.0.0", "unity": "2020.3", "dependencies": {"org.y": "1.0.0"}}',
    });

    expect(packages).toEqual([]);
  });
});

describe('nodePackage', () => {
  it('lists installed packages with licence, author and repository', () => {
    const { get } = catalogText(nodePackage, {
      'node_modules/@s/a/package.json':
        '{"name": "@s/a", "version": "1.0.0", "licenses": [{"type": "MIT"}, {"type": "Apache-2.0"}], "author": {"name": "Ann", "email": "ann@example.com"}, "repository": {"url": "git://git.example/a.git"}}',
    });

    expect(get('@s/a')).toMatchObject({
      licenses: ['MIT', 'Apache-2.0'],
      facts: { author: 'Ann <ann@example.com>', repository: 'git://git.example/a.git' },
      locations: [{ path: 'node_modules/@s/a/package.json' }],
    });
  });

  it('gives one list per outermost folder, dependencies found as Node finds them', () => {
    const manifest = (name: string, version: string, dependencies = {}): string =>
      JSON.stringify({ name, version, dependencies });

    const { packages } = catalogText(nodePackage, {
      'app/node_modules/a/node_modules/b/package.json': manifest('b', '2.0.0'),
      'app/node_modules/a/package.json': manifest('a', '1.0.0', { b: '^2', c: '*' }),
      'app/node_modules/b/package.json': manifest('b', '1.0.0'),
      'app/node_modules/c/node_modules/b/package.json': manifest('b', '2.0.0'),
      'app/node_modules/c/package.json': manifest('c', '1.0.0', { b: '*' }),
    });

    expect(packages.map((item) => [item.id, item.dependsOn, item.locations.length])).toEqual([
      ['b@2.0.0', [], 2],
      ['a@1.0.0', ['b@2.0.0', 'c@1.0.0'], 1],
      ['b@1.0.0', [], 1],
      ['c@1.0.0', ['b@2.0.0'], 1],
    ]);
  });

  it('passes over manifests inside a package and those without name or version', () => {
    const { packages } = catalogText(nodePackage, {
      'node_modules/a/dist/esm/package.json': '{"name": "inner", "version": "1.0.0"}',
      'node_modules/b/package.json': '{"type": "module"}',
    });

    expect(packages).toEqual([]);
  });

  it('tells a name that cannot be published', () => {
    const { packages, problems } = catalogText(nodePackage, {
      'node_modules/a/package.json': '{"name": "a b", "version": "1.0.0"}',
    });

    expect(packages).toEqual([]);
    expect(problems).toMatchObject([{ kind: 'schema', hidesFindings: false }]);
  });
});
