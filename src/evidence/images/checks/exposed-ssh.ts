// SPDX-License-Identifier: Apache-2.0
import { defineImageCheck, stepLocation } from '../image-check.ts';

export const exposedSsh = defineImageCheck({
  id: 'exposed-ssh',
  title: 'SSH port exposed',
  aliases: ['DS-0004'],
  severity: 'medium',
  why: 'A shell for whoever reaches the port bypasses the access control and the audit log of the cluster.',
  remediation: 'Take the SSH server and EXPOSE 22 out; use kubectl exec or debug, which are logged',
  urls: [],
  run: ({ config, steps }) => {
    if (!config.runtime.exposedPorts.some((port) => /^22(?:\/tcp)?$/.test(port))) return [];
    const step = steps.findLast(({ text }) => /^EXPOSE\b.{0,500}\b22\b/.test(text));
    return [
      {
        message: 'the port 22 (SSH) is exposed',
        location: step === undefined ? { path: 'config/ExposedPorts' } : stepLocation(step),
        resource: 'EXPOSE 22',
        origin: step?.origin,
      },
    ];
  },
});
