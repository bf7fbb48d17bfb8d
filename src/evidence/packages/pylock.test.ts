// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pylock } from './pylock.ts';

const lock = `lock-version = "1.0"

[[packages]]
name = "app"
directory = {path = ".", editable = true}

[[packages]]
name = "web"
version = "2.0"
dependencies = [{name = "lib", version = "1.0"}]

[[packages.wheels]]
name = "web-2.0-py3-none-any.whl"
hashes = {sha256 = "${'5'.repeat(64)}"}

[[packages]]
name = "lib"
version = "1.0"
marker = "'dev' in dependency_groups"

[[packages]]
name = "fork"
vcs = {type = "git", url = "https://git.example/fork", commit-id = "0123456789abcdef0123456789abcdef01234567"}
`;

describe('pylock', () => {
  it('gives versions, relations, digests and lines', () => {
    const { get } = catalogText(pylock, { 'pylock.toml': lock });

    expect(get('web').locations).toEqual([{ path: 'pylock.toml', line: 7, endLine: 10 }]);
    expect(get('web')).toMatchObject({ dependsOn: ['lib@1.0'], digests: [`sha256:${'5'.repeat(64)}`] });
  });

  it('knows the project itself, groups and repositories', () => {
    const { get } = catalogText(pylock, { 'pylock.toml': lock });

    expect(get('app').relationship).toBe('root');
    expect(get('lib').scope).toBe('development');
    expect(get('fork').facts).toMatchObject({ commit: '0123456789abcdef0123456789abcdef01234567' });
  });

  it('reads named lock files, whose name has no dot', () => {
    const files = { 'pylock.dev.toml': lock, 'pylock.a.b.toml': lock, 'mypylock.toml': lock };

    expect(catalogText(pylock, files).packages).toHaveLength(4);
  });
});
