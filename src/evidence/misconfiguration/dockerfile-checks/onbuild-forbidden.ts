// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const onbuildForbidden = defineDockerfileCheck({
  id: 'onbuild-forbidden',
  title: 'ONBUILD starts what it must not',
  aliases: ['DL3043'],
  severity: 'medium',
  why: 'ONBUILD, FROM and MAINTAINER are not allowed after ONBUILD, so every build on top of the image fails.',
  remediation: 'Remove the instruction',
  urls: ['https://docs.docker.com/reference/dockerfile/#onbuild'],
  example: { good: 'FROM alpine:3.20\nONBUILD RUN make\n', bad: 'FROM alpine:3.20\nONBUILD FROM debian:12\n' },
  run: ({ commands }) =>
    commands
      .filter(({ inner }) => inner !== undefined && ['ONBUILD', 'FROM', 'MAINTAINER'].includes(inner.keyword))
      .map((command) => faultAt(command, `ONBUILD ${command.inner?.keyword ?? ''} is not allowed`)),
});
