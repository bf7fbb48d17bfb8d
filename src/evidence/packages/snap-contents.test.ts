// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { snapContents } from './snap-contents.ts';

describe('snapContents', () => {
  it('reads the packages of a base snap, which its name places in a release', () => {
    const text = 'packages:\n- adduser=3.118ubuntu2\n- gcc-10-base:amd64=10.5.0-1ubuntu1~20.04\n';
    const { get, distribution } = catalogText(snapContents, { 'snap/core20/2434/usr/share/snappy/dpkg.yaml': text });

    expect(get('gcc-10-base')).toMatchObject({
      purl: 'pkg:deb/ubuntu/gcc-10-base@10.5.0-1ubuntu1~20.04?arch=amd64',
      locations: [{ line: 3 }],
    });
    expect(distribution).toMatchObject({ id: 'ubuntu', versionId: '20.04' });
  });

  it('reads the packages that were staged into a snap', () => {
    const text =
      "snapcraft-os-release-id: ubuntu\nsnapcraft-os-release-version-id: '24.04'\narchitectures: [arm64]\nprimed-stage-packages:\n- shim=1.56+15.7\n";
    const { get, distribution } = catalogText(snapContents, { 'snap/manifest.yaml': text });

    expect(get('shim')).toMatchObject({ version: '1.56+15.7', facts: { architecture: 'arm64' } });
    expect(distribution).toMatchObject({ versionId: '24.04' });
  });

  it('reports an entry without version', () => {
    expect(
      catalogText(snapContents, { 'snap/manifest.yaml': 'primed-stage-packages: [shim]\n' }).problems,
    ).toMatchObject([{ hidesFindings: true }]);
  });
});
