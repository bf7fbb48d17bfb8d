// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { uncleanedFaults } from '../package-commands.ts';

export const microdnfCacheKept = defineDockerfileCheck({
  id: 'microdnf-cache-kept',
  title: 'microdnf leaves its cache in the image',
  aliases: ['DS-0027'],
  severity: 'low',
  why: 'Package lists and archives make every copy of the image larger.',
  remediation: 'End the RUN with microdnf clean all',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: {
    good: 'FROM fedora:41\nRUN microdnf install -y curl && microdnf clean all\n',
    bad: 'FROM fedora:41\nRUN microdnf install -y curl\n',
  },
  run: (file) =>
    uncleanedFaults(file, {
      manager: 'microdnf',
      installs: ['install', 'groupinstall', 'localinstall', 'reinstall', 'in'],
      cleans: ['clean'],
      argument: 'all',
      cache: '/var/cache/yum',
    }),
});
