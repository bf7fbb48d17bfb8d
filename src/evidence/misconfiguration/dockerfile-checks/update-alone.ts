// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, packageCommandsOf } from '../package-commands.ts';

const updates = new Set(['update', 'up', 'refresh', 'ref']);
const installs = new Set([
  'install',
  'in',
  'add',
  'upgrade',
  'dist-upgrade',
  'full-upgrade',
  'source-install',
  'reinstall',
  'groupinstall',
  'localinstall',
  'build-dep',
]);
const families = new Map([
  ['apt-get', 'apt'],
  ['apt', 'apt'],
  ['yum', 'yum'],
  ['apk', 'apk'],
  ['dnf', 'dnf'],
  ['zypper', 'zypper'],
]);

export const updateAlone = defineDockerfileCheck({
  id: 'update-alone',
  title: 'Package lists are updated in a layer of their own',
  aliases: ['DS-0017'],
  severity: 'medium',
  why: 'The layer is cached: later installs use lists that are weeks old and miss security fixes.',
  remediation: 'Update and install in the same RUN',
  urls: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  example: {
    good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
    bad: 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl\n',
  },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) => {
      const own = packageCommandsOf(commands);
      const update = own.find(
        ({ manager, action, index }) =>
          updates.has(action) &&
          families.has(manager) &&
          !own.some(
            (later) =>
              later.index > index &&
              families.get(later.manager) === families.get(manager) &&
              installs.has(later.action),
          ),
      );
      return update === undefined
        ? undefined
        : `${update.manager} ${update.action} is not followed by an install in the same RUN`;
    }),
});
