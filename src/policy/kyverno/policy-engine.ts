// SPDX-License-Identifier: Apache-2.0
// Kyverno's policies behind the common engine interface: ClusterPolicy, Policy, ValidatingPolicy, MutatingPolicy, and both kinds of PolicyException.
// All mutate before any validates. Made with a clock and a source of chance, since expressions may ask for both.
// Roles of the requester come from the data provider. Where it knows none, a rule that is only about some roles applies to nobody.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { Severity } from '../../model/severity.ts';
import { labelsOf } from '../admission-policy/match-resources.ts';
import type { AdmissionRequest } from '../admission-policy/request.ts';
import { kindOfResource } from '../admission-policy/rest-mapping.ts';
import type { DataProvider } from '../data-provider.ts';
import { noData } from '../data-provider.ts';
import type {
  AdmissionPhase,
  CompiledEngine,
  CompiledPolicyFacts,
  EngineData,
  EngineDocument,
  EngineOutcome,
  EngineSurroundings,
  PolicyDecision,
  PolicyEffect,
  PolicyEngine,
  PolicyInterest,
  PolicyWrite,
} from '../engine.ts';
import { definePolicyEngine, statedSeverity } from '../engine.ts';
import { diffJson } from '../patch/json-diff.ts';
import { describeObject } from '../policy-set.ts';
import type { CelEvaluation } from './cel/core.ts';
import type { CelException } from './cel/exceptions.ts';
import { compileCelException, isCelException } from './cel/exceptions.ts';
import { compileGeneratingPolicy, evaluateGeneratingPolicy, isGeneratingPolicy } from './cel/generating-policy.ts';
import { compileMutatingPolicy, evaluateMutatingPolicy, isMutatingPolicy } from './cel/mutating-policy.ts';
import { compileValidatingPolicy, evaluateValidatingPolicy, isValidatingPolicy } from './cel/validating-policy.ts';
import type { EvaluationOptions, PolicyRequest } from './engine.ts';
import { evaluatePolicy } from './engine.ts';
import type { PolicyException } from './exceptions.ts';
import { compileException, isPolicyException } from './exceptions.ts';
import { failureActionFor } from './failure-action.ts';
import { interestsOfConstraints, interestsOfRules } from './interests.ts';
import type { CompiledPolicy, PolicySettings } from './policy.ts';
import { compilePolicy, isKyvernoPolicy } from './policy.ts';
import { Queries } from './queries.ts';
import type { RuleOutcome, RuleType } from './rule.ts';

/** A request with what policies may know besides. */
interface Situation {
  readonly policyRequest: PolicyRequest;
  readonly cel: CelEvaluation;
  readonly namespaceLabels: JsonObject;
}

/** All change objects, then images are verified and their digests put in, then everything is judged (Kyverno's webhooks: mutate, verifymutate, validate). */
type Phase = 'mutate' | 'pin' | 'validate';

const phasesOf: Readonly<Record<AdmissionPhase, readonly Phase[]>> = {
  mutate: ['mutate', 'pin'],
  validate: ['validate'],
  both: ['mutate', 'pin', 'validate'],
};

interface Member {
  readonly facts: CompiledPolicyFacts;
  readonly severity: Severity | undefined;
  run(phase: Phase, situation: Situation): readonly RuleOutcome[];
  /** What ought to be there besides, for policies that make objects. */
  generate?(situation: Situation): readonly RuleOutcome[];
  effectOf(outcome: RuleOutcome, situation: Situation): PolicyEffect;
}

export const kyvernoPolicyEngine = definePolicyEngine({
  id: 'kyverno',
  title: 'Kyverno policies',
  accepts: ({ object }) => readers.some(({ accepts }) => accepts(object)),
  compile: (documents, { surroundings, keyTransparencyLog }) =>
    compileWith(surroundings ?? nothingAround, documents, keyTransparencyLog),
});

const nothingAround: EngineSurroundings = { now: () => Number.NaN, random: () => Number.NaN };

function compileWith(
  surroundings: EngineSurroundings,
  documents: readonly EngineDocument[],
  keyTransparencyLog: PolicySettings['keyTransparencyLog'] = 'required',
): CompiledEngine {
  const set = new KyvernoSet(surroundings, { keyTransparencyLog });
  for (const document of documents) set.add(document);
  return set;
}

/** The same engine with a clock and a source of chance of its own. */
export function kyvernoEngine(surroundings: EngineSurroundings): PolicyEngine {
  return {
    ...kyvernoPolicyEngine,
    compile: (documents, { keyTransparencyLog }) => compileWith(surroundings, documents, keyTransparencyLog),
  };
}

