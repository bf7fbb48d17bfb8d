// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const baseImageTag = defineDockerfileCheck({
  id: 'base-image-tag',
  title: 'The base image has no fixed tag',
  aliases: ['DL3006', 'DL3007', 'DS-0001'],
  severity: 'medium',
  why: 'The build of tomorrow starts from another image than that of today.',
  remediation: 'Name a version, better a digest, of the base image',
  urls: ['https://docs.docker.com/reference/dockerfile/#from'],
  example: { good: 'FROM alpine:3.20\nUSER app\n', bad: 'FROM alpine\nUSER app\n' },
  run: ({ stages }) =>
    stages.flatMap(({ base, resolvedBase, parent, from }) => {
      const image = resolvedBase ?? base;
      if (parent !== undefined || image === 'scratch' || image.includes('@')) return [];
      const last = image.slice(image.lastIndexOf('/') + 1);
      const colon = last.indexOf(':');
      const tag = colon === -1 ? '' : last.slice(colon + 1);
      // A variable without a value may bring the tag.
      if (last.includes('$') || (tag !== '' && tag !== 'latest')) return [];
      const how = tag === '' ? 'no tag' : 'the tag latest';
      return [faultAt(from, `the base image ${image.slice(0, 200)} has ${how}`)];
    }),
});
