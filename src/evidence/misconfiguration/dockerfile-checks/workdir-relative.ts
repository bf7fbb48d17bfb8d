// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const workdirRelative = defineDockerfileCheck({
  id: 'workdir-relative',
  title: 'WORKDIR is relative',
  aliases: ['DL3000', 'DS-0009'],
  severity: 'low',
  why: 'A relative folder depends on the instruction before it and on the base image.',
  remediation: 'Begin the path of WORKDIR with a slash',
  urls: ['https://docs.docker.com/reference/dockerfile/#workdir'],
  example: { good: 'FROM alpine:3.20\nWORKDIR /srv/app\n', bad: 'FROM alpine:3.20\nWORKDIR srv/app\n' },
  run: ({ commands }) =>
    commands
      .filter(({ keyword, words }) => keyword === 'WORKDIR' && !/^(?:[/$\\]|[A-Za-z]:|%)/.test(words[0] ?? '/'))
      .map((command) => faultAt(command, `WORKDIR ${command.words[0]?.slice(0, 200) ?? ''} is relative`)),
});
