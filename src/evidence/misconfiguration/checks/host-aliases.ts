// SPDX-License-Identifier: Apache-2.0
import { podWith } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf } from '../workload.ts';

export const hostAliases = defineManifestCheck({
  id: 'host-aliases',
  title: 'Writes its own /etc/hosts',
  aliases: ['KSV-0007'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'low',
  why: 'Entries that are fixed in the manifest hide where a name really leads and are never updated.',
  remediation: 'Remove hostAliases and use DNS',
  urls: ['https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/'],
  example: {
    good: podWith('dnsPolicy: ClusterFirst'),
    bad: podWith('hostAliases: [{ ip: 10.0.0.1, hostnames: [db.example] }]'),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    const aliases = pod?.spec['hostAliases'];
    if (pod === undefined || aliases === undefined || aliases === null) return [];
    return [{ message: 'the Pod adds names to /etc/hosts', at: [...pod.specAt, 'hostAliases'] }];
  },
});
