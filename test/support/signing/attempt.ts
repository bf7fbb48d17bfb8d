// SPDX-License-Identifier: Apache-2.0
// What tests of verification share: one test Sigstore, a certificate and a policy that go together, and a way to run one attempt.
import type { SignaturePolicy } from '../../../src/evidence/signatures/policy.ts';
import { artifactOf } from '../../../src/evidence/signatures/proof.ts';
import { isRefusal } from '../../../src/evidence/signatures/refusal.ts';
import { trustRootOf } from '../../../src/evidence/signatures/trust-root.ts';
import type { Verification } from '../../../src/evidence/signatures/verify.ts';
import { verifyBundle } from '../../../src/evidence/signatures/verify.ts';
import type { Issued } from './certificates.ts';
import {
  type BundleJson,
  issuer,
  makeLeaf,
  makeSigstore,
  messageBundle,
  now,
  subject,
  trustedRootJson,
} from './sigstore.ts';

export const world = makeSigstore();
export const leaf = makeLeaf(world);
export const artifact = Buffer.from('the artifact');
export const other = Buffer.from('another artifact');

export const keyless: SignaturePolicy = {
  mode: 'public-good-keyless',
  identities: [{ subject: { kind: 'exact', value: subject }, issuer: { kind: 'exact', value: issuer } }],
};

export interface Attempt {
  readonly policy?: SignaturePolicy;
  readonly artifact?: Buffer;
  readonly root?: Record<string, unknown>;
  readonly time?: number;
}

export function verify(bundle: BundleJson | string, attempt: Attempt = {}): Verification {
  const trustRoot = trustRootOf(Buffer.from(JSON.stringify(attempt.root ?? trustedRootJson(world))));
  if (isRefusal(trustRoot)) return trustRoot;
  return verifyBundle(Buffer.from(typeof bundle === 'string' ? bundle : JSON.stringify(bundle)), {
    artifact: artifactOf(attempt.artifact ?? artifact),
    trustRoot,
    policy: attempt.policy ?? keyless,
    time: attempt.time ?? now,
  });
}

export function codeOf(verification: Verification): string {
  return verification.kind === 'refused' ? verification.code : verification.kind;
}

export function signedBy(signer: Issued): BundleJson {
  return messageBundle(world, { artifact, leaf: signer });
}

export function entriesOf(bundle: BundleJson): Record<string, unknown>[] {
  return bundle.verificationMaterial['tlogEntries'] as Record<string, unknown>[];
}

export function withLeafExtensions(...extensions: readonly Buffer[]): BundleJson {
  return signedBy(makeLeaf(world, { extensions }));
}

export function chainBundle(length: number): BundleJson {
  const bundle = signedBy(leaf);
  const { certificate, ...material } = bundle.verificationMaterial;
  const certificates = Array.from({ length }, () => certificate);
  return {
    ...bundle,
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2',
    verificationMaterial: { ...material, x509CertificateChain: { certificates } },
  };
}

export function repeatedEntries(length: number): BundleJson {
  const bundle = signedBy(leaf);
  const [entry] = entriesOf(bundle);
  const tlogEntries = Array.from({ length }, () => entry);
  return { ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries } };
}
