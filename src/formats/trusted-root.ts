// SPDX-License-Identifier: Apache-2.0
// Sigstore trusted roots (sigstore/protobuf-specs, sigstore_trustroot.proto): authorities, logs and timestamp authorities with the time in
// which each may be used. A time without a start is refused as a whole: reading it as "always" would widen trust.
import { defaultLimits } from '../model/limits.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { readCertificate } from './sigstore-bundle.ts';
import { MemberReader, parseStrictJson } from './strict-json.ts';
import type { Certificate } from './x509.ts';

/** Both ends belong to the window; milliseconds since 1970. */
export interface ValidityWindow {
  readonly start: number;
  readonly end: number | undefined;
}

export interface TrustedLog {
  /** Empty when the root names none. */
  readonly baseUrl: string;
  readonly logId: Buffer;
  readonly key: { readonly bytes: Buffer; readonly details: string };
  readonly validFor: ValidityWindow;
}

export interface TrustedAuthority {
  readonly uri: string;
  /** From the leaf's side to the root, as it stands. */
  readonly certificates: readonly [Certificate, ...Certificate[]];
  readonly validFor: ValidityWindow;
}

export interface TrustedRoot {
  readonly certificateAuthorities: readonly TrustedAuthority[];
  readonly transparencyLogs: readonly TrustedLog[];
  readonly certificateLogs: readonly TrustedLog[];
  readonly timestampAuthorities: readonly TrustedAuthority[];
}

const mostEntries = 1_000;
const limits = { bytes: 4 * 1024 * 1024, depth: 32 };

export function parseTrustedRoot(bytes: Uint8Array): Parsed<TrustedRoot> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'trusted root'));
    const mediaType = root.optionalText('mediaType') ?? '';
    if (!/^application\/vnd\.dev\.sigstore\.trustedroot(?:\+json;version=0\.[12]|\.v0\.[12]\+json)$/.test(mediaType))
      root.fail('mediaType', 'not a trusted root of version 0.1 or 0.2');
    return {
      certificateAuthorities: root.members('certificateAuthorities', mostEntries).map(readAuthority),
      transparencyLogs: root.members('tlogs', mostEntries).map(readLog),
      certificateLogs: root.members('ctlogs', mostEntries).map(readLog),
      timestampAuthorities: root.members('timestampAuthorities', mostEntries).map(readAuthority),
    };
  });
}

function readAuthority(object: MemberReader): TrustedAuthority {
  const chain = object.member('certChain').members('certificates', defaultLimits.certificateChain).map(readCertificate);
  const [first, ...others] = chain;
  if (first === undefined) return object.fail('certChain', 'at least one certificate is required');
  return {
    uri: object.optionalText('uri') ?? '',
    certificates: [first, ...others],
    validFor: readWindow(object.member('validFor')),
  };
}

function readLog(object: MemberReader): TrustedLog {
  const key = object.member('publicKey');
  return {
    baseUrl: object.optionalText('baseUrl') ?? '',
    logId: object.member('logId').bytes('keyId'),
    key: { bytes: key.bytes('rawBytes'), details: key.text('keyDetails') },
    validFor: readWindow(key.member('validFor')),
  };
}

/** A `TimeRange`; the start is required. */
export function readWindow(object: MemberReader): ValidityWindow {
  const end = object.optionalText('end');
  return { start: timeOf(object.text('start')), end: end === undefined ? undefined : timeOf(end) };
}

/** RFC 3339 in UTC, with up to nine decimals. */
function timeOf(text: string): number {
  const [, seconds, decimals] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text) ?? [];
  const time =
    seconds === undefined ? Number.NaN : Date.parse(`${seconds}.${(decimals ?? '').slice(0, 3).padEnd(3, '0')}Z`);
  return Number.isNaN(time) ? malformed(`not a time: ${text.slice(0, 40)}`) : time;
}
