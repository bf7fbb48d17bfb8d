// SPDX-License-Identifier: Apache-2.0
// The cidr library (apiserver pkg/cel/library/cidr.go, Kubernetes 1.30).

import type { CelLibrary } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { boolType, intType, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelError, textOf } from '../values.ts';
import { CelCidr, CelIp, parseCidr, parseIp } from './ip-address.ts';
import { opaqueKind } from './opaque.ts';

const ipKind = opaqueKind<CelIp>('net.IP', (value): value is CelIp => value instanceof CelIp);
const cidrKind = opaqueKind<CelCidr>('net.CIDR', (value): value is CelCidr => value instanceof CelCidr);

function containsIp(cidr: CelCidr, argument: CelValue): CelValue {
  const ip = argument instanceof CelIp ? argument : parseIp(textOf(argument));
  return ip instanceof CelError ? ip : cidr.holds(ip);
}

function containsCidr(cidr: CelCidr, argument: CelValue): CelValue {
  const other = argument instanceof CelCidr ? argument : parseCidr(textOf(argument));
  if (other instanceof CelError) return other;
  return cidr.prefix <= other.prefix && cidr.holds(other.ip);
}

export const cidrLibrary: CelLibrary = {
  name: 'cidr',
  constants: cidrKind.constant,
  functions: functionsOf({
    cidr: [globalOverload('string_to_cidr', [[stringType], cidrKind.type], (text = '') => parseCidr(textOf(text)))],
    isCIDR: [
      globalOverload(
        'is_cidr',
        [[stringType], boolType],
        (text = '') => !(parseCidr(textOf(text)) instanceof CelError),
      ),
    ],
    string: [cidrKind.function('cidr_to_string', stringType, (cidr) => cidr.toText())],
    containsIP: [
      cidrKind.method1('cidr_contains_ip_string', [stringType, boolType], containsIp),
      cidrKind.method1('cidr_contains_ip_ip', [ipKind.type, boolType], containsIp),
    ],
    containsCIDR: [
      cidrKind.method1('cidr_contains_cidr_string', [stringType, boolType], containsCidr),
      cidrKind.method1('cidr_contains_cidr', [cidrKind.type, boolType], containsCidr),
    ],
    ip: [cidrKind.method('cidr_ip', ipKind.type, (cidr) => cidr.ip)],
    prefixLength: [cidrKind.method('cidr_prefix_length', intType, (cidr) => cidr.prefix)],
    masked: [cidrKind.method('cidr_masked', cidrKind.type, (cidr) => cidr.masked())],
  }),
};
