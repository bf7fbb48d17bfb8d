// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const copyFromUnknownStage = defineDockerfileCheck({
  id: 'copy-from-unknown-stage',
  title: 'COPY takes files from an image that is not pinned',
  aliases: ['DL3022'],
  severity: 'low',
  why: 'A name that is no stage is an image that is pulled: a misspelt stage brings files of a stranger.',
  remediation: 'Give the image a stage of its own with FROM, or pin it to a digest',
  urls: ['https://docs.docker.com/reference/dockerfile/#copy---from'],
  example: {
    good: 'FROM golang:1.24 AS build\nFROM alpine:3.20\nCOPY --from=build /app /app\n',
    bad: 'FROM alpine:3.20\nCOPY --from=biuld /app /app\n',
  },
  run: ({ stages }) =>
    stages.flatMap(({ index, commands }) =>
      commands.flatMap((command) => {
        const from = command.flags.find((flag) => flag.name === 'from')?.value ?? '';
        if (command.keyword !== 'COPY' || from === '' || from.includes('$') || from.includes('@')) return [];
        const isStage =
          /^\d{1,6}$/.test(from) || stages.slice(0, index + 1).some(({ name }) => name === from.toLowerCase());
        if (isStage) return [];
        return [
          faultAt(command, `--from=${from.slice(0, 200)} is no earlier stage, so an image of that name is pulled`),
        ];
      }),
    ),
});