interface Reader {
  readonly accepts: (object: JsonObject) => boolean;
  readonly read: (set: KyvernoSet, document: EngineDocument) => void;
}

/** A new kind is one more. */
const readers: readonly Reader[] = [
  { accepts: isKyvernoPolicy, read: (set, document) => set.addPolicy(document) },
  { accepts: isValidatingPolicy, read: (set, document) => set.addValidating(document) },
  { accepts: isGeneratingPolicy, read: (set, document) => set.addGenerating(document) },
  { accepts: isMutatingPolicy, read: (set, document) => set.addMutating(document) },
  { accepts: isPolicyException, read: (set, document) => set.addException(document) },
  { accepts: isCelException, read: (set, document) => set.addCelException(document) },
  { accepts: isForTheBackground, read: (set, document) => set.addRemark(document) },
];

/** Kinds that say nothing of requests: what they delete, or keep at hand for other policies, is the matter of a background controller. */
const backgroundKinds: ReadonlySet<string> = new Set([
  'kyverno.io GlobalContextEntry',
  'kyverno.io CleanupPolicy',
  'kyverno.io ClusterCleanupPolicy',
  'policies.kyverno.io DeletingPolicy',
  'policies.kyverno.io NamespacedDeletingPolicy',
]);

function isForTheBackground({ apiVersion, kind }: JsonObject): boolean {
  const [group = ''] = (asString(apiVersion) ?? '').split('/');
  return backgroundKinds.has(`${group} ${asString(kind) ?? ''}`);
}

class KyvernoSet implements CompiledEngine {
  readonly problems: Problem[] = [];
  readonly policies: CompiledPolicyFacts[] = [];
  readonly #members: Member[] = [];
  readonly #exceptions: PolicyException[] = [];
  readonly #celExceptions: CelException[] = [];
  readonly #queries: Queries;
  readonly #settings: PolicySettings;
  /** That of the request that is being judged. */
  #data: DataProvider = noData;

