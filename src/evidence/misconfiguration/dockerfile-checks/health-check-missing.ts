// SPDX-License-Identifier: Apache-2.0
import { lineageOf } from '../../../formats/dockerfile-stages.ts';
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const healthCheckMissing = defineDockerfileCheck({
  id: 'health-check-missing',
  title: 'There is no health check',
  aliases: ['CIS-DI-0008', 'DL3057', 'DS-0026'],
  severity: 'low',
  why: 'Without a check a process that hangs counts as healthy where no orchestrator looks after it.',
  remediation: 'Add HEALTHCHECK, or HEALTHCHECK NONE where probes of Kubernetes do it',
  urls: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
  example: { good: 'FROM alpine:3.20\nHEALTHCHECK CMD ["check"]\n', bad: 'FROM alpine:3.20\nCMD ["app"]\n' },
  run: ({ stages }) => {
    const last = stages.at(-1);
    if (last === undefined) return [];
    const isThere = lineageOf(last).some(({ commands }) => commands.some(({ keyword }) => keyword === 'HEALTHCHECK'));
    return isThere ? [] : [faultAt(last.from, 'the final stage has no HEALTHCHECK')];
  },
});
