// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { unconfirmedFaults } from '../package-commands.ts';

export const aptGetUnconfirmed = defineDockerfileCheck({
  id: 'apt-get-unconfirmed',
  title: 'apt-get asks while building',
  aliases: ['DL3014', 'DS-0021'],
  severity: 'medium',
  why: 'Nobody can answer during a build, so it stops.',
  remediation: 'Add -y to apt-get install',
  urls: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  example: {
    good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
    bad: 'FROM debian:12\nRUN apt-get update && apt-get install --no-install-recommends curl\n',
  },
  run: (file) =>
    unconfirmedFaults(file, {
      managers: ['apt-get', 'apt'],
      actions: ['install'],
      flags: ['--yes', '--assume-yes', '--force-yes'],
      edit: { from: 'apt-get install', to: 'apt-get install -y', safety: 'safe' },
    }),
});
