// SPDX-License-Identifier: Apache-2.0
// Policies of all dialects together: each document goes to the engine that takes it, and a request only to the engines that may have something to say.

import type { JsonObject } from '../formats/document.ts';
import { asString } from '../formats/document.ts';
import type { Problem } from '../model/problem.ts';
import type { AdmissionRequest } from './admission-policy/request.ts';
import type {
  CompiledEngine,
  CompiledPolicyFacts,
  CompileOptions,
  EngineData,
  EngineDocument,
  EngineOutcome,
  PolicyDecision,
  PolicyEngine,
  PolicyWrite,
} from './engine.ts';
import type { JsonPatchOperation } from './patch/json-patch.ts';

export interface PolicySet {
  readonly engines: readonly SetEngine[];
  /** Documents that no engine took: resources, other dialects, values. */
  readonly others: readonly EngineDocument[];
  readonly problems: readonly Problem[];
  /** Judges one request with all policies: those that change objects first, the others see the changed object. Never throws. */
  judge(request: AdmissionRequest, data: EngineData): SetOutcome;
}

export interface SetEngine {
  readonly engine: PolicyEngine;
  readonly documents: readonly EngineDocument[];
  readonly policies: readonly CompiledPolicyFacts[];
}

export interface SetOutcome {
  readonly decisions: readonly EngineDecision[];
  /** One after the other, in the order in which they were made. */
  readonly patch: readonly JsonPatchOperation[];
  /** The object as the policies leave it; that of the request when nothing changed. */
  readonly object: JsonObject | undefined;
  readonly auditAnnotations: Readonly<Record<string, string>>;
  readonly writes: readonly PolicyWrite[];
}

export interface EngineDecision extends PolicyDecision {
  readonly engine: string;
}

/** Sorts the documents among the engines and compiles them. Never throws. */
export function compilePolicySet(
  documents: readonly EngineDocument[],
  engines: readonly PolicyEngine[],
  options: CompileOptions,
): PolicySet {
  const taken = new Map<PolicyEngine, EngineDocument[]>(engines.map((engine) => [engine, []]));
  const others: EngineDocument[] = [];
  for (const document of documents) {
    const engine = engines.find((candidate) => candidate.accepts(document));
    if (engine === undefined) others.push(document);
    else taken.get(engine)?.push(document);
  }
  const members = [...taken]
    .map(([engine, own]) => ({ engine, documents: own, compiled: engine.compile(own, options) }))
    .filter(({ documents: own, compiled }) => own.length > 0 || compiled.policies.length > 0)
    .map((member) => ({ ...member, mutates: member.compiled.policies.some(({ mutates }) => mutates) }));
  const indexed = members.map((member) => ({ ...member, index: new InterestIndex(member.compiled) }));
  const ordered = [...indexed.filter(({ mutates }) => mutates), ...indexed.filter(({ mutates }) => !mutates)];
  return {
    engines: members.map(({ engine, documents: own, compiled }) => ({
      engine,
      documents: own,
      policies: compiled.policies,
    })),
    others,
    problems: members.flatMap(({ compiled }) => compiled.problems),
    judge: (request, data) => judge(request, data, ordered),
  };
}

interface Member {
  readonly engine: PolicyEngine;
  readonly compiled: CompiledEngine;
  readonly index: InterestIndex;
  readonly mutates: boolean;
}

function judge(request: AdmissionRequest, data: EngineData, members: readonly Member[]): SetOutcome {
  const decisions: EngineDecision[] = [];
  const patch: JsonPatchOperation[] = [];
  const writes: PolicyWrite[] = [];
  let auditAnnotations: Readonly<Record<string, string>> = {};
  let current = request;
  for (const { engine, compiled, index, mutates } of members) {
    if (data.phase === 'mutate' && !mutates) continue;
    if (!index.mayConcern(current)) continue;
    const outcome = compiled.judge(current, data);
    decisions.push(...outcome.decisions.map((decision) => ({ ...decision, engine: engine.id })));
    patch.push(...outcome.patch);
    writes.push(...(outcome.writes ?? []));
    if (outcome.auditAnnotations !== undefined) auditAnnotations = { ...auditAnnotations, ...outcome.auditAnnotations };
    current = withObject(current, outcome);
  }
  return { decisions, patch, object: current.object, auditAnnotations, writes };
}

function withObject(request: AdmissionRequest, { object }: EngineOutcome): AdmissionRequest {
  return object === undefined ? request : { ...request, object };
}

const mostKnown = 5_000;

/** Whether any policy of an engine may concern a request; remembers the answer for each kind and operation. */
class InterestIndex {
  readonly #policies: readonly CompiledPolicyFacts[];
  readonly #known = new Map<string, boolean>();

  constructor({ policies }: CompiledEngine) {
    this.#policies = policies;
  }

  mayConcern({ operation, resource, subResource, kind }: AdmissionRequest): boolean {
    const plural = subResource === undefined ? resource.resource : `${resource.resource}/${subResource}`;
    const key = `${operation} ${resource.group} ${plural} ${kind.kind}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const answer = this.#policies.some(({ interests }) =>
      interests.length === 0
        ? true
        : interests.some(
            (interest) =>
              holds(interest.groups, resource.group) &&
              holds(interest.operations, operation) &&
              holdsResource(interest.resources, plural),
          ),
    );
    // Clusters have hundreds of kinds, not thousands; whoever makes up more of them gets no memory of ours.
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(key, answer);
    return answer;
  }
}

function holds(list: readonly string[], word: string): boolean {
  return list.includes('*') || list.includes(word);
}

/** `*` is every resource without its subresources, any resource with any subresource by `* / *` (without blanks), `pods/*` all subresources of Pods. */
function holdsResource(list: readonly string[], plural: string): boolean {
  const [resource, sub] = plural.split('/');
  return list.some((pattern) => {
    const [wantedResource, wantedSub] = pattern.split('/');
    if (wantedResource !== '*' && wantedResource !== resource) return false;
    return wantedSub === '*' || wantedSub === sub;
  });
}

/** `kind name` or `kind namespace/name` of an object, for people. */
export function describeObject(object: JsonObject | undefined): string {
  const metadata = object?.['metadata'] as JsonObject | undefined;
  const name = asString(metadata?.['name']) ?? asString(metadata?.['generateName']) ?? '(without name)';
  const namespace = asString(metadata?.['namespace']);
  return `${asString(object?.['kind']) ?? 'object'} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
