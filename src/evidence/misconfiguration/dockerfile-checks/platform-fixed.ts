// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const platformFixed = defineDockerfileCheck({
  id: 'platform-fixed',
  title: 'The platform of the base image is fixed',
  aliases: ['DL3029'],
  severity: 'low',
  why: 'The image is built for one processor whatever the builder asks for.',
  remediation: 'Use $BUILDPLATFORM or $TARGETPLATFORM, or leave --platform out',
  urls: ['https://docs.docker.com/reference/dockerfile/#from'],
  example: { good: 'FROM --platform=$BUILDPLATFORM alpine:3.20\n', bad: 'FROM --platform=linux/amd64 alpine:3.20\n' },
  run: ({ stages }) =>
    stages.flatMap(({ from }) => {
      const platform = from.flags.find(({ name }) => name === 'platform')?.value ?? '';
      if (platform === '' || platform.includes('$')) return [];
      return [faultAt(from, `the stage is always built for ${platform.slice(0, 60)}`)];
    }),
});
