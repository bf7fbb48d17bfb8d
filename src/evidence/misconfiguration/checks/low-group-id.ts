// SPDX-License-Identifier: Apache-2.0
// Trivy only: numbers above 10000 are a matter of taste; root-group finds the group that matters.
import { lowIdFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const lowGroupId = defineManifestCheck({
  id: 'low-group-id',
  title: 'Runs as a group that the node may know',
  aliases: ['KSV-0021'],
  profiles: ['trivy'],
  severity: 'low',
  why: 'A number that also is a group of the node has the rights of that group after a breakout.',
  remediation: 'Set securityContext.runAsGroup to a number above 10000',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  example: {
    good: podWithContainer('securityContext: { runAsGroup: 10001 }'),
    bad: podWithContainer('securityContext: { runAsGroup: 1000 }'),
  },
  run: (resource) => lowIdFaults(resource, 'runAsGroup', 10_000),
});
