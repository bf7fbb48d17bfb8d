// SPDX-License-Identifier: Apache-2.0
// Evidence as in-toto Statements v1 (github.com/in-toto/attestation, spec/v1/statement.md): one statement per evidence, loss-free.
// Subjects need a digest there; what has no content digest is identified by the SHA-256 of its stable id, and says so.
import { hash } from 'node:crypto';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Evidence } from '../model/evidence.ts';
import type { EvidenceGraph } from '../model/graph.ts';

export interface InTotoStatement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly {
    readonly name: string;
    readonly digest: Readonly<Record<string, string>>;
    readonly uri?: string;
  }[];
  readonly predicateType: string;
  readonly predicate: unknown;
}

const predicatePrefix = 'https://landwaiter.dev/evidence/';

/** All evidence, and the relations and decisions that rest on each, in the order it was collected. */
export function statementsOf(graph: EvidenceGraph): InTotoStatement[] {
  const relations = Map.groupBy(graph.relations, (relation) => relation.evidence);
  return graph.evidence.map((evidence) => {
    const subject = graph.subjects.get(evidence.subject);
    const digests = Object.fromEntries((subject?.digests ?? []).map((digest) => digest.split(':') as [string, string]));
    const digest =
      Object.keys(digests).length > 0 ? digests : { 'landwaiter-id-sha256': hash('sha256', evidence.subject) };
    const { id, kind, body, producer, source, observedAt, trust } = evidence;
    return {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: subject?.name ?? evidence.subject, digest, uri: evidence.subject }],
      predicateType: `${predicatePrefix}${kind}/v1`,
      predicate: {
        id,
        body,
        producer,
        source,
        observedAt,
        trust,
        relations: (relations.get(evidence) ?? []).map((relation) => ({
          from: relation.from,
          kind: relation.kind,
          to: relation.to,
        })),
        decisions: graph.decisions.filter((decision) => decision.evidence.includes(id)),
      },
    };
  });
}

/** Whether a statement's id is the hash of what it says: a changed body is noticed on import. */
export function hasMatchingId(statement: InTotoStatement): boolean {
  const { id, body, producer, source, trust } = statement.predicate as Evidence;
  const kind = statement.predicateType.slice(predicatePrefix.length).replace(/\/v1$/, '');
  const subject = statement.subject[0]?.uri;
  return id === `sha256:${hash('sha256', canonicalJson({ subject, kind, body, producer, source, trust }))}`;
}
