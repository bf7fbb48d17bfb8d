// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { dockerfileImages } from './dockerfile-images.ts';

describe('dockerfileImages', () => {
  it('gives the image that runs and those that only build', () => {
    const text =
      'ARG BASE=node:24\nFROM golang:1.23 AS build\nRUN go build\nFROM --platform=linux/amd64 ${BASE}\nCOPY --from=build /a /a\nCOPY --from=busybox:1.36 /bin/sh /sh\n';

    const { get, packages } = catalogText(dockerfileImages, { Dockerfile: text });

    expect(get('node')).toMatchObject({
      version: '24',
      scope: 'runtime',
      purl: 'pkg:docker/node@24',
      locations: [{ line: 4 }],
    });
    expect(get('golang').scope).toBe('build');
    expect(get('busybox').scope).toBe('build');
    expect(packages).toHaveLength(3);
  });

  it('prefers the digest, keeps the tag, and names the registry', () => {
    const digest = `sha256:${'b'.repeat(64)}`;

    const { get } = catalogText(dockerfileImages, {
      'app.Dockerfile': `FROM reg.example:5000/team/app:1.2@${digest}\n`,
    });

    expect(get('reg.example:5000/team/app')).toMatchObject({
      version: digest,
      digests: [digest],
      facts: { other: { tag: '1.2' } },
    });
    expect(get('reg.example:5000/team/app').purl).toBe(
      `pkg:docker/team/app@${digest}?repository_url=reg.example:5000&tag=1.2`,
    );
  });

  it('passes over scratch, and over what stands in a here-document', () => {
    const { packages } = catalogText(dockerfileImages, { Dockerfile: 'FROM scratch\nRUN <<EOF\nFROM fake:1\nEOF\n' });

    expect(packages).toEqual([]);
  });

  it('remarks on an image that a build argument without default decides', () => {
    const { problems } = catalogText(dockerfileImages, { Dockerfile: 'ARG BASE\nFROM $BASE\n' });

    expect(problems).toMatchObject([{ kind: 'unresolved', location: { line: 2 }, hidesFindings: false }]);
  });
});
