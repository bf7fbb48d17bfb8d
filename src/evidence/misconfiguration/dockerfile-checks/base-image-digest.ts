// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const baseImageDigest = defineDockerfileCheck({
  id: 'base-image-digest',
  title: 'The base image is not pinned to a digest',
  aliases: ['CIS-DI-0006'],
  severity: 'low',
  why: 'A tag can be moved to another image at any time; a digest cannot.',
  remediation: 'Add @sha256: and the digest to the base image',
  urls: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
  example: {
    good: 'FROM alpine:3.20@sha256:0000000000000000000000000000000000000000000000000000000000000000\n',
    bad: 'FROM alpine:3.20\n',
  },
  run: ({ stages }) =>
    stages.flatMap(({ base, resolvedBase, parent, from }) => {
      const image = resolvedBase ?? base;
      if (parent !== undefined || image === 'scratch' || image.includes('$')) return [];
      if (/@[a-z0-9]{1,20}:[0-9a-f]{32,}/.test(image)) return [];
      return [faultAt(from, `the base image ${image.slice(0, 200)} is not pinned to a digest`)];
    }),
});
