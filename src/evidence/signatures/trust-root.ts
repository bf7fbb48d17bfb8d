// SPDX-License-Identifier: Apache-2.0
// A trust root made ready for many verifications: keys read once, authorities split into ends and steps of paths. Built from Sigstore's
// trusted_root.json or, for an own PKI, from PEM files.
import { hash } from 'node:crypto';
import type { Parsed } from '../../formats/parsed.ts';
import { parsePem } from '../../formats/pem.ts';
import type { TrustedAuthority, TrustedLog, ValidityWindow } from '../../formats/trusted-root.ts';
import { parseTrustedRoot } from '../../formats/trusted-root.ts';
import type { Certificate } from '../../formats/x509.ts';
import { parseCertificate } from '../../formats/x509.ts';
import type { PublicKey } from './public-key.ts';
import { detailedPublicKeyOf } from './public-key.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal, refuse } from './refusal.ts';

export interface Authority {
  readonly uri: string;
  readonly anchor: Certificate;
  readonly intermediates: readonly Certificate[];
  /** The certificate that signs timestamps, when the root names it. */
  readonly signer: Certificate | undefined;
  readonly validFor: ValidityWindow;
}

export interface Log {
  readonly baseUrl: string;
  readonly logId: Buffer;
  readonly key: PublicKey;
  readonly validFor: ValidityWindow;
}

export interface TrustRoot {
  /** `sha256:` of what it was made from; part of the key of remembered verdicts. */
  readonly digest: string;
  readonly certificateAuthorities: readonly Authority[];
  readonly transparencyLogs: readonly Log[];
  readonly certificateLogs: readonly Log[];
  readonly timestampAuthorities: readonly Authority[];
}

/** For keys without a log: trusts nobody. */
export const emptyTrustRoot: TrustRoot = {
  digest: 'none',
  certificateAuthorities: [],
  transparencyLogs: [],
  certificateLogs: [],
  timestampAuthorities: [],
};

/** Reads a `trusted_root.json`. Logs whose key is of an unknown kind are left out: nothing verifies under them. */
export function trustRootOf(bytes: Uint8Array): TrustRoot | Refusal {
  const parsed = parseTrustedRoot(bytes);
  if (parsed.kind === 'malformed') return refuse('TRUST_ROOT_MALFORMED', parsed.reason);
  const root = parsed.value;
  return {
    digest: `sha256:${hash('sha256', bytes)}`,
    certificateAuthorities: root.certificateAuthorities.map(authorityOf),
    transparencyLogs: root.transparencyLogs.flatMap(logsOf),
    certificateLogs: root.certificateLogs.flatMap(logsOf),
    timestampAuthorities: root.timestampAuthorities.map(authorityOf),
  };
}

/** The last certificate is the end of the paths; one in front that is no authority is the signer itself (timestamp authorities). */
function authorityOf({ uri, certificates, validFor }: TrustedAuthority): Authority {
  const anchor = certificates.at(-1) ?? certificates[0];
  const rest = certificates.slice(0, -1);
  const signer = rest.find((certificate) => !certificate.isAuthority);
  return { uri, anchor, intermediates: rest.filter((item) => item !== signer), signer, validFor };
}

function logsOf({ baseUrl, logId, key, validFor }: TrustedLog): Log[] {
  const read = detailedPublicKeyOf(key.bytes, key.details);
  return isRefusal(read) ? [] : [{ baseUrl, logId, key: read, validFor }];
}

/** Certificates of an own PKI, as PEM texts. */
export interface OwnPki {
  readonly roots: string;
  readonly intermediates?: string;
  readonly timestampRoots?: string;
  readonly timestampIntermediates?: string;
}

const always: ValidityWindow = { start: Number.MIN_SAFE_INTEGER, end: undefined };

/** A trust root of certificates without logs; the certificates' own validity is the only window. */
export function ownTrustRoot(pki: OwnPki): TrustRoot | Refusal {
  const authorities = ownAuthorities(pki.roots, pki.intermediates);
  if (authorities.kind === 'malformed') return refuse('TRUST_ROOT_MALFORMED', authorities.reason);
  const stamps: Parsed<readonly Authority[]> =
    pki.timestampRoots === undefined
      ? { kind: 'parsed', value: [] }
      : ownAuthorities(pki.timestampRoots, pki.timestampIntermediates);
  if (stamps.kind === 'malformed') return refuse('TRUST_ROOT_MALFORMED', stamps.reason);
  return {
    ...emptyTrustRoot,
    digest: `sha256:${hash('sha256', JSON.stringify([pki.roots, pki.intermediates, pki.timestampRoots, pki.timestampIntermediates]))}`,
    certificateAuthorities: authorities.value,
    timestampAuthorities: stamps.value,
  };
}

function ownAuthorities(roots: string, steps: string | undefined): Parsed<readonly Authority[]> {
  const anchors = certificatesOf(roots);
  if (anchors.kind === 'malformed') return anchors;
  const others: Parsed<readonly Certificate[]> =
    steps === undefined ? { kind: 'parsed', value: [] } : certificatesOf(steps);
  if (others.kind === 'malformed') return others;
  const intermediates = others.value.filter(({ isAuthority }) => isAuthority);
  const signer = others.value.find(({ isAuthority }) => !isAuthority);
  return {
    kind: 'parsed',
    value: anchors.value.map((anchor) => ({ uri: '', anchor, intermediates, signer, validFor: always })),
  };
}

/** All certificates of a PEM text. */
export function certificatesOf(pem: string): Parsed<readonly Certificate[]> {
  const blocks = parsePem(pem);
  if (blocks.kind === 'malformed') return blocks;
  const certificates: Certificate[] = [];
  for (const { label, bytes } of blocks.value) {
    if (label !== 'CERTIFICATE') return { kind: 'malformed', reason: `PEM block ${label} is not a certificate` };
    const certificate = parseCertificate(bytes);
    if (certificate.kind === 'malformed') return certificate;
    certificates.push(certificate.value);
  }
  return { kind: 'parsed', value: certificates };
}

/** Whether a window holds the time; both ends belong to it (sigstore_common.proto, TimeRange). */
export function isWithin({ start, end }: ValidityWindow, time: number): boolean {
  return time >= start && (end === undefined || time <= end);
}
