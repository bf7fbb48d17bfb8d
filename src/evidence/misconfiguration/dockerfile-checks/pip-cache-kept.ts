// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, hasCacheMount, hasFlag, packageCommandsOf } from '../package-commands.ts';

export const pipCacheKept = defineDockerfileCheck({
  id: 'pip-cache-kept',
  title: 'pip leaves its cache in the image',
  aliases: ['DL3042'],
  severity: 'low',
  why: 'Downloaded archives are of no use in the image and make every copy of it larger.',
  remediation: 'Add --no-cache-dir to pip install, or mount a cache',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: {
    good: 'FROM python:3.13\nRUN pip install --no-cache-dir flask==3.1.0\n',
    bad: 'FROM python:3.13\nRUN pip install flask==3.1.0\n',
  },
  run: (file) =>
    faultsOfRuns(
      file,
      ({ command, commands }) => {
        if (hasCacheMount(command)) return undefined;
        const found = packageCommandsOf(commands).find(
          ({ manager, action, flags }) =>
            manager === 'pip' && action === 'install' && !hasFlag(flags, '', ['--no-cache-dir']),
        );
        const isSwitchedOff = ['1', 'true', 'off', 'yes'].includes(
          (command.variables.get('PIP_NO_CACHE_DIR') ?? '').toLowerCase(),
        );
        return found === undefined || isSwitchedOff ? undefined : 'pip install keeps its cache';
      },
      { from: 'pip install', to: 'pip install --no-cache-dir', safety: 'safe' },
    ),
});
