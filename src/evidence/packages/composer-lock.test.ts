// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { composerLock } from './composer-lock.ts';

const lock = JSON.stringify(
  {
    packages: [
      {
        name: 'acme/log',
        version: 'v1.2.0',
        license: ['MIT'],
        require: { php: '>=8', 'acme/contract': '^1' },
        source: { type: 'git', url: 'https://git.example/log', reference: 'ab12' },
      },
      { name: 'acme/all', version: '2.0.0', replace: { 'acme/contract': 'self.version' } },
    ],
    'packages-dev': [{ name: 'acme/test', version: '3.0.0' }],
  },
  null,
  1,
);

describe('composerLock', () => {
  it('gives scope, licence, purl and commit of each package', () => {
    const { get } = catalogText(composerLock, { 'composer.lock': lock });

    expect(get('acme/log')).toMatchObject({
      scope: 'runtime',
      licenses: ['MIT'],
      purl: 'pkg:composer/acme/log@v1.2.0',
      facts: { commit: 'ab12' },
    });
    expect(get('acme/test').scope).toBe('development');
    expect(get('acme/log').relationship).toBe('unknown');
  });

  it('follows a requirement to the package that replaces it', () => {
    const { get } = catalogText(composerLock, { 'composer.lock': lock });

    expect(get('acme/log').dependsOn).toEqual(['acme/all@2.0.0']);
  });

  it('tells direct from indirect with composer.json', () => {
    const manifest = '{"name":"me/app","require":{"Acme/Log":"^1"},"require-dev":{"acme/test":"^3"}}';

    const { get } = catalogText(composerLock, { 'composer.lock': lock, 'composer.json': manifest });

    expect(get('me/app')).toMatchObject({ relationship: 'root', dependsOn: ['acme/log@v1.2.0', 'acme/test@3.0.0'] });
    expect(get('acme/log').relationship).toBe('direct');
    expect(get('acme/all').relationship).toBe('indirect');
  });

  it('reports what is no lock file at all', () => {
    expect(catalogText(composerLock, { 'composer.lock': 'null' }).problems).toMatchObject([{ hidesFindings: true }]);
    expect(catalogText(composerLock, { 'composer.lock': '{"packages": [' }).problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });
});
