// SPDX-License-Identifier: Apache-2.0
// Verified provenance in the evidence graph: commit -built-by-> run -produced-> artifact, run -built-by-> builder. Only what somebody trusted
// states gets an edge; an envelope without log entry is recorded as asserted, because nobody proves when it was signed.
import type { Evidence, Producer } from '../../model/evidence.ts';
import { evidenceOf } from '../../model/evidence.ts';
import type { GraphBuilder } from '../../model/graph.ts';
import type { ProvenanceFact } from '../../model/provenance.ts';
import type { SubjectKind } from '../../model/subject.ts';
import { subjectOf } from '../../model/subject.ts';
import type { Artifact } from '../signatures/proof.ts';
import { textOf } from './github-builder.ts';
import type { ProvenanceSignature, VerifiedProvenance } from './result.ts';

export interface RecordedProvenance {
  readonly result: VerifiedProvenance;
  readonly artifact: Artifact;
  readonly kind: Extract<SubjectKind, 'file' | 'image' | 'package'>;
  /** A path, a reference, a package URL. */
  readonly name: string;
  /** `sha256:` of the document. */
  readonly proofDigest: string;
}

export interface RecordOrigin {
  readonly producer: Producer;
  readonly source: string;
  /** RFC 3339, UTC. */
  readonly observedAt: string;
}

/** Adds evidence, subjects and edges of one verified artifact. */
export function recordProvenance(
  graph: GraphBuilder,
  recorded: RecordedProvenance,
  origin: RecordOrigin,
): Evidence<'provenance'> {
  const { result, artifact, kind, name } = recorded;
  const { build, signature } = result;
  const [digest = name] = artifact.digests;
  const subject = graph.addSubject(subjectOf(kind, digest, name, artifact.digests));
  const isLogged = isLoggedBy(signature);
  const body = factOf(recorded, isLogged);
  const trust = isLogged ? 'verified' : 'asserted';
  const evidence = graph.addEvidence(evidenceOf({ ...origin, subject: subject.id, kind: 'provenance', body, trust }));
  const builderName = textOf({ id: build.builderId, ref: build.builderRef });
  const builder = graph.addSubject(subjectOf('builder', builderName, builderName));
  const identity = graph.addSubject(subjectOf('identity', body.signedBy, body.signedBy));
  graph.addRelation(subject.id, 'signed-by', identity.id, evidence);
  if (build.run === undefined) {
    graph.addRelation(subject.id, 'built-by', builder.id, evidence);
    return evidence;
  }
  const run = graph.addSubject(subjectOf('pipeline-run', build.run, build.run));
  graph.addRelation(run.id, 'produced', subject.id, evidence);
  graph.addRelation(run.id, 'built-by', builder.id, evidence);
  if (build.commit !== undefined) {
    const where = build.source === undefined ? build.commit : `${build.source}@${build.commit}`;
    const commit = graph.addSubject(subjectOf('commit', build.commit, where));
    graph.addRelation(commit.id, 'built-by', run.id, evidence);
  }
  return evidence;
}

function factOf({ result, artifact, proofDigest }: RecordedProvenance, isLogged: boolean): ProvenanceFact {
  const { build, statement, provenance, level, signature } = result;
  const { builderId, builderRef, source, commit, ref, run } = build;
  return {
    artifact: artifact.digests,
    predicateType: statement.predicateType,
    builder: { id: builderId, ...(builderRef === undefined ? {} : { ref: builderRef }) },
    buildType: provenance.buildType,
    ...(source === undefined ? {} : { source }),
    ...(commit === undefined ? {} : { commit }),
    ...(ref === undefined ? {} : { ref }),
    ...(run === undefined ? {} : { run }),
    ...(result.package === undefined ? {} : { package: result.package }),
    level: { track: 'build', ...level },
    signedBy: signerName(signature),
    isLogged,
    proofDigest,
  };
}

function isLoggedBy(signature: ProvenanceSignature): boolean {
  return signature.kind === 'service-key' || signature.isLogged;
}

/** Who signed, for people. */
export function signerName(signature: ProvenanceSignature): string {
  if (signature.kind === 'service-key') return signature.keyId;
  const { signer } = signature.verified;
  if (signer.kind === 'key') return signer.fingerprint;
  return signer.subjects.map(({ value }) => value).join(' ');
}
