// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultsOfRuns } from '../package-commands.ts';

export const cdForWorkdir = defineDockerfileCheck({
  id: 'cd-for-workdir',
  title: 'RUN changes the folder with cd',
  aliases: ['DL3003', 'DS-0013'],
  severity: 'low',
  why: 'The change ends with the instruction, and chains of cd are hard to follow.',
  remediation: 'Use WORKDIR',
  urls: ['https://docs.docker.com/build/building/best-practices/#workdir'],
  example: { good: 'FROM alpine:3.20\nWORKDIR /src\nRUN make\n', bad: 'FROM alpine:3.20\nRUN cd /src && make\n' },
  run: (file) =>
    faultsOfRuns(file, ({ commands }) => {
      const found = commands.find(
        ({ words, after }) => words[0] === 'cd' && words.length > 1 && after !== 'substitution',
      );
      return found === undefined ? undefined : `RUN goes to ${found.words[1]?.slice(0, 200) ?? ''} with cd`;
    }),
});
