// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { uncleanedFaults } from '../package-commands.ts';

export const zypperCacheKept = defineDockerfileCheck({
  id: 'zypper-cache-kept',
  title: 'zypper leaves its cache in the image',
  aliases: ['DL3036', 'DS-0020'],
  severity: 'low',
  why: 'Package lists and archives make every copy of the image larger.',
  remediation: 'End the RUN with zypper clean',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: {
    good: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl && zypper clean\n',
    bad: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl\n',
  },
  run: (file) =>
    uncleanedFaults(file, {
      manager: 'zypper',
      installs: ['install', 'in', 'remove', 'rm', 'source-install', 'si', 'patch'],
      cleans: ['clean', 'cc'],
      cache: '/var/cache/zypp',
    }),
});
