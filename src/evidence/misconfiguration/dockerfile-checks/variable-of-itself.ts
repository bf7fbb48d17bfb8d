// SPDX-License-Identifier: Apache-2.0
import { assignmentsOf } from '../../../formats/dockerfile-stages.ts';
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const variableOfItself = defineDockerfileCheck({
  id: 'variable-of-itself',
  title: 'A variable is made from one of the same instruction',
  aliases: ['DL3044'],
  severity: 'low',
  why: 'Variables of an ENV see only what was before it, so the old value is used.',
  remediation: 'Use an ENV of its own for the second variable',
  urls: ['https://docs.docker.com/reference/dockerfile/#environment-replacement'],
  example: { good: 'FROM alpine:3.20\nENV A=1\nENV B=${A}2\n', bad: 'FROM alpine:3.20\nENV A=1 B=${A}2\n' },
  run: ({ commands }) =>
    commands.flatMap((command) => {
      if (command.keyword !== 'ENV') return [];
      const assignments = assignmentsOf(command).slice(0, 200);
      const names = new Set(assignments.map(({ name }) => name));
      const found = assignments.find(({ name, value }) =>
        [...(value ?? '').matchAll(/\$\{?([A-Za-z_]\w{0,100})/g)].some(
          (match) => match[1] !== name && names.has(match[1] ?? '') && !command.variables.has(match[1] ?? ''),
        ),
      );
      return found === undefined ? [] : [faultAt(command, `${found.name} is made from a variable of the same ENV`)];
    }),
});
