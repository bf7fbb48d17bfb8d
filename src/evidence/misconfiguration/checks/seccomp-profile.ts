// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../formats/document.ts';
import { faultsOfContainers } from '../container-faults.ts';
import { podWith, podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf, textOf } from '../workload.ts';

/** What Kubernetes before 1.19 read. */
const podAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';

export const seccompProfile = defineManifestCheck({
  id: 'seccomp-profile',
  title: 'Has no seccomp profile',
  aliases: ['CIS-5.7.2', 'KSV-0030'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'Without a profile a program may use every system call, also those in which the kernel has had its worst bugs.',
  remediation: 'Set securityContext.seccompProfile.type to RuntimeDefault for the Pod',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  example: {
    good: podWith('securityContext: { seccompProfile: { type: RuntimeDefault } }'),
    bad: podWithContainer('image: web'),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    const annotation = pod?.annotations[podAnnotation];
    if (pod !== undefined && annotation !== undefined) {
      if (annotation === 'runtime/default') return [];
      const at = [...pod.at, 'metadata', 'annotations', podAnnotation];
      return [{ message: `the Pod has the seccomp profile ${textOf(annotation)}`, at }];
    }
    return faultsOfContainers(resource, (container, { specAt, securityContext }) => {
      const own = asObject(container.securityContext['seccompProfile'])?.['type'];
      const type = own ?? asObject(securityContext['seccompProfile'])?.['type'];
      if (type === 'RuntimeDefault' || type === 'Localhost') return undefined;
      const at = [...(own === undefined ? specAt : container.at), 'securityContext', 'seccompProfile', 'type'];
      const how = type === undefined ? 'no seccomp profile' : `the seccomp profile ${textOf(type)}`;
      return { message: `has ${how}`, at, wanted: [{ at, value: 'RuntimeDefault' }] };
    });
  },
});
