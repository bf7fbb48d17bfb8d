// SPDX-License-Identifier: Apache-2.0
import { shellCommandsOf } from '../../../formats/dockerfile-stages.ts';
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const pipeFailureHidden = defineDockerfileCheck({
  id: 'pipe-failure-hidden',
  title: 'A failure inside a pipe is not seen',
  aliases: ['DL4006'],
  severity: 'low',
  why: 'A shell looks only at the last command of a pipe, so a failed download goes on as if nothing was.',
  remediation: 'Set SHELL ["/bin/bash", "-o", "pipefail", "-c"] or begin the RUN with set -o pipefail',
  urls: ['https://docs.docker.com/build/building/best-practices/#using-pipes'],
  example: {
    good: 'FROM debian:12\nRUN set -o pipefail && wget -O - https://files.example | wc -l > /n\n',
    bad: 'FROM debian:12\nRUN wget -O - https://files.example | wc -l > /n\n',
  },
  run: ({ stages }) =>
    stages.flatMap(({ commands }) => {
      let isSafe = false;
      return commands.flatMap((command) => {
        if (command.keyword === 'SHELL')
          isSafe = command.text.includes('pipefail') || /pwsh|powershell|cmd/i.test(command.text);
        if (command.keyword !== 'RUN' || isSafe) return [];
        const parts = shellCommandsOf(command);
        const sets = parts.some(({ words }) => words[0] === 'set' && words.includes('pipefail'));
        const hidden = parts.find(
          ({ after, words }, at) => after === '|' && !/^(?:true|:)$/.test(words[0] ?? '') && at > 0,
        );
        if (sets || hidden === undefined) return [];
        return [faultAt(command, 'a command before a pipe may fail without anybody noticing')];
      });
    }),
});
