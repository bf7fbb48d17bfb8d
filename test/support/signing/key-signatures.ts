// SPDX-License-Identifier: Apache-2.0
// Signatures and attestations by plain keys and by certificates, in both layouts of Cosign, with and without an entry of the test Sigstore's log and a
// timestamp of its authority.
import { sign } from 'node:crypto';
import { attachBundle, attachLayer, signPredicateType } from '../../../src/apps/signatures/attachment.ts';
import { preAuthenticationEncoding } from '../../../src/formats/dsse.ts';
import type { WritableStore } from '../../../src/io/registry/writable-store.ts';
import type { TestManifest } from '../registry/content.ts';
import { world } from './attempt.ts';
import type { Issued, KeyPair } from './certificates.ts';
import { logIdOf, pemOf, publicKeyDer } from './certificates.ts';
import { inToto, signedAt, statementOf } from './sigstore.ts';
import { timestampResponse } from './timestamps.ts';
import { logEntry, promiseOf, sha256 } from './transparency-log.ts';

export interface KeySigning {
  readonly keys: KeyPair;
  /** `unlogged`: as `cosign sign --tlog-upload=false` leaves it. */
  readonly log?: 'logged' | 'unlogged';
  readonly annotations?: Readonly<Record<string, string>>;
  /** What is signed instead of the image's own digest. */
  readonly digest?: string;
  readonly hash?: 'sha256' | 'sha384' | 'sha512';
  /** Lies beside the signature; its key is that of `keys`. */
  readonly certificate?: Issued;
  /** Somebody who stamps the signature with the time. */
  readonly stamper?: Issued;
}

/** What the log knows a signer by. */
function verifierPem({ keys, certificate }: KeySigning): string {
  return certificate === undefined
    ? pemOf('PUBLIC KEY', publicKeyDer(keys))
    : pemOf('CERTIFICATE', certificate.certificate.encoded);
}

export function publicPem({ publicKey }: KeyPair): string {
  return publicKey.export({ type: 'spki', format: 'pem' }) as string;
}

/** The older layout: a layer under `sha256-….sig`. */
export async function signOlder(store: WritableStore, image: TestManifest, signing: KeySigning): Promise<void> {
  const { keys, log = 'unlogged', annotations = {}, digest = image.digest, hash = 'sha256' } = signing;
  const { certificate, stamper } = signing;
  const critical = {
    type: 'cosign container image signature',
    image: { 'docker-manifest-digest': digest },
    identity: { 'docker-reference': 'registry.example/team/app' },
  };
  const blob = Buffer.from(JSON.stringify({ critical, optional: annotations }));
  const signature = sign(hash, blob, keys.privateKey);
  const spec = {
    data: { hash: { algorithm: 'sha256', value: sha256(blob).toString('hex') } },
    signature: {
      content: signature.toString('base64'),
      publicKey: { content: Buffer.from(verifierPem(signing)).toString('base64') },
    },
  };
  const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind: 'hashedrekord', spec }));
  const entry = { body, integratedTime: signedAt / 1000, logIndex: 7 };
  const promise = {
    SignedEntryTimestamp: promiseOf(world.log, entry).toString('base64'),
    Payload: {
      body: body.toString('base64'),
      integratedTime: entry.integratedTime,
      logIndex: entry.logIndex,
      logID: logIdOf(world.log.keys).toString('hex'),
    },
  };
  await attachLayer(store, {
    subject: image.digest,
    kind: 'signature',
    blob,
    annotations: {
      'dev.cosignproject.cosign/signature': signature.toString('base64'),
      ...(log === 'logged' ? { 'dev.sigstore.cosign/bundle': JSON.stringify(promise) } : {}),
      ...(certificate === undefined ? {} : { 'dev.sigstore.cosign/certificate': verifierPem(signing) }),
      ...(stamper === undefined
        ? {}
        : {
            'dev.sigstore.cosign/rfc3161timestamp': JSON.stringify({
              SignedRFC3161Timestamp: stampOf(stamper, signature).toString('base64'),
            }),
          }),
    },
  });
}

function stampOf(stamper: Issued, signature: Buffer): Buffer {
  return timestampResponse({ signer: stamper, time: signedAt, stamped: signature });
}

export interface KeyStatement extends KeySigning {
  /** A signature when absent. */
  readonly predicateType?: string;
  readonly predicate?: unknown;
}

/** The newer layout: a bundle that refers to the image. */
export async function signNewer(store: WritableStore, image: TestManifest, statement: KeyStatement): Promise<void> {
  const { keys, log = 'unlogged', predicateType = signPredicateType, predicate = {}, certificate, stamper } = statement;
  const payload = Buffer.from(JSON.stringify({ ...statementOf(image.bytes, predicateType), predicate }));
  const signature = sign('sha256', preAuthenticationEncoding(inToto, payload), keys.privateKey);
  const verifier = Buffer.from(verifierPem(statement)).toString('base64');
  const entry = logEntry(world.log, {
    kind: 'dsse',
    version: '0.0.1',
    integratedTime: signedAt / 1000,
    spec: {
      envelopeHash: { algorithm: 'sha256', value: sha256(Buffer.from('as it was sent')).toString('hex') },
      payloadHash: { algorithm: 'sha256', value: sha256(payload).toString('hex') },
      signatures: [{ signature: signature.toString('base64'), verifier }],
    },
  });
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      ...(certificate === undefined
        ? { publicKey: { hint: 'anybody' } }
        : { certificate: { rawBytes: certificate.certificate.encoded.toString('base64') } }),
      tlogEntries: log === 'logged' ? [entry] : [],
      ...(stamper === undefined
        ? {}
        : {
            timestampVerificationData: {
              rfc3161Timestamps: [{ signedTimestamp: stampOf(stamper, signature).toString('base64') }],
            },
          }),
    },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: inToto,
      signatures: [{ sig: signature.toString('base64') }],
    },
  };
  await attachBundle(store, {
    subject: image,
    bundle: Buffer.from(JSON.stringify(bundle)),
    content: 'dsse-envelope',
    predicateType,
    createdAt: '2026-03-01T12:00:00Z',
  });
}

/** A statement in the older layout: an envelope as a layer under `sha256-….att`. */
export async function attestOlder(store: WritableStore, image: TestManifest, statement: KeyStatement): Promise<void> {
  const { keys, predicateType = signPredicateType, predicate = {} } = statement;
  const payload = Buffer.from(JSON.stringify({ ...statementOf(image.bytes, predicateType), predicate }));
  const signature = sign('sha256', preAuthenticationEncoding(inToto, payload), keys.privateKey);
  const envelope = {
    payloadType: inToto,
    payload: payload.toString('base64'),
    signatures: [{ keyid: '', sig: signature.toString('base64') }],
  };
  await attachLayer(store, {
    subject: image.digest,
    kind: 'attestation',
    blob: Buffer.from(JSON.stringify(envelope)),
    annotations: { 'dev.cosignproject.cosign/signature': '', predicateType },
  });
}
