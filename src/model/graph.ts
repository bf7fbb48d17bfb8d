// SPDX-License-Identifier: Apache-2.0
// Everything one run knows: subjects, evidence, relations, decisions. Reports are views of it; stores persist it.
import type { Decision } from './decision.ts';
import type { Evidence, EvidenceKind } from './evidence.ts';
import type { Relation, RelationKind } from './relation.ts';
import type { Subject } from './subject.ts';

/** Read side: what reports and policies may ask. */
export interface EvidenceGraph {
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly evidence: readonly Evidence[];
  readonly relations: readonly Relation[];
  readonly decisions: readonly Decision[];
}

/** Write side, used by one run. Adding the same subject, evidence or relation twice keeps one. */
export class GraphBuilder implements EvidenceGraph {
  readonly evidence: Evidence[] = [];
  readonly decisions: Decision[] = [];
  readonly #subjects = new Map<string, Subject>();
  readonly #relations: Relation[] = [];
  /** By subject and kind, so that ids are only computed where two could be the same. */
  readonly #evidenceByTopic = new Map<string, Evidence[]>();
  readonly #relationKeys = new Set<string>();
  #postponed: (() => void)[] = [];

  get subjects(): ReadonlyMap<string, Subject> {
    this.#catchUp();
    return this.#subjects;
  }

  get relations(): readonly Relation[] {
    this.#catchUp();
    return this.#relations;
  }

  /** Adds subjects and relations when somebody asks for some: an SBOM of a hundred thousand packages asks for none. */
  postpone(add: () => void): void {
    this.#postponed.push(add);
  }

  addSubject(subject: Subject): Subject {
    this.#catchUp();
    const known = this.#subjects.get(subject.id);
    if (known !== undefined) return known;
    this.#subjects.set(subject.id, subject);
    return subject;
  }

  addEvidence<K extends EvidenceKind>(evidence: Evidence<K>): Evidence<K> {
    const topic = `${evidence.kind}\n${evidence.subject}`;
    const known = this.#evidenceByTopic.get(topic);
    if (known === undefined) this.#evidenceByTopic.set(topic, [evidence]);
    else if (known.some((item) => item.id === evidence.id)) return evidence;
    else known.push(evidence);
    this.evidence.push(evidence);
    return evidence;
  }

  addRelation(from: string, kind: RelationKind, to: string, evidence: Evidence): void {
    this.#catchUp();
    const key = `${from}\n${kind}\n${to}`;
    if (this.#relationKeys.has(key)) return;
    this.#relationKeys.add(key);
    this.#relations.push({ from, kind, to, evidence });
  }

  addDecision(decision: Decision): void {
    this.decisions.push(decision);
  }

  /** What was postponed comes before what is added after it. */
  #catchUp(): void {
    if (this.#postponed.length === 0) return;
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const add of postponed) add();
  }
}

/** All evidence of one kind, in the order it was added. */
export function evidenceOfKind<K extends EvidenceKind>(graph: EvidenceGraph, kind: K): Evidence<K>[] {
  return graph.evidence.filter((item): item is Evidence<K> => item.kind === kind);
}
