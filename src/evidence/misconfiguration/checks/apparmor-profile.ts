// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../formats/document.ts';
import { faultsOfContainers } from '../container-faults.ts';
import { podWithContainer } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { securitySetting } from '../workload.ts';

export const apparmorProfile = defineManifestCheck({
  id: 'apparmor-profile',
  title: 'AppArmor is weakened',
  aliases: ['KSV-0002'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'AppArmor keeps a program from files and capabilities that it does not need; a profile that nobody knows is often none.',
  remediation: 'Remove the profile or set it to RuntimeDefault',
  urls: ['https://kubernetes.io/docs/tutorials/security/apparmor/'],
  example: {
    good: podWithContainer('securityContext: { appArmorProfile: { type: RuntimeDefault } }'),
    bad: podWithContainer('securityContext: { appArmorProfile: { type: Unconfined } }'),
  },
  run: (resource) =>
    faultsOfContainers(resource, (container, pod) => {
      const key = `container.apparmor.security.beta.kubernetes.io/${container.name}`;
      const annotation = pod.annotations[key];
      if (typeof annotation === 'string' && annotation !== 'runtime/default' && !annotation.startsWith('localhost/'))
        return { message: `has the AppArmor profile ${annotation}`, at: [...pod.at, 'metadata', 'annotations', key] };
      const { value, at } = securitySetting(pod, container, 'appArmorProfile');
      if (asObject(value)?.['type'] !== 'Unconfined') return undefined;
      return { message: 'runs without an AppArmor profile', at };
    }),
});
