// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const multipleEntrypoints = defineDockerfileCheck({
  id: 'multiple-entrypoints',
  title: 'A stage has several ENTRYPOINT instructions',
  aliases: ['DL4004', 'DS-0007'],
  severity: 'medium',
  why: 'Only the last one has an effect; the others mislead whoever reads the file.',
  remediation: 'Leave one ENTRYPOINT in each stage',
  urls: ['https://docs.docker.com/reference/dockerfile/#entrypoint'],
  example: {
    good: 'FROM alpine:3.20\nENTRYPOINT ["app"]\n',
    bad: 'FROM alpine:3.20\nENTRYPOINT ["app"]\nENTRYPOINT ["app"]\n',
  },
  run: ({ stages }) =>
    stages.flatMap(({ commands }) => {
      const found = commands.filter(({ keyword }) => keyword === 'ENTRYPOINT');
      const [, second] = found;
      return second === undefined ? [] : [faultAt(second, `the stage has ${found.length} ENTRYPOINT instructions`)];
    }),
});
