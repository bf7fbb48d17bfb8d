// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, packageCommandsOf } from '../package-commands.ts';

const named = /[=<>~^]|@[^/]/;
const pins: Readonly<Record<string, RegExp>> = {
  'apt-get': /=|\/|\.deb$/,
  apt: /=|\/|\.deb$/,
  apk: named,
  yum: /-\d|\.rpm$/,
  dnf: /-\d|\.rpm$/,
  microdnf: /-\d|\.rpm$/,
  zypper: /[=<>]|-\d|\.rpm$/,
  pip: named,
  npm: /@[^/]{1,200}$|^git|^https?:/,
  gem: /:\d/,
};

/** Paths, variables and groups are not names of packages. */
function isLocal(name: string): boolean {
  return /^[./$@{(]|\$|\.(?:tgz|whl|gem|zip|tar\.gz)$/.test(name) && !/^@[\w-]{1,100}\/[\w.-]{1,200}$/.test(name);
}

export const packageVersion = defineDockerfileCheck({
  id: 'package-version',
  title: 'Packages are installed in whatever version there is',
  aliases: ['DL3008', 'DL3013', 'DL3016', 'DL3018', 'DL3028', 'DL3033', 'DL3037', 'DL3041'],
  severity: 'low',
  why: 'The build of tomorrow installs other versions, and nobody can build the same image again.',
  remediation: 'Name the version of each package, or use a lock file or a snapshot of the package source',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: {
    good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10\n',
    bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
  },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) => {
      const loose = packageCommandsOf(commands).flatMap(({ manager, action, packages, flags }) => {
        const pinned = Object.hasOwn(pins, manager) ? pins[manager] : undefined;
        if (pinned === undefined || !['install', 'add', 'in', 'i'].includes(action)) return [];
        if (manager === 'gem' && flags.some((flag) => flag === '-v' || flag.startsWith('--version'))) return [];
        return packages.filter((name) => !pinned.test(name) && !isLocal(name));
      });
      if (loose.length === 0) return undefined;
      return `no version is named for ${loose.slice(0, 10).join(', ').slice(0, 300)}`;
    }),
});
