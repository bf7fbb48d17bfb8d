// SPDX-License-Identifier: Apache-2.0
// Trivy only: seccomp-profile covers the same and more.
import { asObject, asString } from '../../../formats/document.ts';
import { faultsOfContainers } from '../container-faults.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { securitySetting } from '../workload.ts';

export const seccompUnconfined = defineManifestCheck({
  id: 'seccomp-unconfined',
  title: 'Switches seccomp off',
  aliases: ['KSV-0104'],
  profiles: ['trivy'],
  severity: 'medium',
  why: 'Without a profile a program may use every system call, also those in which the kernel has had its worst bugs.',
  remediation: 'Set securityContext.seccompProfile.type to RuntimeDefault or Localhost',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWith('securityContext: { seccompProfile: { type: RuntimeDefault } }'),
    bad: podWith('securityContext: { seccompProfile: { type: Unconfined } }'),
  },
  run: (resource) =>
    faultsOfContainers(resource, (container, pod) => {
      const { value, at } = securitySetting(pod, container, 'seccompProfile');
      const annotation =
        pod.annotations[`container.seccomp.security.alpha.kubernetes.io/${container.name}`] ??
        pod.annotations['seccomp.security.alpha.kubernetes.io/pod'];
      const type = asString(asObject(value)?.['type']) ?? asString(annotation) ?? '';
      if (type !== '' && type.toLowerCase() !== 'unconfined') return undefined;
      return { message: type === '' ? 'has no seccomp profile' : 'runs unconfined by seccomp', at };
    }),
});
