// SPDX-License-Identifier: Apache-2.0
// Objects that carry their own signed manifest, and what a rule with validate.manifests says of them.
import { sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { blobSignatures } from '../../src/apps/signatures/blob-signatures.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import type { CompileOptions } from '../../src/policy/engine.ts';
import { compiled, policyOf, verdictOf } from './kyverno-rule.ts';
import { world } from './signing/attempt.ts';
import type { Issued, KeyPair } from './signing/certificates.ts';
import { ecKeys, logIdOf, pemOf, publicKeyDer } from './signing/certificates.ts';
import { worldRoot } from './signing/image-proofs.ts';
import { publicPem } from './signing/key-signatures.ts';
import { now, signedAt } from './signing/sigstore.ts';
import { promiseOf, sha256 } from './signing/transparency-log.ts';
import { certificatePem } from './verified-image.ts';

export const keys = ecKeys();
export const others = ecKeys();

export const service = (spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', ...metadata },
  spec: { ports: [{ port: 80 }], selector: { app: 'web' }, ...spec },
});

export const packed = (bytes: string | Uint8Array): string => gzipSync(bytes).toString('base64');

interface Signing {
  readonly keys: KeyPair;
  readonly certificate?: Issued;
  /** `logged`: with an entry of the test log; a key pair: the entry names that key instead. */
  readonly log?: 'logged' | KeyPair;
}

function bundleOf(message: Buffer, signature: Buffer, { keys: signer, certificate, log }: Signing): string {
  const named = typeof log === 'object' ? log : signer;
  const verifier =
    certificate === undefined
      ? pemOf('PUBLIC KEY', publicKeyDer(named))
      : pemOf('CERTIFICATE', certificate.certificate.encoded);
  const spec = {
    data: { hash: { algorithm: 'sha256', value: sha256(message).toString('hex') } },
    signature: {
      content: signature.toString('base64'),
      publicKey: { content: Buffer.from(verifier).toString('base64') },
    },
  };
  const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind: 'hashedrekord', spec }));
  const entry = { body, integratedTime: signedAt / 1000, logIndex: 3 };
  return JSON.stringify({
    SignedEntryTimestamp: promiseOf(world.log, entry).toString('base64'),
    Payload: {
      body: body.toString('base64'),
      integratedTime: entry.integratedTime,
      logIndex: entry.logIndex,
      logID: logIdOf(world.log.keys).toString('hex'),
    },
  });
}

/** Annotations as `kubectl sigstore sign` writes them. */
export function annotationsFor(
  message: string | Buffer,
  signings: readonly Signing[],
  domain = 'cosign.sigstore.dev',
): JsonObject {
  const bytes = Buffer.from(message);
  const annotations: Record<string, string> = { [`${domain}/message`]: packed(bytes) };
  for (const [index, signing] of signings.entries()) {
    const end = index === 0 ? '' : `_${index}`;
    const signature = sign('sha256', bytes, signing.keys.privateKey);
    annotations[`${domain}/signature${end}`] = signature.toString('base64');
    if (signing.certificate !== undefined)
      annotations[`${domain}/certificate${end}`] = packed(certificatePem(signing.certificate));
    if (signing.log !== undefined) annotations[`${domain}/bundle${end}`] = packed(bundleOf(bytes, signature, signing));
  }
  return annotations;
}

/** The object with its own signed manifest. */
export function signed(
  object: JsonObject,
  signings: readonly Signing[] = [{ keys }],
  actual: JsonObject = object,
): JsonObject {
  const metadata = actual['metadata'] as JsonObject;
  const annotations = {
    ...(metadata['annotations'] as JsonObject | undefined),
    ...annotationsFor(JSON.stringify(object), signings),
  };
  return { ...actual, metadata: { ...metadata, annotations } };
}

export const byKey = (pair: KeyPair = keys, more: JsonObject = {}): JsonObject => ({
  keys: { publicKeys: publicPem(pair), ...more },
});
export const manifests = (entries: readonly JsonObject[], more: JsonObject = {}, count?: number): JsonObject => ({
  attestors: [{ entries, ...(count === undefined ? {} : { count }) }],
  ...more,
});

export function policyFor(block: JsonObject, policy: JsonObject = {}): JsonObject {
  const match = { any: [{ resources: { kinds: ['*'] } }] };
  return policyOf({ match, validate: { manifests: block } }, policy);
}

interface Judging extends Partial<CompileOptions> {
  readonly policy?: JsonObject;
}

export function judged(
  object: JsonObject,
  block: JsonObject = manifests([byKey()]),
  { policy, ...options }: Judging = {},
): string {
  const provider = blobSignatures({ defaultRoot: worldRoot, time: now });
  return verdictOf(compiled([policyFor(block, policy)], options), object, { provider });
}
