// SPDX-License-Identifier: Apache-2.0
import { composeWith, defineComposeCheck } from '../compose-check.ts';

export const composePrivileged = defineComposeCheck({
  id: 'compose-privileged',
  title: 'A service is privileged',
  aliases: ['CIS-DI-5.4'],
  severity: 'critical',
  why: 'A privileged container has every capability and all devices: it is root on the host.',
  remediation: 'Remove privileged and add the one capability or device that is needed',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: { good: composeWith('privileged: false'), bad: composeWith('privileged: true') },
  run: ({ service }) => (service['privileged'] === true ? [{ message: 'is privileged', member: ['privileged'] }] : []),
});
