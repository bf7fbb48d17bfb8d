// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { uncleanedFaults } from '../package-commands.ts';

export const dnfCacheKept = defineDockerfileCheck({
  id: 'dnf-cache-kept',
  title: 'dnf leaves its cache in the image',
  aliases: ['DL3040', 'DS-0019'],
  severity: 'low',
  why: 'Package lists and archives make every copy of the image larger.',
  remediation: 'End the RUN with dnf clean all',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: {
    good: 'FROM fedora:41\nRUN dnf install -y curl && dnf clean all\n',
    bad: 'FROM fedora:41\nRUN dnf install -y curl\n',
  },
  run: (file) =>
    uncleanedFaults(file, {
      manager: 'dnf',
      installs: ['install', 'groupinstall', 'localinstall', 'reinstall', 'in'],
      cleans: ['clean'],
      argument: 'all',
      cache: '/var/cache/dnf',
    }),
});
