// SPDX-License-Identifier: Apache-2.0
// IP addresses and networks as numbers: parsing as strict as Go's net/netip, and the canonical text of RFC 5952.

import { CelError, CelOpaque } from '../values.ts';

export class CelIp extends CelOpaque {
  readonly typeName = 'net.IP';
  readonly family: 4 | 6;
  readonly number: bigint;

  constructor(family: 4 | 6, number: bigint) {
    super();
    this.family = family;
    this.number = number;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof CelIp && other.family === this.family && other.number === this.number;
  }

  toText(): string {
    return this.family === 4 ? printIpv4(this.number) : printIpv6(this.number);
  }
}

export class CelCidr extends CelOpaque {
  readonly typeName = 'net.CIDR';
  readonly ip: CelIp;
  readonly prefix: number;

  constructor(ip: CelIp, prefix: number) {
    super();
    this.ip = ip;
    this.prefix = prefix;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof CelCidr && other.prefix === this.prefix && other.ip.equals(this.ip);
  }

  toText(): string {
    return `${this.ip.toText()}/${this.prefix}`;
  }

  /** Whether an address of this family lies in the network. */
  holds(ip: CelIp): boolean {
    if (ip.family !== this.ip.family) return false;
    const shift = BigInt(bitsOf(ip.family) - this.prefix);
    return ip.number >> shift === this.ip.number >> shift;
  }

  masked(): CelCidr {
    const shift = BigInt(bitsOf(this.ip.family) - this.prefix);
    return new CelCidr(new CelIp(this.ip.family, (this.ip.number >> shift) << shift), this.prefix);
  }
}

export function bitsOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

const octet = /^(?:0|[1-9][0-9]{0,2})$/;
const group = /^[0-9A-Fa-f]{1,4}$/;

function ipv4Number(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => octet.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6Number(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => groupsOf(half));
  const [head, tail] = groups;
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => 0n), ...(tail ?? [])];
  return all.reduce((sum, part) => sum * 65_536n + part, 0n);
}

/** The groups of one side of `::`; a dotted IPv4 address at its end counts as two. */
function groupsOf(half: string): bigint[] | undefined {
  if (half === '') return [];
  const parts = half.split(':');
  const numbers: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const dotted = index === parts.length - 1 && part.includes('.') ? ipv4Number(part) : undefined;
    if (dotted !== undefined) numbers.push(dotted / 65_536n, dotted % 65_536n);
    else if (group.test(part)) numbers.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return numbers;
}

const longestAddress = 60;

/** An address, or the error of ip(): zones and IPv4 addresses written within IPv6 are refused (apiserver pkg/cel/library/ip.go). */
export function parseIp(text: string): CelIp | CelError {
  const invalid = new CelError(
    `IP Address "${text.slice(0, 100)}" parse error during conversion from string: ${addressFault(text.slice(0, 100))}`,
  );
  if (text.length > longestAddress) return invalid;
  if (!text.includes(':')) {
    const number = ipv4Number(text);
    return number === undefined ? invalid : new CelIp(4, number);
  }
  const [address = '', zone] = text.split('%');
  const number = ipv6Number(address);
  if (number === undefined) return invalid;
  if (zone !== undefined) return new CelError(`IP Address '${text}' with zone value is not allowed`);
  // The hexadecimal form of a mapped address stays an IPv6 address (cel-spec, network_ext).
  if (number >> 32n === 0xffffn && address.includes('.'))
    return new CelError(`IPv4-mapped IPv6 address '${text}' is not allowed`);
  return new CelIp(6, number);
}

/** What Go's netip.ParseAddr says of the commonest mistakes. */
function addressFault(text: string): string {
  const prefix = `ParseAddr("${text}"): `;
  if (!/[.:%]/.test(text)) return `${prefix}unable to parse IP`;
  const odd = text.includes(':') ? text.search(/[^0-9A-Fa-f:.]/) : text.search(/[^0-9.]/);
  return odd === -1 ? `${prefix}invalid address` : `${prefix}unexpected character (at "${text.slice(odd)}")`;
}

export function parseCidr(text: string): CelCidr | CelError {
  const slash = text.lastIndexOf('/');
  const what = 'network address parse error during conversion from string: ';
  const reason = slash === -1 ? "no '/'" : 'invalid address or prefix length';
  // The API server says the first part twice.
  const invalid = new CelError(`${what}${what}netip.ParsePrefix("${text.slice(0, 100)}"): ${reason}`);
  const digits = text.slice(slash + 1);
  if (slash === -1 || !octet.test(digits)) return invalid;
  const ip = parseIp(text.slice(0, slash));
  if (ip instanceof CelError) return ip.message.includes('parse error') ? invalid : ip;
  return Number(digits) > bitsOf(ip.family) ? invalid : new CelCidr(ip, Number(digits));
}

function printIpv4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => ((number >> shift) & 255n).toString()).join('.');
}

/** RFC 5952: lower case, the first longest run of two or more zero groups as `::`. */
function printIpv6(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => (number >> BigInt((7 - index) * 16)) & 0xffffn);
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0n) length += 1;
    if (length > best.length) best = { start, length };
  }
  const print = (part: readonly bigint[]): string => part.map((value) => value.toString(16)).join(':');
  if (best.length < 2) return print(groups);
  return `${print(groups.slice(0, best.start))}::${print(groups.slice(best.start + best.length))}`;
}
