// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const copyFromItself = defineDockerfileCheck({
  id: 'copy-from-itself',
  title: 'COPY takes files from the stage it is in',
  aliases: ['DL3023', 'DS-0006'],
  severity: 'medium',
  why: 'A stage cannot copy from itself; the build fails or takes an image of the same name.',
  remediation: 'Name another stage in --from',
  urls: ['https://docs.docker.com/reference/dockerfile/#copy---from'],
  example: {
    good: 'FROM golang:1.24 AS build\nFROM alpine:3.20\nCOPY --from=build /app /app\n',
    bad: 'FROM golang:1.24 AS build\nCOPY --from=build /app /app\n',
  },
  run: ({ stages }) =>
    stages.flatMap(({ name, index, commands }) =>
      commands
        .filter(({ keyword, flags }) => {
          const from = flags.find((flag) => flag.name === 'from')?.value.toLowerCase();
          return keyword === 'COPY' && from !== undefined && (from === name || from === String(index));
        })
        .map((command) => faultAt(command, `COPY --from=${name ?? index} is the stage itself`)),
    ),
});
