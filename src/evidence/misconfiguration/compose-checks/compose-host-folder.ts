// SPDX-License-Identifier: Apache-2.0
import { composeWith, defineComposeCheck, mountsOf } from '../compose-check.ts';

const folders = new Set([
  '/',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/proc',
  '/root',
  '/run',
  '/sys',
  '/usr',
  '/var/lib/docker',
  '/var/run',
]);

export const composeHostFolder = defineComposeCheck({
  id: 'compose-host-folder',
  title: 'A service gets a folder of the system of the host',
  aliases: ['CIS-DI-5.5'],
  severity: 'high',
  why: 'These folders hold configuration, devices and programs of the host; who writes there owns it.',
  remediation: 'Mount only the file that is needed, read-only',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: { good: composeWith('volumes: [./data:/data]'), bad: composeWith('volumes: [/etc:/host/etc]') },
  run: (service) =>
    mountsOf(service)
      .filter(({ source }) => folders.has(source.length > 1 ? source.replace(/\/$/, '') : source))
      .map(({ source, member }) => ({ message: `gets the folder ${source} of the host`, member })),
});
