// SPDX-License-Identifier: Apache-2.0
// Which of the proofs beside an image a demand is about: by layout, and for signers with a certificate of their own by that certificate. Believes nothing.
import type { Proof } from '../../evidence/signatures/proof.ts';
import type { TrustRoot } from '../../evidence/signatures/trust-root.ts';
import { parsePem } from '../../formats/pem.ts';
import type { SignatureDemand } from '../../policy/image-policy/demand.ts';
import type { CollectedProof } from './collect.ts';

/** The proofs to be judged. Those that are left out are none of the demand's business, whatever they say. */
export function proofsFor(
  { layout, signer }: Pick<SignatureDemand, 'layout' | 'signer'>,
  proofs: readonly CollectedProof[],
): readonly CollectedProof[] {
  const ofLayout = proofs.filter(({ form }) => layout === 'any' || (form === 'bundle') === (layout === 'bundle'));
  if (signer.kind !== 'own-certificate' || signer.certificate === undefined) return ofLayout;
  if (signer.authorities === undefined) return ofLayout.map(byKeyAlone);
  const wanted = certificateBytes(signer.certificate);
  return ofLayout.filter((proof) => wanted !== undefined && leafOf(proof)?.equals(wanted) === true);
}

/**
 * Where no authority of timestamps counts, those beside a signature prove nothing and are not looked at: signers add them unasked. Nothing is made better by
 * that; where a time has to be proved, it is missing then.
 */
export function withoutIdleTimestamps(
  proofs: readonly CollectedProof[],
  { timestampAuthorities }: Pick<TrustRoot, 'timestampAuthorities'>,
): readonly CollectedProof[] {
  if (timestampAuthorities.length > 0) return proofs;
  return proofs.map((collected): CollectedProof => {
    const { content } = collected;
    if (content.kind === 'malformed') return collected;
    return content.kind === 'bundle'
      ? { ...collected, content: { kind: 'bundle', bundle: { ...content.bundle, timestamps: [] } } }
      : { ...collected, content: { kind: 'proof', proof: { ...content.proof, timestamps: [] } } };
  });
}

/**
 * Matches Kyverno because a certificate without chain stands for its key there: what lies beside the signature is not looked at. The key is that of
 * the policy, so nothing is believed that the proof brings along.
 */
function byKeyAlone(collected: CollectedProof): CollectedProof {
  const { content } = collected;
  if (content.kind === 'malformed') return collected;
  const material: Proof['material'] = { kind: 'key', hint: '' };
  return content.kind === 'bundle'
    ? { ...collected, content: { kind: 'bundle', bundle: { ...content.bundle, material } } }
    : { ...collected, content: { kind: 'proof', proof: { ...content.proof, material } } };
}

function leafOf({ content }: CollectedProof): Buffer | undefined {
  if (content.kind === 'malformed') return undefined;
  const { material } = content.kind === 'bundle' ? content.bundle : content.proof;
  return material.kind === 'certificate' ? Buffer.from(material.certificates[0].encoded) : undefined;
}

function certificateBytes(pem: string): Buffer | undefined {
  const blocks = parsePem(pem);
  const first = blocks.kind === 'parsed' ? blocks.value[0] : undefined;

  return first === undefined ? undefined : Buffer.from(first.bytes);
}
