// SPDX-License-Identifier: Apache-2.0
// A whole Sigstore for tests: authority, certificate log, transparency log and timestamp authority, made anew for each, and bundles signed with
// it. Each part of a bundle can be replaced, which is how hostile material is made.
import { sign } from 'node:crypto';
import { preAuthenticationEncoding } from '../../../src/formats/dsse.ts';
import type { Issued, KeyPair } from './certificates.ts';
import {
  authorityExtensions,
  ecKeys,
  fulcioExtension,
  issue,
  logIdOf,
  namesExtension,
  pemOf,
  publicKeyDer,
  purposeExtension,
  signingKeyUsage,
} from './certificates.ts';
import { timestampResponse } from './timestamps.ts';
import type { LogParts } from './transparency-log.ts';
import { logEntry, sha256 } from './transparency-log.ts';

export const signedAt = Date.parse('2026-03-01T12:00:00Z');
export const now = Date.parse('2026-06-01T00:00:00Z');
export const minute = 60_000;
export const year = 365 * 24 * 60 * minute;
export const subject = 'https://github.com/owner/repository/.github/workflows/release.yml@refs/heads/main';
export const issuer = 'https://token.example';

export interface TestSigstore {
  readonly root: Issued;
  readonly intermediate: Issued;
  readonly stampRoot: Issued;
  readonly stamper: Issued;
  readonly log: LogParts;
  readonly certificateLog: KeyPair;
}

/** `curve` is that of the certificate authority; the public one uses P-384. */
export function makeSigstore(curve = 'P-256'): TestSigstore {
  const window = { notBefore: signedAt - year, notAfter: signedAt + year };
  const root = issue({ subject: 'root', keys: ecKeys(curve), ...window, extensions: authorityExtensions() });
  const intermediate = issue({
    subject: 'intermediate',
    keys: ecKeys(curve),
    issuer: root,
    ...window,
    extensions: authorityExtensions(0),
  });
  const stampRoot = issue({ subject: 'stamp root', keys: ecKeys(), ...window, extensions: authorityExtensions() });
  const stamper = issue({
    subject: 'stamper',
    keys: ecKeys(),
    issuer: stampRoot,
    ...window,
    extensions: [purposeExtension('timeStamping', 'critical'), signingKeyUsage()],
  });
  return {
    root,
    intermediate,
    stampRoot,
    stamper,
    log: { keys: ecKeys(), host: 'log.example' },
    certificateLog: ecKeys(),
  };
}

const validFor = { start: new Date(signedAt - year).toISOString() };

function logJson(keys: KeyPair, baseUrl: string): Record<string, unknown> {
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: publicKeyDer(keys).toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
    logId: { keyId: logIdOf(keys).toString('base64') },
  };
}

function authorityJson(...chain: readonly Issued[]): Record<string, unknown> {
  const certificates = chain.map(({ certificate }) => ({ rawBytes: certificate.encoded.toString('base64') }));
  return { uri: 'https://authority.example', certChain: { certificates }, validFor };
}

/** The `trusted_root.json` of a test Sigstore, before it is made text. */
export function trustedRootJson(world: TestSigstore): Record<string, unknown> {
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [logJson(world.log.keys, `https://${world.log.host}`)],
    certificateAuthorities: [authorityJson(world.intermediate, world.root)],
    ctlogs: [logJson(world.certificateLog, 'https://ct.example')],
    timestampAuthorities: [authorityJson(world.stamper, world.stampRoot)],
  };
}

export interface LeafParts {
  readonly extensions?: readonly Buffer[];
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly issuer?: Issued;
  readonly log?: KeyPair | undefined;
  readonly keys?: KeyPair;
}

export const usualExtensions: readonly Buffer[] = [
  purposeExtension('codeSigning'),
  signingKeyUsage(),
  namesExtension(subject),
  fulcioExtension(1, issuer),
  fulcioExtension(8, issuer),
];

/** A signing certificate as Fulcio gives it: ten minutes, one name, logged. */
export function makeLeaf(world: TestSigstore, parts: LeafParts = {}): Issued {
  const log = 'log' in parts ? parts.log : world.certificateLog;
  return issue({
    subject: '',
    keys: parts.keys ?? ecKeys(),
    issuer: parts.issuer ?? world.intermediate,
    notBefore: parts.notBefore ?? signedAt - minute,
    notAfter: parts.notAfter ?? signedAt + 9 * minute,
    extensions: parts.extensions ?? usualExtensions,
    ...(log === undefined ? {} : { log: { keys: log, time: signedAt } }),
  });
}

export type BundleJson = Record<string, unknown> & { verificationMaterial: Record<string, unknown> };

export interface BundleParts {
  readonly artifact: Buffer;
  readonly leaf: Issued;
  /** What the log says; by default the truth. */
  readonly logged?: { readonly signature?: Buffer; readonly certificate?: Buffer; readonly digest?: Buffer };
  readonly integratedTime?: number;
}

