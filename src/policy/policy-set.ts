// SPDX-License-Identifier: Apache-2.0
// Policies of all dialects together: each document goes to the engine that takes it, and a request only to the engines that may have something to say.

import type { JsonObject } from '../formats/document.ts';
import { asString } from '../formats/document.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import type { AdmissionRequest } from './admission-policy/request.ts';
import type {
  CompiledEngine,
  CompiledPolicyFacts,
  CompileOptions,
  EngineData,
  EngineDocument,
  EngineOutcome,
  EnginePart,
  PolicyDecision,
  PolicyEngine,
  PolicyWrite,
} from './engine.ts';
import { nothingToSay } from './engine.ts';
import type { JsonPatchOperation } from './patch/json-patch.ts';
import type { Chosen, SeparableJudge } from './remembering/remembering-judge.ts';
import { RememberingJudge, SurroundingsWatch } from './remembering/remembering-judge.ts';

export interface PolicySet {
  readonly engines: readonly SetEngine[];
  /** Documents that no engine took: resources, other dialects, values. */
  readonly others: readonly EngineDocument[];
  readonly problems: readonly Problem[];
  /** Of sets that remember. */
  readonly remembering?: Pick<RememberingJudge, 'state'>;
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
  const watch = new SurroundingsWatch(options.surroundings);
  const settings = watch.seen === undefined ? options : { ...options, surroundings: watch.seen };
  const members = [...taken]
    .map(([engine, own]) => ({ engine, documents: own, compiled: engine.compile(own, settings) }))
    .filter(({ documents: own, compiled }) => own.length > 0 || compiled.policies.length > 0)
    .map((member) => ({ ...member, mutates: member.compiled.policies.some(({ mutates }) => mutates) }));
  const indexed = members.map((member) => ({
    ...member,
    index: new InterestIndex(member.compiled),
    hasParts: member.compiled.parts !== undefined,
  }));
  const ordered = [...indexed.filter(({ mutates }) => mutates), ...indexed.filter(({ mutates }) => !mutates)];
  const remembering =
    options.remember === undefined
      ? undefined
      : new RememberingJudge(ordered.map(separable), { limits: remembered, watch });
  return {
    engines: members.map(({ engine, documents: own, compiled }) => ({
      engine,
      documents: own,
      policies: compiled.policies,
    })),
    others,
    problems: members.flatMap(({ compiled }) => compiled.problems),
    ...(remembering === undefined ? {} : { remembering }),
    judge: (request, data) =>
      remembering === undefined || !asksForBreachesAlone(data)
        ? judge(request, data, ordered)
        : judgeWhatIsNew(request, data, { members: ordered, remembering }),
  };
}

const remembered = {
  entries: defaultLimits.rememberedPasses,
  characters: defaultLimits.rememberedCharacters,
  values: defaultLimits.comparedValues,
};

interface Member {
  readonly engine: PolicyEngine;
  readonly compiled: CompiledEngine;
  readonly index: InterestIndex;
  readonly mutates: boolean;
  /** False: it is asked as a whole, which is one part, and not the first one of several. */
  readonly hasParts: boolean;
}

const whole: readonly EnginePart[] = [{ separable: true }];

function separable({ compiled, index, hasParts }: Member): SeparableJudge {
  return {
    parts: compiled.parts ?? whole,
    judge: (request, data, only) =>
      index.mayConcern(request) ? compiled.judge(request, data, hasParts ? only : undefined) : nothingToSay,
  };
}

/** As webhooks ask that judge what everybody has made of an object. */
function asksForBreachesAlone({ phase, tell, writes, values }: EngineData): boolean {
  return phase === 'validate' && tell === 'breaches' && writes === undefined && values === undefined;
}

interface Remembrance {
  readonly members: readonly Member[];
  readonly remembering: RememberingJudge;
}

function judgeWhatIsNew(
  request: AdmissionRequest,
  data: EngineData,
  { members, remembering }: Remembrance,
): SetOutcome {
  const chosen = remembering.recall(request, data);
  const outcome = judge(request, data, members, chosen);
  if (chosen === undefined) remembering.consider(request, data);
  // What was remembered passed the object as it came.
  else if (outcome.object !== request.object) return judge(request, data, members);
  return outcome;
}

/** `chosen`: by member, which parts are asked; all when absent. */
function judge(request: AdmissionRequest, data: EngineData, members: readonly Member[], chosen?: Chosen): SetOutcome {
  const decisions: EngineDecision[] = [];
  const patch: JsonPatchOperation[] = [];
  const writes: PolicyWrite[] = [];
  let auditAnnotations: Readonly<Record<string, string>> = {};
  let current = request;
  for (const [place, { engine, compiled, index, mutates, hasParts }] of members.entries()) {
    const only = chosen?.[place];
    if (chosen !== undefined && only === undefined) continue;
    if (data.phase === 'mutate' && !mutates) continue;
    if (!index.mayConcern(current)) continue;
    const outcome = compiled.judge(current, data, hasParts ? only : undefined);
    for (const decision of outcome.decisions) decisions.push({ ...decision, engine: engine.id });
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
