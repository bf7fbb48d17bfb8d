// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const exposedSshPort = defineDockerfileCheck({
  id: 'exposed-ssh-port',
  title: 'The port of SSH is exposed',
  aliases: ['DS-0004'],
  severity: 'medium',
  why: 'A shell server in a container is one more way in, with keys that nobody manages.',
  remediation: 'Remove EXPOSE 22 and use kubectl exec or docker exec',
  urls: ['https://docs.docker.com/reference/dockerfile/#expose'],
  example: { good: 'FROM alpine:3.20\nEXPOSE 8080\n', bad: 'FROM alpine:3.20\nEXPOSE 22\n' },
  run: ({ commands }) =>
    commands
      .filter(({ keyword, words }) => keyword === 'EXPOSE' && words.some((word) => /^22(?:\/tcp)?$/i.test(word)))
      .map((command) => faultAt(command, 'the port 22 (SSH) is exposed')),
});
