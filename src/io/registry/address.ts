// SPDX-License-Identifier: Apache-2.0
// Addresses that a registry must not lead this program to: the metadata services of clouds and everything link-local hand out credentials
// to whoever asks from inside.
import { BlockList, isIP } from 'node:net';

/**
 * `remote`: loopback is refused as well, for places that a registry named. `named`: the user named the host. `literal`: the user named this very address, whatever it
 * is; never for a name, which can come to lead elsewhere.
 */
export type AddressPolicy = 'named' | 'remote' | 'literal';

const metadata = new BlockList();
metadata.addSubnet('169.254.0.0', 16, 'ipv4');
metadata.addSubnet('fe80::', 10, 'ipv6');
metadata.addSubnet('0.0.0.0', 8, 'ipv4');
metadata.addAddress('::', 'ipv6');
// Metadata services outside the link-local range: AWS over IPv6, Alibaba, Azure's wire server, Oracle.
metadata.addAddress('fd00:ec2::254', 'ipv6');
metadata.addAddress('100.100.100.200', 'ipv4');
metadata.addAddress('168.63.129.16', 'ipv4');
metadata.addAddress('192.0.0.192', 'ipv4');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** true when the numeric address may not be connected to. Addresses of IPv4 inside IPv6 count as what they contain. */
export function isForbiddenAddress(address: string, policy: AddressPolicy): boolean {
  if (policy === 'literal') return false;
  const plain = embeddedIpv4(address) ?? address;
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  return metadata.check(plain, family) || (policy === 'remote' && loopback.check(plain, family));
}

/** Why a host may not be asked, as far as its name tells; names are checked again when they are resolved. */
export function hostFault(url: URL, policy: AddressPolicy): string | undefined {
  const host = hostName(url);
  if (isIP(host) !== 0 && isForbiddenAddress(host, policy)) return `${host} is an address that may not be asked`;
  if (policy === 'remote' && isLoopbackHost(host)) return `${host} is this machine`;
  return /^metadata(?:\.google\.internal|\.goog)?\.?$/i.test(host) ? `${host} is a metadata service` : undefined;
}

export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const plain = embeddedIpv4(name) ?? name;
  const family = isIP(plain);
  return family !== 0 && loopback.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** Host of a URL without the brackets of IPv6. */
export function hostName(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** `::ffff:a.b.c.d` in either spelling, and the NAT64 prefix `64:ff9b::/96`. */
function embeddedIpv4(address: string): string | undefined {
  const dotted = /^(?:::ffff:|64:ff9b::)(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const hex = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (hex === null) return undefined;
  const [high, low] = [Number.parseInt(hex[1] ?? '0', 16), Number.parseInt(hex[2] ?? '0', 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
