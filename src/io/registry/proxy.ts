// SPDX-License-Identifier: Apache-2.0
// Which proxy a request goes through (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY as Go and curl read them), and tunnels through it.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { hostName, isLoopbackHost } from './address.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined: straight to the host. The machine itself is never asked through a proxy. */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  const host = hostName(url).toLowerCase();
  if (isLoopbackHost(host)) return undefined;
  const read = (name: string): string | undefined => environment[name.toLowerCase()] || environment[name] || undefined;
  if (isExcepted(host, url.port || (url.protocol === 'https:' ? '443' : '80'), read('NO_PROXY') ?? ''))
    return undefined;
  const text = (url.protocol === 'https:' ? read('HTTPS_PROXY') : read('HTTP_PROXY')) ?? read('ALL_PROXY');
  if (text === undefined) return undefined;
  const address = text.includes('://') ? text : `http://${text}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  return proxy?.protocol === 'http:' || proxy?.protocol === 'https:' ? proxy : undefined;
}

/** An entry is `*`, a host, a domain (with or without leading dot: itself and everything below), an address or a CIDR block. */
function isExcepted(host: string, port: string, list: string): boolean {
  return list.split(/[\s,]/).some((item) => {
    const entry = item.toLowerCase();
    if (entry === '*') return true;
    if (entry === '') return false;
    if (entry.includes('/')) return isInBlock(host, entry);
    const written = /^(.+):(\d{1,5})$/.exec(entry);
    const hasPort = written !== null && (isIP(entry) === 0 || entry.startsWith('['));
    if (hasPort && written[2] !== port) return false;
    const name = (hasPort ? (written[1] ?? '') : entry).replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
    return host === name || host.endsWith(`.${name}`);
  });
}

function isInBlock(host: string, block: string): boolean {
  const [address = '', length = ''] = block.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(length) || Number(length) > (family === 6 ? 128 : 32))
    return false;
  const list = new BlockList();
  const name = family === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(address, Number(length), name);
  return list.check(host, name);
}

/** Header with the credentials in a proxy's URL. */
export function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

export interface TunnelOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds until the proxy must have answered. */
  readonly timeout: number;
}

/** A connection to `host:port` that the proxy made (CONNECT, RFC 9110, 9.3.6). */
export function openTunnel(proxy: URL, { host, port, timeout }: TunnelOptions): Promise<Duplex> {
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
    host: hostName(proxy),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...proxyHeaders(proxy) },
    timeout,
    agent: false,
  });
  return new Promise((resolve, reject) => {
    request.once('connect', (response, socket, head) => {
      if (response.statusCode === 200) {
        socket.setTimeout(0);
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} answered ${response.statusCode} for ${target}`));
    });
    request.once('response', (response) => {
      response.destroy();
      reject(new Error(`the proxy ${proxy.host} answered ${response.statusCode} for ${target}`));
    });
    request.once('timeout', () => request.destroy(new Error(`the proxy ${proxy.host} does not answer`)));
    request.once('error', (cause) =>
      reject(new Error(`the proxy ${proxy.host} cannot be used: ${cause.message}`, { cause })),
    );
    request.end();
  });
}
