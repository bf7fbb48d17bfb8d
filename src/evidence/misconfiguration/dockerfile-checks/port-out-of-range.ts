// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const portOutOfRange = defineDockerfileCheck({
  id: 'port-out-of-range',
  title: 'A port that does not exist is exposed',
  aliases: ['DL3011', 'DS-0008'],
  severity: 'medium',
  why: 'Ports end at 65535; the instruction has no effect or stops the build.',
  remediation: 'Use a port between 0 and 65535',
  urls: ['https://docs.docker.com/reference/dockerfile/#expose'],
  example: { good: 'FROM alpine:3.20\nEXPOSE 8080\n', bad: 'FROM alpine:3.20\nEXPOSE 70000\n' },
  run: ({ commands }) =>
    commands.flatMap((command) => {
      if (command.keyword !== 'EXPOSE') return [];
      const wrong = command.words.find((word) =>
        (word.split('/')[0] ?? '').split('-').some((port) => /^\d{1,20}$/.test(port) && Number(port) > 65_535),
      );
      return wrong === undefined ? [] : [faultAt(command, `the port ${wrong.slice(0, 60)} does not exist`)];
    }),
});
