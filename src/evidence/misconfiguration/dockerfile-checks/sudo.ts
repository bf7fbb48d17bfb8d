// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns } from '../package-commands.ts';

export const sudo = defineDockerfileCheck({
  id: 'sudo',
  title: 'sudo is used while building',
  aliases: ['DL3004', 'DS-0010'],
  severity: 'medium',
  why: 'A build runs as root anyway, and sudo left in the image helps an attacker to become root.',
  remediation: 'Use USER to change the user, and remove sudo',
  urls: ['https://docs.docker.com/build/building/best-practices/#user'],
  example: {
    good: 'FROM alpine:3.20\nRUN apk add --no-cache curl\n',
    bad: 'FROM alpine:3.20\nRUN sudo apk add --no-cache curl\n',
  },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) =>
      commands.some(({ words }) => /^(?:\S{0,100}\/)?sudo$/.test(words[0] ?? ''))
        ? 'sudo is used in a build'
        : undefined,
    ),
});
