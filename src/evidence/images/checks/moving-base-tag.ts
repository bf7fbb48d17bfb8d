// SPDX-License-Identifier: Apache-2.0
import { parseReference } from '../../../formats/oci/reference.ts';
import { defineImageCheck } from '../image-check.ts';

export const movingBaseTag = defineImageCheck({
  id: 'moving-base-tag',
  title: 'Base image by the tag latest',
  aliases: ['CIS-DI-0007', 'DS-0001'],
  severity: 'medium',
  why: 'The next build may get another base image, with other contents and other faults, without any change in the source.',
  remediation: 'Name the base image in FROM with a version and a digest: FROM name:1.2@sha256:…',
  urls: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
  run: ({ base }) => {
    if (base?.name === undefined) return [];
    const parsed = parseReference(base.name);
    if (parsed.kind === 'invalid' || parsed.reference.digest !== undefined) return [];
    const { tag } = parsed.reference;
    if (tag !== undefined && tag !== 'latest') return [];
    const message = `the image is built on ${base.name}${tag === undefined ? ', which means the tag latest' : ''}`;
    return [{ message, location: { path: 'annotations' }, resource: `FROM ${base.name}`, origin: 'base' }];
  },
});
