// SPDX-License-Identifier: Apache-2.0
// Which services policies may ask: those that the operator named, by host and port. A name never leads to this machine or to a metadata service; an address that was named
// literally is asked whatever it is.
import { isIP } from 'node:net';
import type { AddressPolicy } from '../../../../io/registry/address.ts';
import { hostName, isLoopbackHost } from '../../../../io/registry/address.ts';

export interface AllowedServices {
  /** By origin: `https://host:port`, without the port where it is the usual one. */
  readonly origins: ReadonlySet<string>;
}

/** `HOST[:PORT]`, asked by HTTPS, or `http://HOST[:PORT]` for one without TLS. The text that cannot be read is in `fault`. */
export function readAllowedServices(entries: readonly string[]): AllowedServices | { readonly fault: string } {
  const origins = new Set<string>();
  for (const entry of entries) {
    const text = /^https?:\/\//.test(entry) ? entry : `https://${entry}`;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || text.slice(text.indexOf('//') + 2).search(/[/?#@*\s\\]/) !== -1 || url.hostname === '')
      return { fault: entry };
    origins.add(url.origin);
  }
  return { origins };
}

/** The URL with the addresses that it may lead to, or why it is not asked. */
export function allowedUrl(
  text: string,
  { origins }: AllowedServices,
): { readonly url: URL; readonly addresses: AddressPolicy } | { readonly fault: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return { fault: `${text.slice(0, 200)} is no URL of a service` };
  // Names with credentials in them end up in logs.
  if (url.username !== '' || url.password !== '') return { fault: `${url.host}: a URL with a password is not asked` };
  if (!origins.has(url.origin))
    return { fault: `${url.origin} is not one of the services that may be asked (--call-services)` };
  url.hash = '';
  const host = hostName(url);
  if (isLoopbackHost(host)) return { url, addresses: 'named' };
  return { url, addresses: isIP(host) === 0 ? 'remote' : 'literal' };
}
