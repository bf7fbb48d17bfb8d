// SPDX-License-Identifier: Apache-2.0
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt, programOf, runsOf } from '../package-commands.ts';

export const wgetAndCurl = defineDockerfileCheck({
  id: 'wget-and-curl',
  title: 'Both wget and curl are used',
  aliases: ['DL4001', 'DS-0014'],
  severity: 'low',
  why: 'Two programs for the same purpose make the image larger and give an attacker more to use.',
  remediation: 'Use one of them',
  urls: ['https://docs.docker.com/build/building/best-practices/#run'],
  example: {
    good: 'FROM debian:12\nRUN curl -fsS https://files.example/a\n',
    bad: 'FROM debian:12\nRUN wget https://files.example/a\nRUN curl -fsS https://files.example/b\n',
  },
  run: (file) =>
    file.stages.flatMap((stage) => {
      const runs = runsOf(file).filter((run) => run.stage === stage);
      const using = (program: string) =>
        runs.find(({ commands }) => commands.some((item) => programOf(item) === program));
      const wget = using('wget');
      if (wget === undefined || using('curl') === undefined) return [];
      return [faultAt(wget.command, 'the stage uses both wget and curl')];
    }),
});
