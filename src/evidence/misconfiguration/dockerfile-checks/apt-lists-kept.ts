// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns, hasCacheMount, packageCommandsOf, removes } from '../package-commands.ts';

export const aptListsKept = defineDockerfileCheck({
  id: 'apt-lists-kept',
  title: 'apt-get leaves its lists in the image',
  aliases: ['DL3009'],
  severity: 'low',
  why: 'The lists are of no use in the image and make every copy of it larger.',
  remediation: 'End the RUN with rm -rf /var/lib/apt/lists/*',
  urls: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  example: {
    good: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n',
    bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
  },
  run: (file) =>
    faultsOfRuns(file, ({ command, commands }) => {
      if (hasCacheMount(command)) return undefined;
      const update = packageCommandsOf(commands).find(
        ({ manager, action }) => manager.startsWith('apt') && action === 'update',
      );
      if (update === undefined || removes(commands.slice(update.index + 1), '/var/lib/apt')) return undefined;
      return 'the lists that apt-get update fetched stay in the layer';
    }),
});
