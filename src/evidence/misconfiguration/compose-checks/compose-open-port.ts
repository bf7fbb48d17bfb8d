// SPDX-License-Identifier: Apache-2.0
import { asArray, asObject } from '../../../formats/document.ts';
import { composeWith, defineComposeCheck } from '../compose-check.ts';
import { textOf } from '../workload.ts';

/** Data stores and the like, which have no business on the network. */
const stores = new Set([
  '1433',
  '1521',
  '2375',
  '2379',
  '3306',
  '5432',
  '5672',
  '5984',
  '6379',
  '8086',
  '9042',
  '9200',
  '11211',
  '15672',
  '27017',
]);

/** The port of the container when it is published without an address, or with that of all interfaces. */
function openPort(item: unknown): string | undefined {
  const long = asObject(item);
  if (long !== undefined) {
    const address = long['host_ip'];
    const isOpen = address === undefined || address === '0.0.0.0' || address === '::';
    return isOpen && long['published'] !== undefined ? textOf(long['target']) : undefined;
  }
  // A number alone is published on a port that the host chooses.
  if (typeof item !== 'string' || !item.includes(':')) return undefined;
  const match = /^(?:(\[[^\]]{1,60}\]|[^:]{1,60}):)?([\d-]{0,20}):([\d-]{1,20}(?:\/\w{1,8})?)$/.exec(item);
  const address = match?.[1];
  if (match === null || (address !== undefined && address !== '0.0.0.0' && address !== '[::]')) return undefined;
  return match[3];
}

export const composeOpenPort = defineComposeCheck({
  id: 'compose-open-port',
  title: 'A port is open on all addresses of the host',
  aliases: ['CIS-DI-5.14'],
  severity: 'medium',
  why: 'Published ports pass the firewall of the host; without an address they are open to the network.',
  remediation: 'Put an address before the port: 127.0.0.1:8080:80',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: { good: composeWith('ports: ["127.0.0.1:8080:80"]'), bad: composeWith('ports: ["5432:5432"]') },
  run: ({ service }) =>
    asArray(service['ports']).flatMap((item, index) => {
      const port = openPort(item);
      if (port === undefined) return [];
      const isStore = stores.has(port.split('/')[0] ?? '');
      const severity = isStore ? ('high' as const) : ('low' as const);
      return [{ message: `opens the port ${port} on all addresses of the host`, member: ['ports', index], severity }];
    }),
});
