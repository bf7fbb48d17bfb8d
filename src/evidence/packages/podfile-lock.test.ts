// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { podfileLock } from './podfile-lock.ts';

const lock = `PODS:
  - Center (4.2.0):
    - Center/Core (= 4.2.0)
  - Center/Core (4.2.0)
  - Keys (1.10)

DEPENDENCIES:
  - Center (~> 4.0)
  - Keys (from \`https://git.example/keys.git\`)

CHECKOUT OPTIONS:
  Keys:
    :commit: abcdef
    :git: https://git.example/keys.git
`;

describe('podfileLock', () => {
  it('gives pods and subspecs with their edges', () => {
    const { get } = catalogText(podfileLock, { 'Podfile.lock': lock });

    expect(get('Center')).toMatchObject({
      version: '4.2.0',
      relationship: 'direct',
      dependsOn: ['Center/Core@4.2.0'],
      locations: [{ line: 2 }],
    });
    expect(get('Center/Core')).toMatchObject({ relationship: 'indirect', purl: 'pkg:cocoapods/Center@4.2.0#Core' });
  });

  it('keeps versions as text and the commit of pods from git', () => {
    const { get } = catalogText(podfileLock, { 'Podfile.lock': lock });

    expect(get('Keys')).toMatchObject({
      version: '1.10',
      facts: { commit: 'abcdef', repository: 'https://git.example/keys.git' },
    });
  });

  it('reports a file that is none', () => {
    expect(catalogText(podfileLock, { 'Podfile.lock': 'just text' }).problems).toMatchObject([{ hidesFindings: true }]);
  });
});
