// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { swiftPackageResolved } from './swift-package-resolved.ts';

describe('swiftPackageResolved', () => {
  it('names packages by the address of their repository', () => {
    const text = JSON.stringify({
      version: 2,
      pins: [
        {
          identity: 'nimble',
          kind: 'remoteSourceControl',
          location: 'https://github.com/Quick/Nimble.git',
          state: { revision: 'c1f3', version: '9.2.1' },
        },
        { identity: 'ogg', location: 'git@git.example:audio/ogg.git', state: { branch: 'main', revision: 'ff00' } },
      ],
    });

    const { get } = catalogText(swiftPackageResolved, { 'Package.resolved': text });

    expect(get('github.com/Quick/Nimble')).toMatchObject({
      version: '9.2.1',
      purl: 'pkg:swift/github.com/Quick/nimble@9.2.1',
      facts: { commit: 'c1f3' },
    });
    expect(get('git.example/audio/ogg')).toMatchObject({
      version: '',
      facts: { commit: 'ff00', other: { branch: 'main' } },
    });
  });

  it('reads the pins of version 1', () => {
    const text =
      '{"object":{"pins":[\n{"package":"A","repositoryURL":"https://git.example/o/a","state":{"version":"1.0.0"}}]},"version":1}';

    const { get } = catalogText(swiftPackageResolved, { 'Package.resolved': text });

    expect(get('git.example/o/a').locations).toEqual([{ path: 'Package.resolved', line: 2, endLine: 2 }]);
  });
});
