// SPDX-License-Identifier: Apache-2.0
import { faultsOfContainers } from '../container-faults.ts';
import { podWith, podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { securitySetting } from '../workload.ts';

export const runAsRoot = defineManifestCheck({
  id: 'run-as-root',
  title: 'May run as root',
  aliases: ['CIS-5.2.7', 'KSV-0012'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Whoever breaks out of a process that runs as root is root on the node unless user namespaces are used.',
  remediation: 'Set securityContext.runAsNonRoot to true for the Pod or the container',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  example: { good: podWith('securityContext: { runAsNonRoot: true }'), bad: podWithContainer('image: web') },
  run: (resource) =>
    faultsOfContainers(resource, (container, pod) => {
      const { value, at } = securitySetting(pod, container, 'runAsNonRoot');
      if (value === true) return undefined;
      return { message: 'may run as root', at, wanted: [{ at, value: true }] };
    }),
});
