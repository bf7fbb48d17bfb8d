// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { writableHostMountTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterWritableHostMount = defineManifestCheck({
  id: 'kube-linter-writable-host-mount',
  title: 'A container can write to a directory of the node',
  aliases: ['kube-linter/writable-host-mount'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'Files that the node runs or trusts can be replaced from the container.',
  remediation: 'Set readOnly on the mount, or remove it',
  urls: [],
  example: {
    good: deployment({
      pod: ['volumes: [{ name: host, hostPath: { path: /var/log } }]'],
      container: ['volumeMounts: [{ name: host, mountPath: /host, readOnly: true }]'],
    }),
    bad: deployment({
      pod: ['volumes: [{ name: host, hostPath: { path: /var/log } }]'],
      container: ['volumeMounts: [{ name: host, mountPath: /host }]'],
    }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(writableHostMountTemplate, 'kube-linter-writable-host-mount'),
});
