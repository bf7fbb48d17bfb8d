// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../formats/document.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

export const windowsHostProcess = defineManifestCheck({
  id: 'windows-host-process',
  title: 'Runs on the Windows node itself',
  aliases: ['KSV-0103'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'A host process container is not isolated from the node at all.',
  remediation: 'Remove windowsOptions.hostProcess',
  urls: ['https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/'],
  example: {
    good: podWith('securityContext: { windowsOptions: { hostProcess: false } }'),
    bad: podWith('securityContext: { windowsOptions: { hostProcess: true } }'),
  },
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
      .filter(({ context }) => asObject(context['windowsOptions'])?.['hostProcess'] === true)
      .map(({ name, at }) => {
        const member = [...at, 'securityContext', 'windowsOptions', 'hostProcess'];
        return { message: `${name} runs as a process of the node`, at: member, wanted: [{ at: member, value: false }] };
      });
  },
});
