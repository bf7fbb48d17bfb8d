// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, packageCommandsOf } from '../package-commands.ts';

export const recommendedPackages = defineDockerfileCheck({
  id: 'recommended-packages',
  title: 'apt-get installs what is only recommended',
  aliases: ['DL3015', 'DS-0029'],
  severity: 'low',
  why: 'Packages that nobody asked for make the image larger and bring vulnerabilities.',
  remediation: 'Add --no-install-recommends to apt-get install',
  urls: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  example: {
    good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
    bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n',
  },
  run: (file) =>
    faultsOfRuns(
      file,
      ({ commands }) => {
        const found = packageCommandsOf(commands).find(
          ({ manager, action, flags }) =>
            (manager === 'apt-get' || manager === 'apt') &&
            action === 'install' &&
            !flags.some(
              (flag) => flag === '--no-install-recommends' || /APT::Install-Recommends=["']?(?:0|false|no)/i.test(flag),
            ),
        );
        return found === undefined ? undefined : `${found.manager} install also installs recommended packages`;
      },
      { from: 'apt-get install', to: 'apt-get install --no-install-recommends', safety: 'unsafe' },
    ),
});
