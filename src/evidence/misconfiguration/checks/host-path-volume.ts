// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../../../formats/document.ts';
import { podWith } from '../example-manifests.ts';
import { hostPathOf } from '../host-path.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf, volumesOf } from '../workload.ts';

export const hostPathVolume = defineManifestCheck({
  id: 'host-path-volume',
  title: 'Mounts a folder of the node',
  aliases: ['KSV-0023'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'medium',
  why: 'Files of the node can be read or changed, and what is written there stays when the Pod is gone.',
  remediation: 'Replace the hostPath volume with a volume of the cluster',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWith('volumes: [{ name: data, emptyDir: {} }]'),
    bad: podWith('volumes: [{ name: data, hostPath: { path: /srv/data } }]'),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const found = volumesOf(pod).filter(({ volume }) => asObject(volume['hostPath']) !== undefined);
    const [first] = found;
    if (first === undefined) return [];
    const names = found.slice(0, 20).map(({ name, volume }) => `${name} (${hostPathOf(volume) ?? 'no path'})`);
    return [{ message: `the Pod mounts folders of the node: ${names.join(', ')}`, at: [...first.at, 'hostPath'] }];
  },
});
