// SPDX-License-Identifier: Apache-2.0
import { asArray } from '../../../formats/document.ts';
import { composeWith, defineComposeCheck } from '../compose-check.ts';

const dangerous = new Set([
  'ALL',
  'BPF',
  'DAC_READ_SEARCH',
  'NET_ADMIN',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
]);

export const composeCapabilityAdded = defineComposeCheck({
  id: 'compose-capability-added',
  title: 'A service gets a capability that is nearly root',
  aliases: ['CIS-DI-5.3'],
  severity: 'high',
  why: 'Each of these capabilities leads to full control of the host.',
  remediation: 'Remove the capability from cap_add',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: { good: composeWith('cap_add: [NET_BIND_SERVICE]'), bad: composeWith('cap_add: [SYS_ADMIN]') },
  run: ({ service }) =>
    asArray(service['cap_add']).flatMap((item, index) => {
      const name = typeof item === 'string' ? item.toUpperCase().replace(/^CAP_/, '') : '';
      return dangerous.has(name) ? [{ message: `gets the capability ${name}`, member: ['cap_add', index] }] : [];
    }),
});
