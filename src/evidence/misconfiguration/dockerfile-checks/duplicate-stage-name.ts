// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const duplicateStageName = defineDockerfileCheck({
  id: 'duplicate-stage-name',
  title: 'Two stages have the same name',
  aliases: ['DL3024', 'DS-0012'],
  severity: 'medium',
  why: 'COPY --from and --target take one of them, and not the one that was meant.',
  remediation: 'Give each stage a name of its own',
  urls: ['https://docs.docker.com/reference/dockerfile/#from'],
  example: {
    good: 'FROM alpine:3.20 AS one\nFROM alpine:3.20 AS two\n',
    bad: 'FROM alpine:3.20 AS one\nFROM alpine:3.20 AS one\n',
  },
  run: ({ stages }) =>
    stages
      .filter(
        ({ name, index }) => name !== undefined && stages.some((other) => other.index < index && other.name === name),
      )
      .map(({ name, from }) => faultAt(from, `an earlier stage is called ${name ?? ''} as well`)),
});
