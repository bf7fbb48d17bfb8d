// SPDX-License-Identifier: Apache-2.0
// Kyverno's JMESPath functions on names of images and hosts.
import { parseImageInfo } from '../../image-info.ts';
import type { JmespathSurroundings } from '../function.ts';
import type { KyvernoFunction } from './define.ts';
import { define, functionFault } from './define.ts';

export const imageFunctions: readonly KyvernoFunction[] = [
  define('image_normalize', {
    parameters: ['string'],
    returns: 'string',
    note: 'An image with its registry, and with the tag `latest` if it has neither tag nor digest.',
    run: ([image]) =>
      parseImageInfo(String(image))?.reference ?? functionFault('image_normalize', `bad image: ${String(image)}`),
  }),
  define('is_external_url', {
    parameters: ['string'],
    returns: 'boolean',
    note: 'Whether a URL leads to a public address. Names are resolved by the data provider.',
    run: ([url], { surroundings }) => isExternal(String(url), surroundings),
  }),
];

function isExternal(text: string, { addressesOf }: JmespathSurroundings): unknown {
  const host = hostOf(text);
  if (host === undefined) return functionFault('is_external_url', `no host in ${JSON.stringify(text.slice(0, 200))}`);
  if (/^[0-9.]+$/.test(host) || host.includes(':')) return !isInternal(host);
  if (host === 'localhost' || host.endsWith('.localhost')) return false;
  const addresses = addressesOf?.(host);
  if (addresses === undefined) return functionFault('is_external_url', `${host} could not be resolved`);
  return !addresses.some(isInternal);
}

function hostOf(text: string): string | undefined {
  try {
    const { hostname } = new URL(text);
    return hostname === '' ? undefined : hostname.replace(/^\[|\]$/g, '');
  } catch {
    return undefined;
  }
}

/** Loopback and private addresses, of both families; URL has brought them into their canonical form. */
function isInternal(address: string): boolean {
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high !== undefined && low !== undefined) {
    const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
    return isInternal([a >> 8, a & 255, b >> 8, b & 255].join('.'));
  }
  if (address.includes(':')) return address === '::1' || /^f[cd][0-9a-f]{2}:/i.test(address);
  const [a, b = 0] = address.split('.').map(Number);
  return a === 127 || a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
}
