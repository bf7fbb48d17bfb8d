// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pyproject } from './pyproject.ts';

const standard = `[build-system]
requires = ["hatchling"]

[project]
name = "app"
version = "1.0"
license = {text = "MIT"}
dependencies = [
  "a==1.0",
  "b>=2; python_version < \\"3\\"",
]

[project.optional-dependencies]
cli = ["c"]

[dependency-groups]
test = ["d==4", {include-group = "lint"}]
`;

const poetry = `[tool.poetry]
name = "app"
version = "1.0"

[tool.poetry.dependencies]
python = "^3.9"
a = "1.0"
b = "^2.0"
c = {version = "*", optional = true}
own = {path = "../own"}

[tool.poetry.group.dev.dependencies]
d = {git = "https://git.example/d.git", rev = "0123456789abcdef0123456789abcdef01234567"}
`;

describe('pyproject', () => {
  it('reads the standard tables with scopes, groups and lines', () => {
    const { get, names, problems } = catalogText(pyproject, { 'pyproject.toml': standard });

    expect(problems).toEqual([]);
    expect(names).toEqual(['a@1.0', 'app@1.0', 'b@', 'c@', 'd@4', 'hatchling@']);
    expect(get('app')).toMatchObject({ relationship: 'root', licenses: ['MIT'] });
    expect(get('b').locations).toEqual([{ path: 'pyproject.toml', line: 10 }]);
    expect(get('c')).toMatchObject({ scope: 'optional', facts: { groups: ['cli'] } });
    expect(get('d')).toMatchObject({ scope: 'development', facts: { groups: ['test'] } });
    expect(get('hatchling').scope).toBe('build');
  });

  it('reads tables of Poetry, where a bare version is exact', () => {
    const { get, names } = catalogText(pyproject, { 'pyproject.toml': poetry });

    expect(names).toEqual(['a@1.0', 'app@1.0', 'b@', 'c@', 'd@']);
    expect(get('b').constraint).toBe('^2.0');
    expect(get('c').scope).toBe('optional');
    expect(get('d')).toMatchObject({
      scope: 'development',
      facts: {
        repository: 'https://git.example/d.git',
        commit: '0123456789abcdef0123456789abcdef01234567',
        groups: ['dev'],
      },
    });
  });

  it('tells of texts that are no requirement', () => {
    const { problems } = catalogText(pyproject, { 'pyproject.toml': '[project]\ndependencies = ["a b c"]\n' });

    expect(problems).toMatchObject([{ kind: 'syntax', location: { line: 2 }, hidesFindings: true }]);
  });
});
