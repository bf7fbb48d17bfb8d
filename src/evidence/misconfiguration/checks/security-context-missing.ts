// SPDX-License-Identifier: Apache-2.0
// Trivy only: what a missing security context leads to is said one by one by other checks.
import { faultsOfContainers } from '../container-faults.ts';
import { podWith, podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

export const securityContextMissing = defineManifestCheck({
  id: 'security-context-missing',
  title: 'Has no security context',
  aliases: ['CIS-5.7.3', 'KSV-0118'],
  profiles: ['trivy'],
  severity: 'high',
  why: 'Without a security context everything is as the runtime does it, which means root and a writable root file system.',
  remediation: 'Set a securityContext for the Pod, and for containers what is theirs',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  example: { good: podWith('securityContext: { runAsNonRoot: true }'), bad: podWithContainer('image: web') },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    if (Object.keys(pod.securityContext).length > 0) return [];
    const ofPod = { message: 'the Pod has no security context', at: [...pod.specAt, 'securityContext'] };
    const ofContainers = faultsOfContainers(resource, ({ securityContext, at }) =>
      Object.keys(securityContext).length > 0
        ? undefined
        : { message: 'has no security context', at: [...at, 'securityContext'] },
    );
    return [ofPod, ...ofContainers];
  },
});
