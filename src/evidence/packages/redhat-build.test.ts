// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { redhatBuild } from './redhat-build.ts';

const dockerfile = `FROM scratch
ENV arch x86_64
ENV base="ubi"
LABEL com.redhat.component="\${base}8-container" \\
      version="8.3"
LABEL "release"="227" "architecture"=$arch
`;

describe('redhatBuild', () => {
  it('identifies the image by the labels of its Dockerfile', () => {
    const { get } = catalogText(redhatBuild, { 'root/buildinfo/Dockerfile-ubi8-8.3-227': dockerfile });

    expect(get('ubi8-container')).toMatchObject({ version: '8.3-227', facts: { architecture: 'x86_64' } });
  });

  it('gives the content sets of an image', () => {
    const { get } = catalogText(redhatBuild, {
      'root/buildinfo/content_manifests/ubi8-minimal-8.5-218.json': '{"content_sets":["a-rpms","b-rpms"]}',
    });

    expect(get('ubi8-minimal')).toMatchObject({
      version: '8.5-218',
      facts: { other: { contentSets: 'a-rpms b-rpms' } },
    });
  });

  it('reports broken manifests and labels that identify nothing', () => {
    const { problems } = catalogText(redhatBuild, {
      'root/buildinfo/content_manifests/a-1-2.json': 'broken',
      'root/buildinfo/Dockerfile-a': 'LABEL version="1"\n',
    });

    expect(problems).toMatchObject([{ hidesFindings: true }, { message: expect.stringContaining('release') }]);
  });

  it('lets variables not grow without end', () => {
    const text = `ENV a=${'x'.repeat(100)}\n${'ENV a=$a$a$a$a\n'.repeat(200)}LABEL com.redhat.component=$a version=1 release=1 architecture=x\n`;

    expect(catalogText(redhatBuild, { 'root/buildinfo/Dockerfile-a': text }).packages[0]?.name).toHaveLength(4096);
  });
});
