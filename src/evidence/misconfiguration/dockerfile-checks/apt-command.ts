// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, packageCommandsOf } from '../package-commands.ts';

export const aptCommand = defineDockerfileCheck({
  id: 'apt-command',
  title: 'apt is used instead of apt-get',
  aliases: ['DL3027'],
  severity: 'low',
  why: 'apt is made for people; its output and flags may change in every release.',
  remediation: 'Use apt-get or apt-cache',
  urls: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  example: {
    good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
    bad: 'FROM debian:12\nRUN apt update && apt install -y --no-install-recommends curl\n',
  },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) =>
      packageCommandsOf(commands).some(({ manager }) => manager === 'apt') ? 'apt is used in a script' : undefined,
    ),
});
