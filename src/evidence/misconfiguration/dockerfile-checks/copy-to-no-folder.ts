// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const copyToNoFolder = defineDockerfileCheck({
  id: 'copy-to-no-folder',
  title: 'Several files are copied to what is no folder',
  aliases: ['DL3021', 'DS-0011'],
  severity: 'medium',
  why: 'With more than one source the target has to be a folder and end with a slash; the build fails otherwise.',
  remediation: 'End the last argument of COPY with a slash',
  urls: ['https://docs.docker.com/reference/dockerfile/#copy'],
  example: { good: 'FROM alpine:3.20\nCOPY a b /app/\n', bad: 'FROM alpine:3.20\nCOPY a b /app\n' },
  run: ({ commands }) =>
    commands
      .filter(
        ({ keyword, words, hereDocuments }) =>
          keyword === 'COPY' &&
          words.length + Math.max(0, hereDocuments.length - 1) > 2 &&
          !(words.at(-1) ?? '').endsWith('/') &&
          !/^(?:file|multi):/.test(words[0] ?? ''),
      )
      .map((command) =>
        faultAt(command, `the target ${command.words.at(-1)?.slice(0, 200) ?? ''} does not end with a slash`),
      ),
});
