// SPDX-License-Identifier: Apache-2.0
// Metadata of The Update Framework (specification 1.0.33, section 4): root, timestamp, snapshot and targets, with the bytes that were signed. Says
// what stands in a file; whether it is signed, new enough and unexpired is for evidence/trust-roots/. Members it does not know are allowed (4.1).
import { asObject, asString } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { MemberReader, parseStrictJson } from './strict-json.ts';
import { tufCanonicalBytes } from './tuf-canonical-json.ts';

export interface TufKey {
  readonly keyType: string;
  readonly scheme: string;
  /** PEM or hexadecimal, by the kind of the key. */
  readonly publicText: string;
}

export interface TufRole {
  readonly keyIds: readonly string[];
  readonly threshold: number;
}

export interface TufDelegation extends TufRole {
  readonly name: string;
  readonly terminating: boolean;
  readonly matches:
    | { readonly kind: 'paths'; readonly patterns: readonly string[] }
    /** Beginnings of the SHA-256 digest of the path, in hexadecimal. */
    | { readonly kind: 'hash-prefixes'; readonly prefixes: readonly string[] };
}

/** What another file says about a file. */
export interface TufFileFacts {
  /** Undefined: nothing is said about it. */
  readonly length: number | undefined;
  /** By algorithm, in hexadecimal; empty when nothing is said. */
  readonly hashes: ReadonlyMap<string, string>;
}

export interface TufMetadataFacts extends TufFileFacts {
  readonly version: number;
}

export interface TufTarget extends TufFileFacts {
  readonly length: number;
}

