// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { unconfirmedFaults } from '../package-commands.ts';

export const installUnconfirmed = defineDockerfileCheck({
  id: 'install-unconfirmed',
  title: 'A package manager asks while building',
  aliases: ['DL3030', 'DL3034', 'DL3038'],
  severity: 'medium',
  why: 'Nobody can answer during a build, so it stops.',
  remediation: 'Add -y to the command that installs',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: {
    good: 'FROM fedora:41\nRUN dnf install -y curl && dnf clean all\n',
    bad: 'FROM fedora:41\nRUN dnf install curl && dnf clean all\n',
  },
  run: (file) =>
    unconfirmedFaults(file, {
      managers: ['yum', 'dnf', 'microdnf', 'zypper'],
      actions: ['install', 'in', 'groupinstall', 'localinstall'],
      flags: ['--assumeyes', '--no-confirm', '--non-interactive'],
    }),
});
