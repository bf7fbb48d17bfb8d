// SPDX-License-Identifier: Apache-2.0
// Trivy only: whoever must not be root is told by run-as-root; numbers above 10000 are a matter of taste.
import { lowIdFaults } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const lowUserId = defineManifestCheck({
  id: 'low-user-id',
  title: 'Runs as a user that the node may know',
  aliases: ['KSV-0020'],
  profiles: ['trivy'],
  severity: 'low',
  why: 'A number that also is a user of the node has the rights of that user after a breakout.',
  remediation: 'Set securityContext.runAsUser to a number above 10000',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  example: {
    good: podWithContainer('securityContext: { runAsUser: 10001 }'),
    bad: podWithContainer('securityContext: { runAsUser: 1000 }'),
  },
  run: (resource) => lowIdFaults(resource, 'runAsUser', 10_000),
});
