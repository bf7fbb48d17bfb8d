// SPDX-License-Identifier: Apache-2.0
import { lineageOf } from '../../../formats/dockerfile-stages.ts';
import { substituteVariables } from '../../../formats/shell-variables.ts';
import { defineDockerfileCheck } from '../dockerfile-check.ts';
import { faultAt } from '../package-commands.ts';

export const rootImageUser = defineDockerfileCheck({
  id: 'root-image-user',
  title: 'The image runs as root',
  aliases: ['CIS-DI-0001', 'DL3002', 'DS-0002'],
  severity: 'high',
  why: 'Whoever breaks out of a process that runs as root is root on the node unless user namespaces are used.',
  remediation: 'End the Dockerfile with USER and the number of a user that is not root',
  urls: ['https://docs.docker.com/build/building/best-practices/#user'],
  example: { good: 'FROM alpine:3.20\nUSER 10001\n', bad: 'FROM alpine:3.20\nCMD ["app"]\n' },
  run: ({ stages }) => {
    const last = stages.at(-1);
    if (last === undefined) return [];
    const users = lineageOf(last)
      .toReversed()
      .flatMap(({ commands }) => commands.filter(({ keyword }) => keyword === 'USER'));
    const user = users.at(-1);
    if (user === undefined)
      return [faultAt(last.from, 'no USER is set, so the image runs as root unless its base says otherwise')];
    const written = user.words[0] ?? '';
    const [name = ''] = (substituteVariables(written, user.variables) ?? written).split(':');
    if (name !== 'root' && !/^0{1,20}$/.test(name)) return [];
    return [faultAt(user, `the last USER is ${written.slice(0, 100)}: the image runs as root`)];
  },
});
