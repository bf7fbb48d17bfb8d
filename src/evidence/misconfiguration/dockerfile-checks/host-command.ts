// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, programOf } from '../package-commands.ts';

const useless = new Set([
  'free',
  'ifconfig',
  'kill',
  'mount',
  'ps',
  'reboot',
  'service',
  'shutdown',
  'ssh',
  'systemctl',
  'top',
  'vim',
]);

export const hostCommand = defineDockerfileCheck({
  id: 'host-command',
  title: 'A command makes no sense in a build',
  aliases: ['DL3001'],
  severity: 'low',
  why: 'Commands that look at or change a running system have no effect in a container image.',
  remediation: 'Remove the command',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: { good: 'FROM alpine:3.20\nRUN make\n', bad: 'FROM alpine:3.20\nRUN service nginx start\n' },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) => {
      const found = commands.find((command) => useless.has(programOf(command)));
      return found === undefined ? undefined : `${programOf(found)} has no effect in an image`;
    }),
});
