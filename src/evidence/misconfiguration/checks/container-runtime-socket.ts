// SPDX-License-Identifier: Apache-2.0
import { podWith } from '../example-manifests.ts';
import { hostPathOf } from '../host-path.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { podTemplateOf, volumesOf } from '../workload.ts';

const sockets = new Set([
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/var/run/containerd/containerd.sock',
  '/run/containerd/containerd.sock',
  '/var/run/crio/crio.sock',
  '/run/crio/crio.sock',
  '/run/podman/podman.sock',
]);

export const containerRuntimeSocket = defineManifestCheck({
  id: 'container-runtime-socket',
  title: 'Mounts the socket of the container runtime',
  aliases: ['CIS-5.2.12', 'KSV-0006'],
  profiles: ['landwaiter', 'trivy'],
  severity: 'high',
  why: 'Whoever writes to the socket starts any container with any right: that is root on the node.',
  remediation: 'Remove the hostPath volume of the socket; build images with a tool that needs no daemon',
  urls: ['https://kubernetes.io/docs/concepts/storage/volumes/#hostpath'],
  example: {
    good: podWith('volumes: [{ name: data, hostPath: { path: /srv/data } }]'),
    bad: podWith('volumes: [{ name: docker, hostPath: { path: /var/run/docker.sock } }]'),
  },
  run: (resource) => {
    const pod = podTemplateOf(resource);
    if (pod === undefined) return [];
    const found = volumesOf(pod).find(({ volume }) => sockets.has(hostPathOf(volume) ?? ''));
    if (found === undefined) return [];
    const message = `the volume ${found.name} is the socket ${hostPathOf(found.volume) ?? ''} of the container runtime`;
    return [{ message, at: [...found.at, 'hostPath', 'path'] }];
  },
});
