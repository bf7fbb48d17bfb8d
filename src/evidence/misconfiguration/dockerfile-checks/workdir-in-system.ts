// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

const system = /^\/(?:proc|boot|dev|initrd|lost\+found)(?:\/|$)/;

export const workdirInSystem = defineDockerfileCheck({
  id: 'workdir-in-system',
  title: 'WORKDIR is a folder of the kernel',
  aliases: ['DS-0030'],
  severity: 'high',
  why: 'Below /proc and /dev a working directory reaches files of the node (CVE-2024-21626).',
  remediation: 'Use a folder of the program',
  urls: ['https://docs.docker.com/reference/dockerfile/#workdir'],
  example: { good: 'FROM alpine:3.20\nWORKDIR /srv/app\n', bad: 'FROM alpine:3.20\nWORKDIR /proc/self/fd/8\n' },
  run: ({ commands }) =>
    commands
      .filter(({ keyword, words }) => keyword === 'WORKDIR' && system.test(words[0] ?? ''))
      .map((command) => faultAt(command, `WORKDIR ${command.words[0]?.slice(0, 200) ?? ''} belongs to the system`)),
});