  constructor(surroundings: EngineSurroundings, settings: PolicySettings) {
    this.#settings = settings;
    this.#queries = new Queries({
      now: () => surroundings.now(),
      random: (below) => surroundings.random(below),
      addressesOf: (host) => this.#data.addressesOf(host),
    });
  }

  add(document: EngineDocument): void {
    readers.find(({ accepts }) => accepts(document.object))?.read(this, document);
  }

  addPolicy(document: EngineDocument): void {
    const { policy, problems } = compilePolicy(document, this.#queries, this.#settings);
    this.problems.push(...problems);
    if (policy === undefined) return;
    if (policy.rules.some(({ source }) => isForLater(source)))
      this.problems.push({
        kind: 'schema',
        message: `${policy.kind} ${policy.name}: what it generates, or changes besides the object of a request, is not written here`,
        location: document.locate(['metadata', 'name']),
        hidesFindings: false,
      });
    const actions = new Map(policy.rules.map(({ name, failureActions }) => [name, failureActions]));
    const types = new Set(policy.rules.map(({ type }) => type));
    const soft: PolicyEffect = policy.emitsWarnings ? 'warn' : 'audit';
    const strict = (isStrict: boolean): PolicyEffect => (isStrict && policy.admission ? 'deny' : soft);
    this.#addMember(document, {
      interests: interestsOfRules(policy.rules.map(({ source }) => source)),
      mutates: types.has('mutate') || types.has('verifyImages'),
      run: (phase, { policyRequest }) => this.#evaluate({ policy, types }, policyRequest, phase),
      ...(types.has('generate')
        ? {
            generate: ({ policyRequest }: Situation) => this.#evaluateType(policy, policyRequest, { only: 'generate' }),
          }
        : {}),
      effectOf: ({ rule, status }, { policyRequest, namespaceLabels }) => {
        if (status === 'error') return strict(policy.failurePolicy === 'Fail');
        const found = actions.get(rule);
        const metadata = asObject((policyRequest.object ?? policyRequest.oldObject)?.['metadata']);
        const namespace = asString(metadata?.['namespace']) ?? '';
        return strict(found !== undefined && failureActionFor(found, namespace, namespaceLabels) === 'Enforce');
      },
    });
  }

  /** `types`: of the policy's rules; what it has none of is not gone through. */
  #evaluate(
    { policy, types }: { readonly policy: CompiledPolicy; readonly types: ReadonlySet<RuleType> },
    request: PolicyRequest,
    phase: Phase,
  ): readonly RuleOutcome[] {
    if (phase === 'mutate') return types.has('mutate') ? this.#evaluateType(policy, request, { only: 'mutate' }) : [];
    const verifies = types.has('verifyImages');
    if (phase === 'pin')
      return verifies ? this.#evaluateType(policy, request, { only: 'verifyImages', stage: 'pin' }) : [];
    const validated = types.has('validate') ? this.#evaluateType(policy, request, { only: 'validate' }) : [];
    if (!verifies) return validated;
    return [...validated, ...this.#evaluateType(policy, request, { only: 'verifyImages', stage: 'judge' })];
  }

  #evaluateType(
    policy: CompiledPolicy,
    request: PolicyRequest,
    which: Pick<EvaluationOptions, 'only' | 'stage'>,
  ): readonly RuleOutcome[] {
    const options = { queries: this.#queries, data: this.#data, exceptions: this.#exceptions, ...which };
    return evaluatePolicy(policy, request, options);
  }

  addValidating(document: EngineDocument): void {
    const { policy, problems } = compileValidatingPolicy(document);
    this.problems.push(...problems);
    if (policy === undefined) return;
    const { actions, failurePolicy } = policy;
    const breach: PolicyEffect = actions.includes('Deny') ? 'deny' : actions.includes('Warn') ? 'warn' : 'audit';
    this.#addMember(document, {
      interests: interestsOfConstraints(asObject(document.object['spec']) ?? {}),
      mutates: false,
      run: (phase, { cel }) =>
        phase === 'validate' && policy.mode === 'Kubernetes' ? listOf(evaluateValidatingPolicy(policy, cel)) : [],
      effectOf: ({ status }) => (status === 'error' && failurePolicy === 'Fail' ? 'deny' : breach),
    });
  }

  addMutating(document: EngineDocument): void {
    const { policy, problems } = compileMutatingPolicy(document);
    this.problems.push(...problems);
    if (policy === undefined) return;
    this.#addMember(document, {
      interests: interestsOfConstraints(asObject(document.object['spec']) ?? {}),
      mutates: true,
      run: (phase, { cel }) => (phase === 'mutate' ? listOf(evaluateMutatingPolicy(policy, cel)) : []),
      effectOf: () => (policy.failurePolicy === 'Fail' ? 'deny' : 'audit'),
    });
  }

  addGenerating(document: EngineDocument): void {
    const { policy, problems } = compileGeneratingPolicy(document);
    this.problems.push(...problems);
    if (policy === undefined) return;
    this.#addMember(document, {
      interests: interestsOfConstraints(asObject(document.object['spec']) ?? {}),
      mutates: false,
      run: () => [],
      generate: ({ cel }) => listOf(evaluateGeneratingPolicy(policy, cel)),
      effectOf: () => 'audit',
    });
  }

  addRemark(document: EngineDocument): void {
    const kind = asString(document.object['kind']) ?? '';
    if (kind === 'GlobalContextEntry') return;
    const message = `${describeObject(document.object)}: deletes in the background, which judges no request`;
    this.problems.push({
      kind: 'unsupported',
      message,
      location: document.locate(['metadata', 'name']),
      hidesFindings: false,
    });
  }

  addException(document: EngineDocument): void {
    const compiled = compileException(document.object);
    if (compiled.kind === 'exception') this.#exceptions.push(compiled.exception);
    else this.#refuse(document, compiled.message);
  }

  addCelException(document: EngineDocument): void {
    const compiled = compileCelException(document.object);
    if (compiled.kind === 'exception') this.#celExceptions.push(compiled.exception);
    else this.#refuse(document, compiled.message);
  }

  #refuse(document: EngineDocument, message: string): void {
    const location = document.locate(['metadata', 'name']);
    this.problems.push({ kind: 'schema', message: `PolicyException: ${message}`, location, hidesFindings: true });
  }

  #addMember(
    document: EngineDocument,
    {
      interests,
      mutates,
      ...rest
    }: Pick<Member, 'run' | 'effectOf' | 'generate'> & {
      readonly mutates: boolean;
      readonly interests: readonly PolicyInterest[];
    },
  ): void {
    const metadata = asObject(document.object['metadata']) ?? {};
    const kind = asString(document.object['kind']) ?? '';
    const name = asString(metadata['name']) ?? '';
    const isNamespaced = kind === 'Policy' || kind.startsWith('Namespaced');
    const location: Location = document.locate(['metadata', 'name']);
    const facts: CompiledPolicyFacts = {
      name: isNamespaced ? `${asString(metadata['namespace']) ?? 'default'}/${name}` : name,
      kind,
      location,
      interests,
      mutates,
    };
    this.policies.push(facts);
    this.#members.push({ ...rest, facts, severity: statedSeverity(asObject(metadata['annotations'])) });
  }

  judge(
    request: AdmissionRequest,
    { cluster, provider, phase: asked = 'both', writes: wanted }: EngineData,
  ): EngineOutcome {
    this.#data = provider;
    const namespace = request.namespace === undefined ? undefined : cluster.namespace(request.namespace);
    const decisions: PolicyDecision[] = [];
    let { object } = request;
    // One for all members, until one of them changes the object: what is worked out for the first is there for the others.
    let situation = this.#situation(request, namespace);
    const writes: PolicyWrite[] = [];
    for (const phase of phasesOf[asked])
      for (const member of this.#members)
        for (const outcome of member.run(phase, situation)) {
          if (isTold(outcome, phase, asked)) decisions.push(decisionOf(member, outcome, situation));
          writes.push(...writesOf(member, outcome));
          if (outcome.patched === undefined || outcome.patched === object) continue;
          object = outcome.patched;
          situation = this.#situation({ ...request, object }, namespace);
        }
    if (wanted === 'wanted' && asked !== 'mutate')
      for (const member of this.#members)
        for (const outcome of member.generate?.(situation) ?? []) {
          // What is made in the background refuses nobody.
          decisions.push({ ...decisionOf(member, outcome, situation), effect: 'audit' });
          writes.push(...writesOf(member, outcome));
        }
    const written = writes.length === 0 ? {} : { writes };
    if (object === undefined || object === request.object) return { decisions, patch: [], ...written };
    return { decisions, patch: diffJson(request.object, object), object, ...written };
  }

  #situation(request: AdmissionRequest, namespace: JsonObject | undefined): Situation {
    const { operation, object, oldObject, subResource, userInfo } = request;
    const namespaceLabels: JsonObject = {
      ...(request.namespace === undefined ? {} : { 'kubernetes.io/metadata.name': request.namespace }),
      ...labelsOf(namespace),
    };
    const requester = {
      username: asString(userInfo?.['username']) ?? '',
      groups: asStrings(userInfo?.['groups']),
      ...((userInfo === undefined ? undefined : this.#data.rolesOf?.(userInfo)) ?? { roles: [], clusterRoles: [] }),
    };
    return {
      namespaceLabels,
      policyRequest: {
        operation,
        object,
        oldObject,
        namespace,
        namespaceLabels,
        ...(subResource === undefined ? {} : { subresource: subResource, parent: parentOf(request) }),
        ...(userInfo === undefined ? {} : { userInfo, requester }),
      },
      cel: { request, namespace, namespaceLabels, data: this.#data, exceptions: this.#celExceptions },
    };
  }
}

/** The object of a subresource may be of another kind than its parent: a Scale of a Deployment. */
function parentOf({
  kind,
  resource: { group, version, resource },
}: AdmissionRequest): NonNullable<PolicyRequest['parent']> {
  return { group, version, kind: kindOfResource(group, resource) ?? kind.kind };
}

/** Rules whose effects are those of a background controller. */
function isForLater(rule: JsonObject): boolean {
  return rule['generate'] !== undefined || asObject(rule['mutate'])?.['targets'] !== undefined;
}

/** Before everybody has changed the object, only what keeps it from being changed is told, and what no later phase judges again. */
function isTold({ status, isUntold }: RuleOutcome, phase: Phase, asked: AdmissionPhase): boolean {
  if (isUntold === true) return false;
  return asked !== 'mutate' || status === 'error' || (phase === 'pin' && status === 'fail');
}

function writesOf({ facts }: Member, { rule, targets = [], generated = [] }: RuleOutcome): readonly PolicyWrite[] {
  return [
    ...targets.map((object) => ({ policy: facts.name, rule, kind: 'change' as const, object })),
    ...generated.map((object) => ({ policy: facts.name, rule, kind: 'make' as const, object })),
  ];
}

function listOf(outcome: RuleOutcome | undefined): readonly RuleOutcome[] {
  return outcome === undefined ? [] : [outcome];
}

function decisionOf(member: Member, outcome: RuleOutcome, situation: Situation): PolicyDecision {
  const { facts, severity } = member;
  const { rule, status, message } = outcome;
  return {
    policy: facts.name,
    rule,
    outcome: status === 'warn' ? 'fail' : status,
    effect: member.effectOf(outcome, situation),
    message,
    ...(severity === undefined ? {} : { severity }),
    location: facts.location,
  };
}
