// SPDX-License-Identifier: Apache-2.0
// Verified Notary Project signatures as evidence in a graph: subject, signing identity, and the edge between them.
import { leafName } from '../../evidence/signatures/notation/authenticity.ts';
import { notationEvidence } from '../../evidence/signatures/notation/record.ts';
import { formatName } from '../../formats/distinguished-name.ts';
import type { TrustPolicyStatement } from '../../formats/notation/trust-policy.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import type { GraphBuilder } from '../../model/graph.ts';
import { subjectOf } from '../../model/subject.ts';
import { programName, version } from '../../model/version.ts';
import type { SignedManifest } from './notation-attachment.ts';
import type { NotationVerdict } from './notation-verify.ts';

export interface JudgedManifest {
  /** As the user named it. */
  readonly name: string;
  readonly manifest: SignedManifest;
  readonly statement: TrustPolicyStatement;
  readonly verdict: NotationVerdict;
}

const indexTypes: readonly string[] = [mediaTypes.ociIndex, mediaTypes.dockerList];

/**
 * Adds the signature that counts. False when there is none, and when the policy only logs that nobody trusts the signer: a certificate that
 * anybody can make for any name must not stand in evidence as a verified identity.
 */
export function recordNotation(graph: GraphBuilder, judged: JudgedManifest, observedAt: string): boolean {
  const { name, manifest, statement, verdict } = judged;
  const { accepted, lookup } = verdict;
  if (accepted === undefined || accepted.verification.kind !== 'verified') return false;
  const { verification, signature } = accepted;
  if (!verification.checks.some(({ check, outcome }) => check === 'authenticity' && outcome === 'passed')) return false;
  const kind = indexTypes.includes(manifest.mediaType) ? 'image-index' : 'image';
  const subject = graph.addSubject(subjectOf(kind, manifest.digest, name, [manifest.digest]));
  const evidence = graph.addEvidence(
    notationEvidence(
      { verification, statement, lookup, proofDigest: signature.digest },
      { subject: subject.id, producer: { name: programName, version }, source: name, observedAt },
    ),
  );
  const leaf = leafName(verification.envelope.certificates);
  if (leaf === undefined) return true;
  const identity = formatName(leaf);
  const signer = graph.addSubject(subjectOf('identity', identity, identity));
  graph.addRelation(subject.id, 'signed-by', signer.id, evidence);
  return true;
}
