// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { poetryLock } from './poetry-lock.ts';

const lock = `[[package]]
name = "web"
version = "2.0"
description = "A web thing"
optional = false
files = [{file = "web-2.0.tar.gz", hash = "sha256:${'1'.repeat(64)}"}]

[package.dependencies]
Tem_plate = ">=1.0"
speed = {version = "*", optional = true, markers = "extra == \\"fast\\""}

[[package]]
name = "tem-plate"
version = "1.5"
optional = false

[[package]]
name = "speed"
version = "0.1"
optional = true

[[package]]
name = "tester"
version = "7.0"
optional = false

[package.source]
type = "git"
url = "https://git.example/tester.git"
resolved_reference = "0123456789abcdef0123456789abcdef01234567"

[metadata]
lock-version = "2.0"
`;

const project =
  '[tool.poetry.dependencies]\npython = "^3.9"\nweb = "^2.0"\n[tool.poetry.group.dev.dependencies]\ntester = "*"\n';

describe('poetryLock', () => {
  it('gives version, lines, digest and relations', () => {
    const { get } = catalogText(poetryLock, { 'poetry.lock': lock });

    expect(get('web').locations).toEqual([{ path: 'poetry.lock', line: 1, endLine: 6 }]);
    expect(get('web').digests).toEqual([`sha256:${'1'.repeat(64)}`]);
    expect(get('web').dependsOn).toEqual(['tem-plate@1.5']);
    expect(get('web').relationship).toBe('unknown');
    expect(get('tester').facts).toMatchObject({ commit: '0123456789abcdef0123456789abcdef01234567' });
  });

  it('learns relationship and scope from the manifest', () => {
    const { get } = catalogText(poetryLock, { 'a/poetry.lock': lock, 'a/pyproject.toml': project });

    expect(get('web')).toMatchObject({ relationship: 'direct', scope: 'runtime' });
    expect(get('tem-plate')).toMatchObject({ relationship: 'indirect', scope: 'runtime' });
    expect(get('tester')).toMatchObject({ relationship: 'direct', scope: 'development' });
  });

  it('counts what an extra needs only when somebody asks for the extra', () => {
    const asking = project.replace('web = "^2.0"', 'web = {version = "^2.0", extras = ["fast"]}');

    const { get } = catalogText(poetryLock, { 'poetry.lock': lock, 'pyproject.toml': asking });

    expect(get('web').dependsOn).toEqual(['tem-plate@1.5', 'speed@0.1']);
  });

  it('believes the groups and categories of the lock file itself', () => {
    const grouped =
      '[[package]]\nname = "a"\nversion = "1"\ngroups = ["dev", "docs"]\n[[package]]\nname = "b"\nversion = "1"\ncategory = "dev"\n';

    const { get } = catalogText(poetryLock, { 'poetry.lock': grouped });

    expect(get('a')).toMatchObject({ scope: 'development', facts: { groups: ['dev', 'docs'] } });
    expect(get('b').scope).toBe('development');
  });

  it('picks the version that a constraint admits', () => {
    const entry = (name: string, version: string, needs = ''): string =>
      `[[package]]\nname = "${name}"\nversion = "${version}"\n${needs}`;
    const two = [
      entry('a', '1', '[package.dependencies]\nlib = "^1.2"\n'),
      entry('b', '1', '[package.dependencies]\nlib = ">=2,<3 || >=4"\n'),
      entry('lib', '1.9'),
      entry('lib', '2.1'),
    ];

    const { get } = catalogText(poetryLock, { 'poetry.lock': two.join('\n') });

    expect(get('a').dependsOn).toEqual(['lib@1.9']);
    expect(get('b').dependsOn).toEqual(['lib@2.1']);
  });

  it('keeps the packages when only the manifest is broken', () => {
    const { names, problems } = catalogText(poetryLock, { 'poetry.lock': lock, 'pyproject.toml': '[' });

    expect(names).toHaveLength(4);
    expect(problems).toMatchObject([{ kind: 'syntax', location: { path: 'pyproject.toml' }, hidesFindings: false }]);
  });

  it('tells of entries without a version', () => {
    const { problems } = catalogText(poetryLock, { 'poetry.lock': '[[package]]\nname = "a"\n' });

    expect(problems).toMatchObject([{ kind: 'schema', location: { line: 1 }, hidesFindings: true }]);
  });

  it('does not take a file that was cut off between two packages for all of them', () => {
    const cut = lock.slice(0, lock.indexOf('[[package]]\nname = "speed"'));

    const { names, problems } = catalogText(poetryLock, { 'poetry.lock': cut });

    expect(names).toEqual(['tem-plate@1.5', 'web@2.0']);
    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });
});
