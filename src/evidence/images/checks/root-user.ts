// SPDX-License-Identifier: Apache-2.0
import { defineImageCheck } from '../image-check.ts';

export const rootUser = defineImageCheck({
  id: 'root-user',
  title: 'Runs as root',
  aliases: ['CIS-DI-0001', 'DS-0002'],
  severity: 'medium',
  why: 'Whoever breaks out of a process that runs as root is root on the node unless user namespaces are used.',
  remediation: 'Add a user in the Dockerfile and end it with USER and the number of that user',
  urls: ['https://docs.docker.com/build/building/best-practices/#user'],
  run: ({ config, steps }) => {
    const { user } = config.runtime;
    const [name = ''] = user.split(':');
    if (name !== '' && name !== 'root' && !/^0{1,20}$/.test(name)) return [];
    const step = steps.findLast(({ text }) => /^USER\b/.test(text));
    const message =
      user === '' ? 'no USER is set, so the image runs as root' : `USER is ${user}: the image runs as root`;
    return [
      {
        message,
        location: step === undefined ? { path: 'config/User' } : { path: 'history', line: step.number },
        resource: 'USER',
        origin: step?.origin,
      },
    ];
  },
});
