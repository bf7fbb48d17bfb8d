// SPDX-License-Identifier: Apache-2.0
import { composeWith, defineComposeCheck } from '../compose-check.ts';

export const composeRootUser = defineComposeCheck({
  id: 'compose-root-user',
  title: 'A service runs as root',
  aliases: ['CIS-DI-4.1'],
  severity: 'medium',
  why: 'Whoever breaks out of a process that runs as root is root on the host unless user namespaces are used.',
  remediation: 'Set user to a number that is not 0',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: { good: composeWith('user: "10001"'), bad: composeWith('user: root') },
  run: ({ service }) => {
    const user = String((service['user'] as string | number | undefined) ?? '');
    const [name = ''] = user.split(':');
    return name === 'root' || /^0{1,20}$/.test(name) ? [{ message: `runs as the user ${name}`, member: ['user'] }] : [];
  },
});
