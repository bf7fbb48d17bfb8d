// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const shellForm = defineDockerfileCheck({
  id: 'shell-form',
  title: 'The program is started through a shell',
  aliases: ['DL3025'],
  severity: 'low',
  why: 'The shell does not pass signals on, so the program is killed instead of being asked to end.',
  remediation: 'Use the form with brackets: CMD ["program", "argument"]',
  urls: ['https://docs.docker.com/reference/dockerfile/#shell-and-exec-form'],
  example: { good: 'FROM alpine:3.20\nCMD ["app"]\n', bad: 'FROM alpine:3.20\nCMD app\n' },
  run: ({ commands }) =>
    commands
      .filter(
        ({ keyword, form, text }) =>
          (keyword === 'CMD' || keyword === 'ENTRYPOINT') && form === 'shell' && !/^exec\s/.test(text),
      )
      .map((command) => faultAt(command, `${command.keyword} is in the form that goes through a shell`)),
});
