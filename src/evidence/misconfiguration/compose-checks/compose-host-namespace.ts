// SPDX-License-Identifier: Apache-2.0
import { composeWith, defineComposeCheck } from '../compose-check.ts';

const namespaces: readonly string[] = ['network_mode', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup'];

export const composeHostNamespace = defineComposeCheck({
  id: 'compose-host-namespace',
  title: 'A service shares a namespace of the host',
  aliases: ['CIS-DI-5.15', 'CIS-DI-5.16', 'CIS-DI-5.9'],
  severity: 'high',
  why: 'The service sees the network, the processes or the shared memory of the host.',
  remediation: 'Remove the member, and publish the ports that are needed',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: { good: composeWith('network_mode: bridge'), bad: composeWith('network_mode: host') },
  run: ({ service }) =>
    namespaces
      .filter((member) => service[member] === 'host')
      .map((member) => ({ message: `runs with ${member}: host`, member: [member] })),
});
