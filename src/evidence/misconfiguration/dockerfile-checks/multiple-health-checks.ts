// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const multipleHealthChecks = defineDockerfileCheck({
  id: 'multiple-health-checks',
  title: 'A stage has several HEALTHCHECK instructions',
  aliases: ['DL3012', 'DS-0023'],
  severity: 'low',
  why: 'Only the last one has an effect; the others mislead whoever reads the file.',
  remediation: 'Leave one HEALTHCHECK in each stage',
  urls: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
  example: {
    good: 'FROM alpine:3.20\nHEALTHCHECK CMD ["check"]\n',
    bad: 'FROM alpine:3.20\nHEALTHCHECK CMD ["check"]\nHEALTHCHECK CMD ["check"]\n',
  },
  run: ({ stages }) =>
    stages.flatMap(({ commands }) => {
      const found = commands.filter(({ keyword }) => keyword === 'HEALTHCHECK');
      const [, second] = found;
      return second === undefined ? [] : [faultAt(second, `the stage has ${found.length} HEALTHCHECK instructions`)];
    }),
});
