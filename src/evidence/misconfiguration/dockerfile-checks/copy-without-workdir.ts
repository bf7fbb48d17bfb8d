// SPDX-License-Identifier: Apache-2.0
import { lineageOf } from '../../../formats/dockerfile-stages.ts';
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const copyWithoutWorkdir = defineDockerfileCheck({
  id: 'copy-without-workdir',
  title: 'Files are copied to a relative folder of nobody knows where',
  aliases: ['DL3045'],
  severity: 'low',
  why: 'Without WORKDIR the target depends on the base image.',
  remediation: 'Set WORKDIR before, or use an absolute target',
  urls: ['https://docs.docker.com/reference/dockerfile/#copy'],
  example: { good: 'FROM alpine:3.20\nWORKDIR /srv\nCOPY app app\n', bad: 'FROM alpine:3.20\nCOPY app app\n' },
  run: ({ stages }) =>
    stages.flatMap((stage) =>
      stage.commands
        .filter((command, at) => {
          if (command.keyword !== 'COPY' || /^(?:[/$\\%]|[A-Za-z]:)/.test(command.words.at(-1) ?? '/')) return false;
          const before = [
            ...stage.commands.slice(0, at),
            ...lineageOf(stage)
              .slice(1)
              .flatMap(({ commands }) => commands),
          ];
          return !before.some(({ keyword }) => keyword === 'WORKDIR');
        })
        .map((command) =>
          faultAt(command, `the target ${command.words.at(-1)?.slice(0, 200) ?? ''} is relative and no WORKDIR is set`),
        ),
    ),
});
