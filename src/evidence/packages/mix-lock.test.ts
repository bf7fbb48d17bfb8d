// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { mixLock } from './mix-lock.ts';

const lock = `%{
  "cowboy": {:hex, :cowboy, "2.9.0", "inner", [:make, :rebar3], [{:cowlib, "2.11.0", [hex: :cowlib, repo: "hexpm", optional: false]}], "hexpm", "2c729f934b4e1aa149aff882f57c6372c15399a20d54f65c8d67bef583021bde"},
  "cowlib": {:hex, :cowlib, "2.11.0", "inner", [:make, :rebar3], [], "hexpm", "x"},
  "own": {:git, "https://git.example/own.git", "a9574ab75d6ed01e1288c453ae1d943d7a964595", [branch: "main"]},
}
`;

describe('mixLock', () => {
  it('gives version, line, checksum of the archive and dependencies', () => {
    const { get } = catalogText(mixLock, { 'mix.lock': lock });

    expect(get('cowboy')).toMatchObject({
      version: '2.9.0',
      purl: 'pkg:hex/cowboy@2.9.0',
      dependsOn: ['cowlib@2.11.0'],
      locations: [{ line: 2, endLine: 2 }],
    });
    expect(get('cowboy').digests).toEqual(['sha256:2c729f934b4e1aa149aff882f57c6372c15399a20d54f65c8d67bef583021bde']);
  });

  it('gives packages from git by commit, without a purl', () => {
    const { get } = catalogText(mixLock, { 'mix.lock': lock });

    expect(get('own')).toMatchObject({
      version: 'a9574ab75d6ed01e1288c453ae1d943d7a964595',
      facts: { repository: 'https://git.example/own.git' },
    });
    expect(get('own').purl).toBeUndefined();
  });

  it('learns from mix.exs what is direct and what is for tests', () => {
    const manifest =
      'defp deps do\n  [\n    {:cowboy, "~> 2.9"},\n    # {:cowlib, "~> 2.0"}\n    {:own, git: "https://git.example/own.git", only: :test}\n  ]\nend\n';

    const { get } = catalogText(mixLock, { 'mix.lock': lock, 'mix.exs': manifest });

    expect(get('cowboy').relationship).toBe('direct');
    expect(get('cowlib').relationship).toBe('indirect');
    expect(get('own').scope).toBe('test');
  });

  it('reports a broken entry and keeps the others', () => {
    const { names, problems } = catalogText(mixLock, {
      'mix.lock': '%{\n  "a": {:hex, },\n  "b": {:hex, :b, "1.0.0"},\n}\n',
    });

    expect(names).toEqual(['b@1.0.0']);
    expect(problems).toMatchObject([{ location: { line: 2 }, hidesFindings: true }]);
  });
});
