// SPDX-License-Identifier: Apache-2.0
// Images in a test registry with proofs of both layouts hanging on them, made through the writing side that `sign` uses.
import { sign } from 'node:crypto';
import { attachBundle, attachLayer, signPredicateType } from '../../../src/apps/signatures/attachment.ts';
import type { ImageVerdict } from '../../../src/apps/signatures/verify-image.ts';
import { resolveSubject, verifySubject } from '../../../src/apps/signatures/verify-image.ts';
import type { WantedClaim } from '../../../src/apps/signatures/verify-proofs.ts';
import { verifierOf } from '../../../src/apps/signatures/verify-proofs.ts';
import type { SignaturePolicy } from '../../../src/evidence/signatures/policy.ts';
import { isRefusal } from '../../../src/evidence/signatures/refusal.ts';
import type { TrustRoot } from '../../../src/evidence/signatures/trust-root.ts';
import { trustRootOf } from '../../../src/evidence/signatures/trust-root.ts';
import { registryStore } from '../../../src/io/registry/client.ts';
import type { WritableStore } from '../../../src/io/registry/writable-store.ts';
import { writableRepository } from '../../../src/io/registry/writable-store.ts';
import { reference, testClient } from '../registry/client.ts';
import type { TestManifest } from '../registry/content.ts';
import type { TestRegistry } from '../registry/test-registry.ts';
import { keyless, leaf, world } from './attempt.ts';
import type { Issued } from './certificates.ts';
import { logIdOf, pemOf } from './certificates.ts';
import type { BundleJson } from './sigstore.ts';
import { now, signedAt, statementBundle, statementOf, trustedRootJson } from './sigstore.ts';
import { promiseOf, sha256 } from './transparency-log.ts';

export const repository = 'team/app';

export function worldRoot(): TrustRoot {
  const root = trustRootOf(Buffer.from(JSON.stringify(trustedRootJson(world))));
  if (isRefusal(root)) throw new Error(root.message);
  return root;
}

export function writable(registry: TestRegistry, name = repository): WritableStore {
  return writableRepository(testClient(), reference(`${registry.host}/${name}`));
}

/** A bundle that signs an image, or claims something about it. */
export function imageBundle(image: TestManifest, predicateType = signPredicateType, signer: Issued = leaf): BundleJson {
  return statementBundle(world, { leaf: signer, payload: statementOf(image.bytes, predicateType) });
}

export async function attach(store: WritableStore, image: TestManifest, bundle: unknown): Promise<void> {
  await attachBundle(store, {
    subject: image,
    bundle: Buffer.from(JSON.stringify(bundle)),
    content: 'dsse-envelope',
    predicateType: signPredicateType,
    createdAt: '2026-03-01T12:00:00Z',
  });
}

/** Annotations and payload of a signature in the older layout. */
export function signatureLayer(
  digest: string,
  optional: Readonly<Record<string, string>> = {},
): { readonly blob: Buffer; readonly annotations: Readonly<Record<string, string>> } {
  const certificate = pemOf('CERTIFICATE', leaf.certificate.encoded);
  const critical = {
    type: 'cosign container image signature',
    image: { 'docker-manifest-digest': digest },
    identity: { 'docker-reference': 'registry.example/team/app' },
  };
  const blob = Buffer.from(JSON.stringify({ critical, optional }));
  const signature = sign('sha256', blob, leaf.keys.privateKey);
  const spec = {
    data: { hash: { algorithm: 'sha256', value: sha256(blob).toString('hex') } },
    signature: {
      content: signature.toString('base64'),
      publicKey: { content: Buffer.from(certificate).toString('base64') },
    },
  };
  const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind: 'hashedrekord', spec }));
  const entry = { body, integratedTime: signedAt / 1000, logIndex: 5 };
  return {
    blob,
    annotations: {
      'dev.cosignproject.cosign/signature': signature.toString('base64'),
      'dev.sigstore.cosign/certificate': certificate,
      'dev.sigstore.cosign/bundle': JSON.stringify({
        SignedEntryTimestamp: promiseOf(world.log, entry).toString('base64'),
        Payload: {
          body: body.toString('base64'),
          integratedTime: entry.integratedTime,
          logIndex: entry.logIndex,
          logID: logIdOf(world.log.keys).toString('hex'),
        },
      }),
    },
  };
}

export async function attachOlder(
  store: WritableStore,
  image: TestManifest,
  digest: string = image.digest,
): Promise<void> {
  await attachLayer(store, { subject: image.digest, kind: 'signature', ...signatureLayer(digest) });
}

export interface ImageAttempt {
  readonly policy?: SignaturePolicy;
  readonly wanted?: WantedClaim;
  readonly name?: string;
}

/** Resolves a tag and verifies what it stands for, as the command does. */
export async function verifyTag(
  registry: TestRegistry,
  tag: string,
  { policy = keyless, wanted = { kind: 'signature' }, name = repository }: ImageAttempt = {},
): Promise<ImageVerdict> {
  const store = registryStore(testClient(), reference(`${registry.host}/${name}:${tag}`));
  const subject = await resolveSubject(store, { name: undefined });
  if (subject.kind !== 'found') throw new Error(`no image: ${JSON.stringify(subject)}`);
  const verifier = verifierOf({ policy, trustRoot: worldRoot(), wanted });
  return verifySubject(store, subject.value, { verifier, time: now });
}

/** `verified`, `unknown CODE`, the codes of refusals, or `none`. */
export function outcomeText({ accepted, refused, unread }: ImageVerdict): string {
  if (accepted.length > 0) return `verified ${accepted.length}`;
  if (unread.length > 0) return `unknown ${unread.map(({ code }) => code).join(' ')}`;
  return refused.map(({ refusal }) => refusal.code).join(' ') || 'none';
}
