// SPDX-License-Identifier: Apache-2.0
// Verified signatures as evidence in a graph: subject, signing identity, and the edge between them.
import type { SignaturePolicy } from '../../evidence/signatures/policy.ts';
import type { Artifact } from '../../evidence/signatures/proof.ts';
import { signatureEvidence } from '../../evidence/signatures/record.ts';
import type { TrustRoot } from '../../evidence/signatures/trust-root.ts';
import type { Verified } from '../../evidence/signatures/verify.ts';
import type { GraphBuilder } from '../../model/graph.ts';
import type { SubjectKind } from '../../model/subject.ts';
import { subjectOf } from '../../model/subject.ts';
import { programName, version } from '../../model/version.ts';

export interface RecordedArtifact {
  readonly kind: Extract<SubjectKind, 'image' | 'image-index' | 'file'>;
  /** A reference or a path. */
  readonly name: string;
  readonly artifact: Artifact;
}

export interface RecordedSignature {
  readonly verified: Verified;
  /** `sha256:` of the proof. */
  readonly proofDigest: string;
}

export interface RecordOptions {
  readonly policy: SignaturePolicy;
  readonly trustRoot: TrustRoot;
  /** RFC 3339, UTC. */
  readonly observedAt: string;
}

/** Adds one piece of evidence for each signature; refusals are none. */
export function recordSignatures(
  graph: GraphBuilder,
  { kind, name, artifact }: RecordedArtifact,
  { signatures, policy, trustRoot, observedAt }: RecordOptions & { readonly signatures: readonly RecordedSignature[] },
): void {
  const [digest = name] = artifact.digests;
  const subject = graph.addSubject(subjectOf(kind, digest, name, artifact.digests));
  for (const { verified, proofDigest } of signatures) {
    const evidence = graph.addEvidence(
      signatureEvidence(
        { verified, artifact, policy, trustRoot, proofDigest },
        { subject: subject.id, producer: { name: programName, version }, source: name, observedAt },
      ),
    );
    const identity = identityOf(verified);
    const signer = graph.addSubject(subjectOf('identity', identity, identity));
    graph.addRelation(subject.id, 'signed-by', signer.id, evidence);
  }
}

function identityOf({ signer }: Verified): string {
  if (signer.kind === 'key') return signer.fingerprint;
  const names = signer.subjects.filter(({ kind }) => kind !== 'unread').map(({ value }) => value);
  return `${names.join(' ')}${signer.issuer === undefined ? '' : ` of ${signer.issuer}`}`;
}
