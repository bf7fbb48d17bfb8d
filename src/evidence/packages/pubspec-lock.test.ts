// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pubspecLock } from './pubspec-lock.ts';

const lock = `packages:
  crypto:
    dependency: "direct main"
    description:
      name: crypto
      sha256: ff625774173754681d66daaf4a448684fb04b78f902da9cb3d308c19cc5e8bab
      url: "https://pub.internal.example"
    source: hosted
    version: "3.0.3"
  typed_data:
    dependency: transitive
    description:
      name: typed_data
    source: hosted
    version: "1.10"
  lints:
    dependency: "direct dev"
    source: hosted
    version: "2.0.0"
  mine:
    dependency: "direct main"
    description:
      resolved-ref: abcdef01
      url: "https://git.example/mine.git"
    source: git
    version: "0.1.0"
`;

describe('pubspecLock', () => {
  it('gives relationship, scope and the version as text', () => {
    const { get } = catalogText(pubspecLock, { 'pubspec.lock': lock });

    expect(get('crypto')).toMatchObject({ relationship: 'direct', scope: 'runtime', locations: [{ line: 2 }] });
    expect(get('typed_data')).toMatchObject({ relationship: 'indirect', version: '1.10' });
    expect(get('lints')).toMatchObject({ relationship: 'direct', scope: 'development' });
  });

  it('names the server and the repository of packages that are not from the public one', () => {
    const { get } = catalogText(pubspecLock, { 'pubspec.lock': lock });

    expect(get('crypto').purl).toBe('pkg:pub/crypto@3.0.3?hosted_url=pub.internal.example');
    expect(get('mine').facts).toMatchObject({ repository: 'https://git.example/mine.git', commit: 'abcdef01' });
  });

  it('takes edges from a pub cache in the tree', () => {
    const cache = {
      'cache/hosted/pub.internal.example/crypto-3.0.3/pubspec.yaml':
        'name: crypto\ndependencies:\n  typed_data: ^1.3.0\n',
    };

    const { get } = catalogText(pubspecLock, { 'pubspec.lock': lock, ...cache });

    expect(get('crypto').dependsOn).toEqual(['typed_data@1.10']);
  });

  it('reports an empty file', () => {
    expect(catalogText(pubspecLock, { 'pubspec.lock': '' }).problems).toMatchObject([{ hidesFindings: true }]);
  });
});
