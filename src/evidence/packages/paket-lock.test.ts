// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { paketLock } from './paket-lock.ts';

const lock = `NUGET
  remote: https://feed.example/v3/index.json
    One (1.0) - restriction: >= net6.0
      Two (>= 2.0)
    Two (2.1)
GITHUB
  remote: owner/Repo
    src/File.fs (0123456789abcdef0123456789abcdef01234567)

GROUP Test
NUGET
  remote: https://feed.example/v3/index.json
    Two (3.0)
`;

describe('paketLock', () => {
  it('gives packages with edges inside their group', () => {
    const { packages } = catalogText(paketLock, { 'paket.lock': lock });

    expect(packages.find((item) => item.id === 'One@1.0')).toMatchObject({
      relationship: 'direct',
      dependsOn: ['Two@2.1'],
    });
    expect(packages.find((item) => item.id === 'Two@2.1')).toMatchObject({
      relationship: 'indirect',
      scope: 'runtime',
    });
    expect(packages.find((item) => item.id === 'Two@3.0')).toMatchObject({
      scope: 'test',
      facts: { groups: ['Test'] },
    });
  });

  it('names GitHub sources by repository and commit', () => {
    const { get } = catalogText(paketLock, { 'paket.lock': lock });

    expect(get('owner/Repo')).toMatchObject({
      type: 'github',
      purl: 'pkg:github/owner/repo@0123456789abcdef0123456789abcdef01234567',
      facts: { commit: '0123456789abcdef0123456789abcdef01234567' },
    });
  });

  it('tells of a package line that was cut off', () => {
    const { names, problems } = catalogText(paketLock, { 'paket.lock': 'NUGET\n    One (1.0)\n      Two\n    Thr' });

    expect(names).toEqual(['One@1.0']);
    expect(problems).toMatchObject([{ kind: 'syntax', location: { line: 4 }, hidesFindings: true }]);
  });
});
