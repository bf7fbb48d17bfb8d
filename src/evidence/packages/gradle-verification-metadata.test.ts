// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { gradleVerificationMetadata } from './gradle-verification-metadata.ts';

const sum = 'a'.repeat(64);

describe('gradleVerificationMetadata', () => {
  it('gives components with the checksum of the archive', () => {
    const text = `<verification-metadata><components>
<component group="org.a" name="one" version="1">
<artifact name="one-1.pom"><sha256 value="${'b'.repeat(64)}"/></artifact>
<artifact name="one-1.jar"><sha256 value="${sum}"/></artifact>
</component>
</components></verification-metadata>`;

    const { get } = catalogText(gradleVerificationMetadata, { 'gradle/verification-metadata.xml': text });

    expect(get('org.a:one')).toMatchObject({
      version: '1',
      digests: [`sha256:${sum}`],
      locations: [{ path: 'gradle/verification-metadata.xml', line: 2, endLine: 5 }],
    });
  });
});
