// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, programOf } from '../package-commands.ts';

export const shellReplaced = defineDockerfileCheck({
  id: 'shell-replaced',
  title: '/bin/sh is replaced by a link',
  aliases: ['DL4005'],
  severity: 'low',
  why: 'The shell of the base image is changed for every program in it.',
  remediation: 'Use the SHELL instruction',
  urls: ['https://docs.docker.com/reference/dockerfile/#shell'],
  example: {
    good: 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\n',
    bad: 'FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\n',
  },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) =>
      commands.some((command) => programOf(command) === 'ln' && command.words.includes('/bin/sh'))
        ? '/bin/sh is replaced by a link'
        : undefined,
    ),
});
