// SPDX-License-Identifier: Apache-2.0
import { deployment } from '../../example-manifests.ts';
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { hostMountsTemplate } from '../../kube-linter/pod-templates.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterDockerSock = defineManifestCheck({
  id: 'kube-linter-docker-sock',
  title: 'A container has the socket of the container runtime',
  aliases: ['kube-linter/docker-sock'],
  profiles: ['kube-linter'],
  severity: 'high',
  why: 'Whoever talks to the socket starts privileged containers and so owns the node.',
  remediation: 'Remove the volume and its mount',
  urls: [],
  example: {
    good: deployment({
      pod: ['volumes: [{ name: host, hostPath: { path: /var/lib/shop } }]'],
      container: ['volumeMounts: [{ name: host, mountPath: /host }]'],
    }),
    bad: deployment({
      pod: ['volumes: [{ name: host, hostPath: { path: /var/run/docker.sock } }]'],
      container: ['volumeMounts: [{ name: host, mountPath: /host }]'],
    }),
  },
  kinds: plainKinds(['DeploymentLike']),
  run: builtIn(hostMountsTemplate, 'kube-linter-docker-sock', { dirs: ['docker.sock$'] }),
});
