// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { uvLock } from './uv-lock.ts';

const lock = `version = 1

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "web" }]

[package.optional-dependencies]
cli = [{ name = "click" }]

[package.dev-dependencies]
dev = [{ name = "tester" }]

[[package]]
name = "web"
version = "2.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "lib", version = "1.0" }]
sdist = { url = "https://files.example/web.tar.gz", hash = "sha256:${'2'.repeat(64)}" }

[[package]]
name = "lib"
version = "1.0"

[[package]]
name = "lib"
version = "3.0"

[[package]]
name = "click"
version = "8.1"

[[package]]
name = "tester"
version = "7.0"
source = { git = "https://git.example/tester?rev=main#0123456789abcdef0123456789abcdef01234567" }
`;

describe('uvLock', () => {
  it('takes the project of the folder for the root, and its needs for direct', () => {
    const { get, problems } = catalogText(uvLock, { 'uv.lock': lock });

    expect(problems).toEqual([]);
    expect(get('app')).toMatchObject({ relationship: 'root', dependsOn: ['web@2.0', 'click@8.1', 'tester@7.0'] });
    expect(get('web')).toMatchObject({ relationship: 'direct', scope: 'runtime', dependsOn: ['lib@1.0'] });
  });

  it('knows extras and groups', () => {
    const { get } = catalogText(uvLock, { 'uv.lock': lock });

    expect(get('click')).toMatchObject({ scope: 'optional', facts: { groups: ['cli'] } });
    expect(get('tester')).toMatchObject({ scope: 'development', facts: { groups: ['dev'] } });
  });

  it('keeps the repository, commit and digests', () => {
    const { get } = catalogText(uvLock, { 'uv.lock': lock });

    expect(get('tester').facts).toMatchObject({
      repository: 'https://git.example/tester',
      commit: '0123456789abcdef0123456789abcdef01234567',
    });
    expect(get('web').digests).toEqual([`sha256:${'2'.repeat(64)}`]);
  });

  it('tells of a lock file without its project, but not of the lock file of a script', () => {
    const entry = '[[package]]\nname = "a"\nversion = "1"\n';

    const project = catalogText(uvLock, { 'uv.lock': entry });
    const script = catalogText(uvLock, { 'tool.py.lock': entry });

    expect(project.problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
    expect(project.names).toEqual(['a@1']);
    expect(script.problems).toEqual([]);
  });
});
