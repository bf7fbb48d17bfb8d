// SPDX-License-Identifier: Apache-2.0
import { defineImageCheck } from '../image-check.ts';

export const noHealthCheck = defineImageCheck({
  id: 'no-health-check',
  title: 'No HEALTHCHECK',
  aliases: ['CIS-DI-0006', 'DS-0026'],
  severity: 'low',
  why: 'An engine that runs the image alone cannot tell a process that hangs from one that works. Kubernetes asks its own probes instead.',
  remediation: 'Add HEALTHCHECK, or define liveness and readiness probes where the image is run',
  urls: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
  run: ({ config }) => {
    const [kind] = config.runtime.healthCheck;
    if (kind !== undefined && kind !== 'NONE') return [];
    const message = kind === 'NONE' ? 'the health check is switched off' : 'no HEALTHCHECK is set';
    return [{ message, location: { path: 'config/Healthcheck' }, resource: 'HEALTHCHECK' }];
  },
});