/** A bundle 0.3 with a plain signature, in Rekor v1. */
export function messageBundle(world: TestSigstore, parts: BundleParts): BundleJson {
  const signature = sign('sha256', parts.artifact, parts.leaf.keys.privateKey);
  const { logged = {} } = parts;
  const pem = pemOf('CERTIFICATE', logged.certificate ?? parts.leaf.certificate.encoded);
  const entry = logEntry(world.log, {
    kind: 'hashedrekord',
    version: '0.0.1',
    integratedTime: parts.integratedTime ?? signedAt / 1000,
    spec: {
      data: { hash: { algorithm: 'sha256', value: (logged.digest ?? sha256(parts.artifact)).toString('hex') } },
      signature: {
        content: (logged.signature ?? signature).toString('base64'),
        publicKey: { content: Buffer.from(pem).toString('base64') },
      },
    },
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes: parts.leaf.certificate.encoded.toString('base64') },
      tlogEntries: [entry],
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: sha256(parts.artifact).toString('base64') },
      signature: signature.toString('base64'),
    },
  };
}

/** The same in Rekor v2: no time from the log, a timestamp instead. */
export function secondLogBundle(world: TestSigstore, parts: BundleParts & { readonly stampedAt?: number }): BundleJson {
  const signature = sign('sha256', parts.artifact, parts.leaf.keys.privateKey);
  const { logged = {} } = parts;
  const entry = logEntry(world.log, {
    kind: 'hashedrekord',
    version: '0.0.2',
    spec: {
      hashedRekordV002: {
        data: { algorithm: 'SHA2_256', digest: (logged.digest ?? sha256(parts.artifact)).toString('base64') },
        signature: {
          content: (logged.signature ?? signature).toString('base64'),
          verifier: {
            keyDetails: 'PKIX_ECDSA_P256_SHA_256',
            x509Certificate: { rawBytes: (logged.certificate ?? parts.leaf.certificate.encoded).toString('base64') },
          },
        },
      },
    },
  });
  const stamp = timestampResponse({ signer: world.stamper, time: parts.stampedAt ?? signedAt, stamped: signature });
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes: parts.leaf.certificate.encoded.toString('base64') },
      tlogEntries: [entry],
      timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: stamp.toString('base64') }] },
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: sha256(parts.artifact).toString('base64') },
      signature: signature.toString('base64'),
    },
  };
}

export interface StatementParts {
  readonly leaf: Issued;
  readonly payload: unknown;
  readonly payloadType?: string;
}

export const inToto = 'application/vnd.in-toto+json';

/** A statement about artifacts, as plain data. */
export function statementOf(
  artifact: Buffer,
  predicateType = 'https://slsa.dev/provenance/v1',
): Record<string, unknown> {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'artifact', digest: { sha256: sha256(artifact).toString('hex') } }],
    predicateType,
    predicate: {},
  };
}

/** A bundle 0.3 with an envelope, in Rekor v1. */
export function statementBundle(
  world: TestSigstore,
  { leaf, payload, payloadType = inToto }: StatementParts,
): BundleJson {
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  const signature = sign('sha256', preAuthenticationEncoding(payloadType, bytes), leaf.keys.privateKey);
  const pem = pemOf('CERTIFICATE', leaf.certificate.encoded);
  const entry = logEntry(world.log, {
    kind: 'dsse',
    version: '0.0.1',
    integratedTime: signedAt / 1000,
    spec: {
      envelopeHash: { algorithm: 'sha256', value: sha256(Buffer.from('as it was sent')).toString('hex') },
      payloadHash: { algorithm: 'sha256', value: sha256(bytes).toString('hex') },
      signatures: [{ signature: signature.toString('base64'), verifier: Buffer.from(pem).toString('base64') }],
    },
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes: leaf.certificate.encoded.toString('base64') },
      tlogEntries: [entry],
    },
    dsseEnvelope: {
      payload: bytes.toString('base64'),
      payloadType,
      signatures: [{ sig: signature.toString('base64') }],
    },
  };
}

/** A bundle signed with a managed key; the log may name another key. */
export function managedKeyBundle(
  world: TestSigstore,
  artifact: Buffer,
  keys: { readonly signer: KeyPair; readonly logged?: KeyPair },
): BundleJson {
  const signature = sign('sha256', artifact, keys.signer.privateKey);
  const pem = pemOf('PUBLIC KEY', publicKeyDer(keys.logged ?? keys.signer));
  const entry = logEntry(world.log, {
    kind: 'hashedrekord',
    version: '0.0.1',
    integratedTime: signedAt / 1000,
    spec: {
      data: { hash: { algorithm: 'sha256', value: sha256(artifact).toString('hex') } },
      signature: { content: signature.toString('base64'), publicKey: { content: Buffer.from(pem).toString('base64') } },
    },
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'anybody' }, tlogEntries: [entry] },
    messageSignature: { signature: signature.toString('base64') },
  };
}
