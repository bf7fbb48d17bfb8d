// SPDX-License-Identifier: Apache-2.0
import { podWith } from '../example-manifests.ts';
import { hostPathOf } from '../host-path.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf, volumesOf } from '../workload.ts';

const folders = new Set(['/', '/boot', '/dev', '/etc', '/lib', '/proc', '/sys', '/usr', '/var/lib/docker']);

export const sensitiveHostPath = defineManifestCheck({
  id: 'sensitive-host-path',
  title: 'Mounts a folder of the system of the node',
  aliases: ['KSV-0121'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'These folders hold configuration, devices and programs of the node; who writes there owns it.',
  remediation: 'Remove the hostPath volume',
  urls: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  example: {
    good: podWith('volumes: [{ name: data, hostPath: { path: /srv/data } }]'),
    bad: podWith('volumes: [{ name: etc, hostPath: { path: /etc } }]'),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const found = volumesOf(pod).filter(({ volume }) => folders.has(hostPathOf(volume) ?? ''));
    const [first] = found;
    if (first === undefined) return [];
    const paths = found.slice(0, 20).map(({ volume }) => hostPathOf(volume));
    return [{ message: `the Pod mounts ${paths.join(', ')} of the node`, at: [...first.at, 'hostPath', 'path'] }];
  },
});
