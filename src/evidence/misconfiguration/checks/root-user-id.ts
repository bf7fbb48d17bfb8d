// SPDX-License-Identifier: Apache-2.0
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

export const rootUserId = defineManifestCheck({
  id: 'root-user-id',
  title: 'Runs as user 0',
  aliases: ['KSV-0105'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'Whoever breaks out of a process that runs as root is root on the node unless user namespaces are used.',
  remediation: 'Set securityContext.runAsUser to another number, or remove it',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  example: { good: podWith('securityContext: { runAsUser: 1337 }'), bad: podWith('securityContext: { runAsUser: 0 }') },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const places = [
      { name: 'the Pod', at: pod.specAt, context: pod.securityContext },
      ...pod.containers.map(({ name, at, securityContext }) => ({
        name: `the container ${name}`,
        at,
        context: securityContext,
      })),
    ];
    return places
      .filter(({ context }) => context['runAsUser'] === 0)
      .map(({ name, at }) => ({ message: `${name} runs as user 0`, at: [...at, 'securityContext', 'runAsUser'] }));
  },
});
