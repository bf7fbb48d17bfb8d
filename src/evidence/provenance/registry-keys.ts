// SPDX-License-Identifier: Apache-2.0
// The keys with which a package registry signs attestations, in both forms they are handed around: the target `keys.json` of an update
// repository, and the answer of the registry itself.
import type { Parsed } from '../../formats/parsed.ts';
import { malformed, parsing, required } from '../../formats/parsed.ts';
import { MemberReader, parseStrictJson } from '../../formats/strict-json.ts';
import type { ManagedKey } from '../signatures/policy.ts';
import { detailedPublicKeyOf } from '../signatures/public-key.ts';
import { isRefusal } from '../signatures/refusal.ts';

const limits = { bytes: 1024 * 1024, depth: 16 };
const mostKeys = 100;
const attestations = /:attestations$/;

/** Reads the keys; those for other uses are left out. */
export function parseRegistryKeys(bytes: Uint8Array): Parsed<readonly ManagedKey[]> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'keys'));
    const keys = root.members('keys', mostKeys).flatMap(readKey);
    return keys.length === 0 ? malformed('keys: no key for attestations') : keys;
  });
}

function readKey(item: MemberReader): ManagedKey[] {
  const usage = item.optionalText('keyUsage');
  if (usage !== undefined && !attestations.test(usage)) return [];
  const nested = item.optionalMember('publicKey');
  if (nested === undefined) return [plainKey(item)];
  const window = nested.member('validFor');
  const end = window.optionalText('end');
  const validFor = { start: timeOf(window, 'start'), end: end === undefined ? undefined : timeOf(window, 'end') };
  return [managedKey(nested.bytes('rawBytes'), nested.text('keyDetails'), validFor)];
}

/** `{keyid, keytype, scheme, key, expires}`: P-256 only. */
function plainKey(item: MemberReader): ManagedKey {
  if (item.text('scheme') !== 'ecdsa-sha2-nistp256') item.fail('scheme', 'not a scheme that is verified here');
  const end = item.has('expires') ? timeOf(item, 'expires') : undefined;
  return managedKey(item.bytes('key'), 'PKIX_ECDSA_P256_SHA_256', { start: Number.MIN_SAFE_INTEGER, end });
}

function managedKey(bytes: Buffer, details: string, validFor: NonNullable<ManagedKey['validFor']>): ManagedKey {
  const key = detailedPublicKeyOf(bytes, details);
  return isRefusal(key) ? malformed(key.message) : { key, validFor };
}

function timeOf(object: MemberReader, name: string): number {
  const time = Date.parse(object.text(name));
  return Number.isNaN(time) ? object.fail(name, 'a time is required') : time;
}
