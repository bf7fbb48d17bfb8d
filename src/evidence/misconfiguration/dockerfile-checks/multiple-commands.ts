// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const multipleCommands = defineDockerfileCheck({
  id: 'multiple-commands',
  title: 'A stage has several CMD instructions',
  aliases: ['DL4003', 'DS-0016'],
  severity: 'low',
  why: 'Only the last one has an effect; the others mislead whoever reads the file.',
  remediation: 'Leave one CMD in each stage',
  urls: ['https://docs.docker.com/reference/dockerfile/#cmd'],
  example: { good: 'FROM alpine:3.20\nCMD ["app"]\n', bad: 'FROM alpine:3.20\nCMD ["app"]\nCMD ["app"]\n' },
  run: ({ stages }) =>
    stages.flatMap(({ commands }) => {
      const found = commands.filter(({ keyword }) => keyword === 'CMD');
      const [, second] = found;
      return second === undefined ? [] : [faultAt(second, `the stage has ${found.length} CMD instructions`)];
    }),
});
