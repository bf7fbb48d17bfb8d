// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { renvLock } from './renv-lock.ts';

const lock = JSON.stringify({
  Packages: {
    markdown: {
      Package: 'markdown',
      Version: '1.0',
      Source: 'Repository',
      Repository: 'CRAN',
      Requirements: ['mime', 'tools'],
    },
    mime: {
      Package: 'mime',
      Version: '0.12.1',
      Source: 'GitHub',
      RemoteHost: 'api.github.com',
      RemoteUsername: 'person',
      RemoteRepo: 'mime',
      RemoteSha: '0123456789abcdef0123456789abcdef01234567',
    },
    broken: { Package: 'broken' },
  },
});

describe('renvLock', () => {
  it('reads versions, relations and repositories', () => {
    const { get } = catalogText(renvLock, { 'renv.lock': lock });

    expect(get('markdown')).toMatchObject({ purl: 'pkg:cran/markdown@1.0', dependsOn: ['mime@0.12.1'] });
    expect(get('mime').facts).toMatchObject({
      repository: 'https://github.com/person/mime',
      commit: '0123456789abcdef0123456789abcdef01234567',
    });
  });

  it('tells of packages without a version', () => {
    expect(catalogText(renvLock, { 'renv.lock': lock }).problems).toMatchObject([
      { kind: 'schema', hidesFindings: true },
    ]);
  });

  it('reads the fields of DESCRIPTION that newer lock files hold', () => {
    const newer = {
      Packages: { a: { Package: 'a', Version: '1', Imports: ['b (>= 2)'] }, b: { Package: 'b', Version: '2' } },
    };

    expect(catalogText(renvLock, { 'renv.lock': JSON.stringify(newer) }).get('a').dependsOn).toEqual(['b@2']);
  });
});
