// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, hasCacheMount, hasFlag, packageCommandsOf, removes } from '../package-commands.ts';

export const apkCacheKept = defineDockerfileCheck({
  id: 'apk-cache-kept',
  title: 'apk leaves its lists in the image',
  aliases: ['DL3019', 'DS-0025'],
  severity: 'low',
  why: 'The lists are of no use in the image and make every copy of it larger.',
  remediation: 'Add --no-cache to apk add',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: { good: 'FROM alpine:3.20\nRUN apk add --no-cache curl\n', bad: 'FROM alpine:3.20\nRUN apk add curl\n' },
  run: (file) =>
    faultsOfRuns(
      file,
      ({ command, commands }) => {
        if (hasCacheMount(command)) return undefined;
        const found = packageCommandsOf(commands).find(
          ({ manager, action, flags, index }) =>
            manager === 'apk' &&
            action === 'add' &&
            !hasFlag(flags, '', ['--no-cache']) &&
            !removes(commands.slice(index + 1), '/var/cache/apk'),
        );
        return found === undefined ? undefined : 'apk add is used without --no-cache';
      },
      { from: 'apk add', to: 'apk add --no-cache', safety: 'safe' },
    ),
});
