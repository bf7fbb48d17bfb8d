// SPDX-License-Identifier: Apache-2.0
import { asArray } from '../../../formats/document.ts';
import { composeWith, defineComposeCheck } from '../compose-check.ts';

export const composeConfinementOff = defineComposeCheck({
  id: 'compose-confinement-off',
  title: 'A service runs without seccomp, AppArmor or SELinux',
  aliases: ['CIS-DI-5.22'],
  severity: 'high',
  why: 'These limits keep a program from most bugs of the kernel.',
  remediation: 'Remove the option from security_opt',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: {
    good: composeWith('security_opt: ["no-new-privileges:true"]'),
    bad: composeWith('security_opt: ["seccomp:unconfined"]'),
  },
  run: ({ service }) =>
    asArray(service['security_opt']).flatMap((item, index) => {
      const option = typeof item === 'string' ? item : '';
      const isOff = /^(?:seccomp|apparmor|systempaths)[:=]unconfined$|^label[:=]disable$/.test(option);
      return isOff ? [{ message: `runs with ${option}`, member: ['security_opt', index] }] : [];
    }),
});
