// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { uncleanedFaults } from '../package-commands.ts';

export const yumCacheKept = defineDockerfileCheck({
  id: 'yum-cache-kept',
  title: 'yum leaves its cache in the image',
  aliases: ['DL3032', 'DS-0015'],
  severity: 'low',
  why: 'Package lists and archives make every copy of the image larger.',
  remediation: 'End the RUN with yum clean all',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: {
    good: 'FROM fedora:41\nRUN yum install -y curl && yum clean all\n',
    bad: 'FROM fedora:41\nRUN yum install -y curl\n',
  },
  run: (file) =>
    uncleanedFaults(file, {
      manager: 'yum',
      installs: ['install', 'groupinstall', 'localinstall', 'reinstall', 'in'],
      cleans: ['clean'],
      argument: 'all',
      cache: '/var/cache/yum',
    }),
});
