// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, packageCommandsOf } from '../package-commands.ts';

export const distributionUpgrade = defineDockerfileCheck({
  id: 'distribution-upgrade',
  title: 'The distribution is upgraded while building',
  aliases: ['DL3005', 'DL3035', 'DS-0024'],
  severity: 'medium',
  why: 'The image is then no longer the release that its base names, and no build is like another.',
  remediation: 'Take a newer base image',
  urls: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  example: {
    good: 'FROM debian:12\nRUN apt-get update && apt-get upgrade -y\n',
    bad: 'FROM debian:12\nRUN apt-get update && apt-get dist-upgrade -y\n',
  },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) => {
      const found = packageCommandsOf(commands).find(
        ({ manager, action }) =>
          (manager.startsWith('apt') && (action === 'dist-upgrade' || action === 'full-upgrade')) ||
          (manager === 'zypper' && (action === 'dist-upgrade' || action === 'dup')),
      );
      return found === undefined ? undefined : `${found.manager} ${found.action} leaves the release of the base image`;
    }),
});
