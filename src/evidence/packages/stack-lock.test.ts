// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { stackLock } from './stack-lock.ts';
import { stackYaml } from './stack-yaml.ts';

const hash = '8'.repeat(64);

describe('stackLock', () => {
  it('reads packages of Hackage and of repositories', () => {
    const text = `packages:
- completed:
    hackage: postgresql-libpq-0.10.1.0@sha256:${hash},3166
  original:
    hackage: postgresql-libpq-0.10.1.0
- completed:
    commit: 0123456789abcdef0123456789abcdef01234567
    git: https://git.example/tool.git
    name: tool
    version: 0.60.0.0
snapshots:
- completed:
    url: https://snapshots.example/lts.yaml
  original: lts-22.41
`;

    const { get, problems } = catalogText(stackLock, { 'stack.yaml.lock': text });

    expect(problems).toEqual([]);
    expect(get('postgresql-libpq')).toMatchObject({
      purl: 'pkg:hackage/postgresql-libpq@0.10.1.0',
      locations: [{ line: 2 }],
      facts: { other: { cabalFile: `sha256:${hash}`, snapshot: 'https://snapshots.example/lts.yaml' } },
    });
    expect(get('tool').facts).toMatchObject({ commit: '0123456789abcdef0123456789abcdef01234567' });
  });

  it('tells of entries that name no package', () => {
    expect(
      catalogText(stackLock, { 'stack.yaml.lock': 'packages:\n- completed: {hackage: oops}\nsnapshots: []\n' })
        .problems,
    ).toMatchObject([{ kind: 'schema' }]);
  });

  it('does not take a file that was cut off for all packages', () => {
    const text = `packages:\n- completed:\n    hackage: one-1.0@sha256:${hash},1\n- completed:\n    hackage: two-1.0`;

    expect(catalogText(stackLock, { 'stack.yaml.lock': text }).problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });
});

describe('stackYaml', () => {
  it('reads extra-deps and passes over folders', () => {
    const text = `extra-deps:\n- spdx-1.0.0.2@sha256:${hash},2008\n- ./local\n- vendor/lib\n- git: https://git.example/x\n  commit: abc\n`;

    const { get, names, problems } = catalogText(stackYaml, { 'stack.yaml': text });

    expect(problems).toEqual([]);
    expect(names).toEqual(['spdx@1.0.0.2']);
    expect(get('spdx').relationship).toBe('direct');
  });
});
