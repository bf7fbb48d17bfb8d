// SPDX-License-Identifier: Apache-2.0
import { composeWith, defineComposeCheck, mountsOf } from '../compose-check.ts';

export const composeRuntimeSocket = defineComposeCheck({
  id: 'compose-runtime-socket',
  title: 'A service gets the socket of the container runtime',
  aliases: ['CIS-DI-5.31'],
  severity: 'high',
  why: 'Whoever writes to the socket starts any container with any right: that is root on the host.',
  remediation: 'Remove the volume, or put a proxy before the socket that allows only what is needed',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: {
    good: composeWith('volumes: [data:/data]'),
    bad: composeWith('volumes: [/var/run/docker.sock:/var/run/docker.sock]'),
  },
  run: (service) =>
    mountsOf(service)
      .filter(({ source }) => /(?:^|\/)(?:docker|containerd|crio|podman)\.sock$/.test(source))
      .map(({ source, member }) => ({ message: `gets ${source.slice(0, 200)}`, member })),
});
