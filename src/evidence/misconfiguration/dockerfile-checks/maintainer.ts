// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const maintainer = defineDockerfileCheck({
  id: 'maintainer',
  title: 'MAINTAINER is used',
  aliases: ['DL4000', 'DS-0022'],
  severity: 'low',
  why: 'The instruction is deprecated and other programs do not read it.',
  remediation: 'Use LABEL org.opencontainers.image.authors',
  urls: ['https://docs.docker.com/reference/dockerfile/#maintainer-deprecated'],
  example: {
    good: 'FROM alpine:3.20\nLABEL org.opencontainers.image.authors="team@example.org"\n',
    bad: 'FROM alpine:3.20\nMAINTAINER team@example.org\n',
  },
  run: ({ commands }) =>
    commands
      .filter(({ keyword }) => keyword === 'MAINTAINER')
      .map((command) => ({
        ...faultAt(command, 'MAINTAINER is deprecated'),
        edit: {
          from: `MAINTAINER ${command.text}`,
          to: `LABEL org.opencontainers.image.authors=${JSON.stringify(command.words.join(' '))}`,
          safety: 'safe' as const,
        },
      })),
});
