// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const firstInstruction = defineDockerfileCheck({
  id: 'first-instruction',
  title: 'Something stands before the first FROM',
  aliases: ['DL3061'],
  severity: 'medium',
  why: 'Before FROM only ARG and comments are allowed; the build fails.',
  remediation: 'Begin the file with FROM, or with ARG for what FROM needs',
  urls: ['https://docs.docker.com/reference/dockerfile/#from'],
  example: { good: 'ARG VERSION=3.20\nFROM alpine:${VERSION}\n', bad: 'RUN make\nFROM alpine:3.20\n' },
  run: ({ before }) =>
    before
      .filter(({ keyword }) => keyword !== 'ARG')
      .slice(0, 1)
      .map((command) => faultAt(command, `${command.keyword.slice(0, 40)} stands before the first FROM`)),
});
