// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt, faultsOfRuns, programOf } from '../package-commands.ts';

function isOpen(mode: string): boolean {
  return (
    /^[0-7]{0,2}[0-7]{2}[2367]$/.test(mode) || /^(?:[ugoa]{0,3}[oa][ugoa]{0,3})?\+[rwx]{0,2}w[rwx]{0,2}$/.test(mode)
  );
}

export const worldWritable = defineDockerfileCheck({
  id: 'world-writable',
  title: 'Files are made writable for everybody',
  aliases: [],
  severity: 'medium',
  why: 'Any process in the container can replace programs and configuration.',
  remediation: 'Give the rights to the one user that needs them',
  urls: ['https://docs.docker.com/reference/dockerfile/#copy---chown---chmod'],
  example: { good: 'FROM alpine:3.20\nRUN chmod 0755 /app\n', bad: 'FROM alpine:3.20\nRUN chmod -R 777 /app\n' },
  run: (file) => [
    ...faultsOfRuns(file, ({ commands }) => {
      const found = commands.find((command) => programOf(command) === 'chmod' && command.words.some(isOpen));
      return found === undefined
        ? undefined
        : `${found.words.slice(0, 4).join(' ').slice(0, 200)} lets everybody write`;
    }),
    ...file.commands
      .filter(({ flags }) => flags.some(({ name, value }) => name === 'chmod' && isOpen(value)))
      .map((command) => faultAt(command, '--chmod lets everybody write')),
  ],
});
