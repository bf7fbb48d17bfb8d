// SPDX-License-Identifier: Apache-2.0
// What tests of signing share: a folder, commands run in it, and the verification of what they made by the core.
import { createPublicKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { collectProofs } from '../../../src/apps/signatures/collect.ts';
import type { SignaturePolicy } from '../../../src/evidence/signatures/policy.ts';
import { artifactOf } from '../../../src/evidence/signatures/proof.ts';
import type { PublicKey } from '../../../src/evidence/signatures/public-key.ts';
import { publicKeyOf } from '../../../src/evidence/signatures/public-key.ts';
import { isRefusal } from '../../../src/evidence/signatures/refusal.ts';
import type { TrustRoot } from '../../../src/evidence/signatures/trust-root.ts';
import { emptyTrustRoot, trustRootOf } from '../../../src/evidence/signatures/trust-root.ts';
import type { Verification } from '../../../src/evidence/signatures/verify.ts';
import { verifyBundle, verifySignature } from '../../../src/evidence/signatures/verify.ts';
import { registryStore } from '../../../src/io/registry/client.ts';
import type { Digest } from '../../../src/model/digest.ts';
import { reference, testClient } from '../registry/client.ts';
import type { TestSigstore } from './sigstore.ts';
import { trustedRootJson } from './sigstore.ts';

const folders: string[] = [];

/** To be called at the top of a test file. */
export function removeFoldersAfterEach(): void {
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
}

export function testFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-signing-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export function read(folder: string, name: string): Buffer {
  return readFileSync(join(folder, name));
}

export function publicKeyOfPrivate(pem: string): PublicKey {
  const key = publicKeyOf(createPublicKey(pem).export({ format: 'der', type: 'spki' }));
  if (isRefusal(key)) throw new Error(key.message);
  return key;
}

export function rootOf(world: TestSigstore): TrustRoot {
  const root = trustRootOf(Buffer.from(JSON.stringify(trustedRootJson(world))));
  if (isRefusal(root)) throw new Error(root.message);
  return root;
}

export interface Judgement {
  readonly policy: SignaturePolicy;
  readonly trustRoot?: TrustRoot;
  readonly time: number;
}

export function verifyBlob(bundle: Uint8Array, artifact: Uint8Array, judgement: Judgement): Verification {
  return verifyBundle(bundle, { artifact: artifactOf(artifact), trustRoot: emptyTrustRoot, ...judgement });
}

export interface FoundProof {
  readonly form: string;
  readonly verification: Verification | 'malformed';
  readonly annotations: Readonly<Record<string, string>>;
}

/** Every proof about an image, as a verifier finds it: through the registry, in both layouts. */
export async function imageProofs(name: string, digest: Digest, judgement: Judgement): Promise<readonly FoundProof[]> {
  const store = registryStore(testClient(), reference(name));
  const outcome = await collectProofs(store, { image: digest, kinds: ['signature', 'attestation'] });
  if (outcome.kind === 'none') return [];
  if (outcome.kind === 'unknown') throw new Error(outcome.reason);
  return outcome.value.proofs.map(({ form, content, annotations }) => {
    if (content.kind === 'malformed') return { form, annotations, verification: 'malformed' as const };
    const proof = content.kind === 'bundle' ? content.bundle : content.proof;
    const request = { artifact: { digests: [digest] }, trustRoot: emptyTrustRoot, ...judgement, proof };
    return { form, annotations, verification: verifySignature(request) };
  });
}

/** `verified`, or the code of the refusal. */
export function outcomeOf(verification: Verification | 'malformed' | undefined): string {
  if (verification === undefined) return 'none';
  if (verification === 'malformed') return verification;
  return verification.kind === 'verified' ? 'verified' : verification.code;
}
