// SPDX-License-Identifier: Apache-2.0
import { asArray } from '../../../formats/document.ts';
import { faultsOfContainers } from '../container-faults.ts';
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

export const rootGroup = defineManifestCheck({
  id: 'root-group',
  title: 'Runs in the group of root',
  aliases: ['KSV-0116'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'Files of the node that the group of root may read or write are open to the container after a breakout.',
  remediation: 'Set runAsGroup, fsGroup and supplementalGroups to other numbers than 0',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  example: { good: podWith('securityContext: { runAsGroup: 10001 }'), bad: podWith('securityContext: { fsGroup: 0 }') },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const context = pod.securityContext;
    const wrong = ['runAsGroup', 'fsGroup'].filter((member) => context[member] === 0);
    if (asArray(context['supplementalGroups']).includes(0)) wrong.push('supplementalGroups');
    const [first] = wrong;
    const ofPod =
      first === undefined
        ? []
        : [
            {
              message: `the Pod has the group 0 in ${wrong.join(', ')}`,
              at: [...pod.specAt, 'securityContext', first],
            },
          ];
    const ofContainers = faultsOfContainers(resource, ({ securityContext, at }) =>
      securityContext['runAsGroup'] === 0
        ? { message: 'runs in the group 0', at: [...at, 'securityContext', 'runAsGroup'] }
        : undefined,
    );
    return [...ofPod, ...ofContainers];
  },
});
