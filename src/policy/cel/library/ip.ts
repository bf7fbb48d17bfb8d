// SPDX-License-Identifier: Apache-2.0
// The ip library (apiserver pkg/cel/library/ip.go, Kubernetes 1.30).

import type { CelLibrary } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { boolType, intType, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelError, textOf } from '../values.ts';
import { CelIp, parseIp } from './ip-address.ts';
import { opaqueKind } from './opaque.ts';

export const ipKind = opaqueKind<CelIp>('net.IP', (value): value is CelIp => value instanceof CelIp);

function isCanonical(text: CelValue = ''): CelValue {
  const ip = parseIp(textOf(text));
  return ip instanceof CelError ? ip : ip.toText() === text;
}

function inBlock(ip: CelIp, [family, start, prefix]: readonly [4 | 6, bigint, number]): boolean {
  if (ip.family !== family) return false;
  const shift = BigInt((family === 4 ? 32 : 128) - prefix);
  return ip.number >> shift === start >> shift;
}

function isMulticast(ip: CelIp): boolean {
  return inBlock(ip, [4, 0xe0000000n, 4]) || inBlock(ip, [6, 0xffn << 120n, 8]);
}

function isLoopback(ip: CelIp): boolean {
  return inBlock(ip, [4, 0x7f000000n, 8]) || (ip.family === 6 && ip.number === 1n);
}

function isLinkLocalUnicast(ip: CelIp): boolean {
  return inBlock(ip, [4, 0xa9fe0000n, 16]) || inBlock(ip, [6, 0xfe80n << 112n, 10]);
}

/** ff02::/16 with any flags: the scope is in the low half of the second byte. */
function isLinkLocalMulticast(ip: CelIp): boolean {
  if (ip.family === 4) return inBlock(ip, [4, 0xe0000000n, 24]);
  return isMulticast(ip) && ((ip.number >> 112n) & 0xfn) === 2n;
}

/** As Go's net.IP.IsGlobalUnicast: private addresses are. */
function isGlobalUnicast(ip: CelIp): boolean {
  const isBroadcast = ip.family === 4 && ip.number === 0xffffffffn;
  return ip.number !== 0n && !isBroadcast && !isLoopback(ip) && !isMulticast(ip) && !isLinkLocalUnicast(ip);
}

export const ipLibrary: CelLibrary = {
  name: 'ip',
  constants: ipKind.constant,
  functions: functionsOf({
    ip: [globalOverload('string_to_ip', [[stringType], ipKind.type], (text = '') => parseIp(textOf(text)))],
    isIP: [
      globalOverload('is_ip', [[stringType], boolType], (text = '') => !(parseIp(textOf(text)) instanceof CelError)),
    ],
    'ip.isCanonical': [globalOverload('ip_is_canonical', [[stringType], boolType], isCanonical)],
    string: [ipKind.function('ip_to_string', stringType, (ip) => ip.toText())],
    family: [ipKind.method('ip_family', intType, (ip) => ip.family)],
    isUnspecified: [ipKind.method('ip_is_unspecified', boolType, (ip) => ip.number === 0n)],
    isLoopback: [ipKind.method('ip_is_loopback', boolType, isLoopback)],
    isLinkLocalMulticast: [ipKind.method('ip_is_link_local_multicast', boolType, isLinkLocalMulticast)],
    isLinkLocalUnicast: [ipKind.method('ip_is_link_local_unicast', boolType, isLinkLocalUnicast)],
    isGlobalUnicast: [ipKind.method('ip_is_global_unicast', boolType, isGlobalUnicast)],
  }),
};
