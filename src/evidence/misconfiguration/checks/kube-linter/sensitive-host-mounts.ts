// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { hostMountsTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterSensitiveHostMounts = defineManifestCheck({
  id: 'kube-linter-sensitive-host-mounts',
  title: 'A container mounts a directory of the system of the node',
  aliases: ['kube-linter/sensitive-host-mounts'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'Files of the host let a container read credentials of the node or change what it runs.',
  remediation: 'Remove the volume and its mount',
  urls: [],
  example: {
    good: deployment({
      pod: ['volumes: [{ name: host, hostPath: { path: /var/lib/shop } }]'],
      container: ['volumeMounts: [{ name: host, mountPath: /host }]'],
    }),
    bad: deployment({
      pod: ['volumes: [{ name: host, hostPath: { path: /etc } }]'],
      container: ['volumeMounts: [{ name: host, mountPath: /host }]'],
    }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(hostMountsTemplate, 'kube-linter-sensitive-host-mounts', {
    dirs: ['^/$', '^/boot$', '^/dev$', '^/etc$', '^/lib$', '^/proc$', '^/sys$', '^/usr$'],
  }),
});