interface TufCommon {
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export const tufTopRoles = ['root', 'timestamp', 'snapshot', 'targets'] as const;
export type TufTopRole = (typeof tufTopRoles)[number];

export interface TufRoot extends TufCommon {
  readonly type: 'root';
  readonly consistentSnapshot: boolean;
  readonly keys: ReadonlyMap<string, TufKey>;
  readonly roles: Readonly<Record<TufTopRole, TufRole>>;
}

export interface TufTimestamp extends TufCommon {
  readonly type: 'timestamp';
  readonly snapshot: TufMetadataFacts;
}

export interface TufSnapshot extends TufCommon {
  readonly type: 'snapshot';
  /** By file name without a version: `targets.json`. */
  readonly meta: ReadonlyMap<string, TufMetadataFacts>;
}

export interface TufTargets extends TufCommon {
  readonly type: 'targets';
  readonly targets: ReadonlyMap<string, TufTarget>;
  readonly keys: ReadonlyMap<string, TufKey>;
  readonly delegations: readonly TufDelegation[];
}

export interface TufSignature {
  readonly keyId: string;
  /** Empty for a key that has not signed yet. */
  readonly bytes: Buffer;
}

export interface TufBodies {
  readonly root: TufRoot;
  readonly timestamp: TufTimestamp;
  readonly snapshot: TufSnapshot;
  readonly targets: TufTargets;
}

export interface TufMetadata<T> {
  readonly signed: T;
  readonly signedBytes: Buffer;
  readonly signatures: readonly TufSignature[];
}

/** Most bytes of each kind of file when nothing states its length. */
export const tufLimits: Readonly<Record<TufTopRole, number>> = {
  root: 512_000,
  timestamp: 16_384,
  snapshot: 2_000_000,
  targets: 5_000_000,
};
const most = { signatures: 1_000, keys: 1_000, delegations: 10_000, files: 100_000, patterns: 100_000 };
const depth = 32;

/** Reads a file that must be of the given kind. */
export function parseTufMetadata<R extends TufTopRole>(bytes: Uint8Array, type: R): Parsed<TufMetadata<TufBodies[R]>> {
  return parsing(() => {
    const file = new MemberReader(required(parseStrictJson(bytes, { bytes: tufLimits[type], depth }), 'metadata'));
    const signed = file.member('signed');
    const found = signed.text('_type');
    if (found !== type) signed.fail('_type', `"${found.slice(0, 40)}" stands where "${type}" is required`);
    // Versions 1.x are compatible (4.3); 1.0 is how the first repositories wrote it.
    if (!/^1\.\d{1,4}(?:\.\d{1,4})?$/.test(signed.text('spec_version')))
      signed.fail('spec_version', 'not a version of the specification that is read here');
    return {
      signed: bodyReaders[type](signed),
      signedBytes: tufCanonicalBytes(signed.object),
      signatures: readSignatures(file),
    };
  });
}

const bodyReaders: { readonly [R in TufTopRole]: (signed: MemberReader) => TufBodies[R] } = {
  root: (signed) => {
    const roles = signed.member('roles');
    const keys = readKeys(signed);
    return {
      ...readCommon(signed),
      type: 'root',
      consistentSnapshot: readFlag(signed, 'consistent_snapshot'),
      keys,
      roles: {
        root: readRole(roles.member('root')),
        timestamp: readRole(roles.member('timestamp')),
        snapshot: readRole(roles.member('snapshot')),
        targets: readRole(roles.member('targets')),
      },
    };
  },
  timestamp: (signed) => ({
    ...readCommon(signed),
    type: 'timestamp',
    snapshot: readMetadataFacts(signed.member('meta').member('snapshot.json')),
  }),
  snapshot: (signed) => ({
    ...readCommon(signed),
    type: 'snapshot',
    meta: readMap(signed.member('meta'), readMetadataFacts),
  }),
  targets: (signed) => {
    const delegations = signed.optionalMember('delegations');
    const named = delegations?.members('roles', most.delegations).map(readDelegation) ?? [];
    if (new Set(named.map(({ name }) => name)).size < named.length) malformed('two delegations have the same name');
    return {
      ...readCommon(signed),
      type: 'targets',
      targets: readMap(signed.member('targets'), (file) => ({
        ...readFileFacts(file),
        length: readNumber(file, 'length'),
      })),
      keys: delegations === undefined ? new Map() : readKeys(delegations),
      delegations: named,
    };
  },
};

function readSignatures(file: MemberReader): TufSignature[] {
  const signatures = file.members('signatures', most.signatures).map((item): TufSignature => {
    const text = item.text('sig');
    if (!/^(?:[0-9a-f]{2})*$/i.test(text)) item.fail('sig', 'hexadecimal is required');
    return { keyId: item.text('keyid'), bytes: Buffer.from(text, 'hex') };
  });
  // 4.2.1: one signature for each key; with two it is not clear which one counts.
  if (new Set(signatures.map(({ keyId }) => keyId)).size < signatures.length)
    malformed('a key id stands twice in the signatures');
  return signatures;
}

function readCommon(signed: MemberReader): TufCommon {
  const version = readNumber(signed, 'version');
  if (version === 0) signed.fail('version', 'versions count from 1');
  return { version, expires: readTime(signed) };
}

/** ISO 8601; the first Sigstore roots have fractions and offsets. */
function readTime(signed: MemberReader): number {
  const text = signed.text('expires');
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = isTime ? Date.parse(text.replace(/\.(\d{3})\d*/, '.$1')) : Number.NaN;
  return Number.isNaN(time) ? signed.fail('expires', 'a time is required') : time;
}

function readNumber(object: MemberReader, name: string): number {
  const value = object.object[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : object.fail(name, 'a whole number is required');
}

function readFlag(object: MemberReader, name: string): boolean {
  const value = Object.hasOwn(object.object, name) ? object.object[name] : false;
  return typeof value === 'boolean' ? value : object.fail(name, 'true or false is required');
}

function readMap<T>(object: MemberReader, read: (member: MemberReader) => T): ReadonlyMap<string, T> {
  const names = Object.keys(object.object);
  if (names.length > most.files) malformed(`more than ${most.files} entries`);
  return new Map(names.map((name) => [name, read(object.member(name))]));
}

function readKeys(object: MemberReader): ReadonlyMap<string, TufKey> {
  const keys = object.member('keys');
  if (Object.keys(keys.object).length > most.keys) object.fail('keys', `more than ${most.keys} keys`);
  return readMap(keys, (key) => ({
    keyType: key.text('keytype'),
    scheme: key.text('scheme'),
    publicText: asString(asObject(key.object['keyval'])?.['public']) ?? key.fail('keyval', 'a public key is required'),
  }));
}

function readRole(role: MemberReader): TufRole {
  const threshold = readNumber(role, 'threshold');
  if (threshold === 0) role.fail('threshold', 'at least one signature has to be asked for');
  const keyIds = readTexts(role, 'keyids', most.keys);
  if (new Set(keyIds).size < keyIds.length) role.fail('keyids', 'a key id stands twice');
  return { keyIds, threshold };
}

function readTexts(object: MemberReader, name: string, limit: number): string[] {
  return object
    .list(name, limit)
    .map((item) => (typeof item === 'string' ? item : object.fail(name, 'texts are required')));
}

function readDelegation(role: MemberReader): TufDelegation {
  const hasPaths = role.has('paths');
  // 4.5: one of the two; a role with both or none would be read differently by different clients.
  if (hasPaths === role.has('path_hash_prefixes')) role.fail('paths', 'either paths or path_hash_prefixes is required');
  return {
    ...readRole(role),
    name: readRoleName(role),
    terminating: readFlag(role, 'terminating'),
    matches: hasPaths
      ? { kind: 'paths', patterns: readTexts(role, 'paths', most.patterns) }
      : { kind: 'hash-prefixes', prefixes: readTexts(role, 'path_hash_prefixes', most.patterns) },
  };
}

function readRoleName(role: MemberReader): string {
  const name = role.text('name');
  // The four names would let a delegated role stand in for one of the root's.
  return name === '' || name.length > 255 || tufTopRoles.some((top) => top === name)
    ? role.fail('name', 'not a name for a delegated role')
    : name;
}

function readMetadataFacts(object: MemberReader): TufMetadataFacts {
  return { ...readFileFacts(object), version: readNumber(object, 'version') };
}

function readFileFacts(object: MemberReader): TufFileFacts {
  const hashes = object.optionalMember('hashes');
  return {
    length: object.has('length') ? readNumber(object, 'length') : undefined,
    hashes:
      hashes === undefined ? new Map() : new Map(Object.keys(hashes.object).map((name) => [name, hashes.text(name)])),
  };
}
