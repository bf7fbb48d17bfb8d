// SPDX-License-Identifier: Apache-2.0
// Compiled policies against requests: which rules apply, in which context, and what they say (Kyverno pkg/engine). Compile once, evaluate many.
// A rule that changes the object (mutate, verifyImages) changes it for the rules after it.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { DataProvider } from '../data-provider.ts';
import { noData } from '../data-provider.ts';
import { parseImageInfo } from '../image-info.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import { podOf } from '../pod-security/pod.ts';
import { contextEntries } from './context-entries.ts';
import { EvaluationContext } from './evaluation-context.ts';
import type { PolicyException } from './exceptions.ts';
import { namesRule } from './exceptions.ts';
import { failureActionFor } from './failure-action.ts';
import type { Hardening } from './hardening.ts';
import type { MatchTarget, Requester } from './match.ts';
import type { CompiledPolicy, CompiledRule } from './policy.ts';
import type { Queries } from './queries.ts';
import type { ImageStage, RuleEvaluation, RuleOutcome, RuleRequest, RuleType } from './rule.ts';
import { faulted, outcome } from './rule.ts';
import { statedContextEntries } from './stated-entries.ts';

export interface PolicyRequest {
  readonly operation: string;
  /** Absent on DELETE. */
  readonly object?: JsonObject | undefined;
  readonly oldObject?: JsonObject | undefined;
  readonly subresource?: string;
  /** The namespace of the object, where it is known. */
  readonly namespace?: JsonObject | undefined;
  readonly namespaceLabels?: JsonObject;
  readonly requester?: Requester;
  /** userInfo as expressions see it. */
  readonly userInfo?: JsonObject;
  /** Whether the requester, or a service account, may do something. Absent: nobody here can say. */
  readonly authorize?: RuleRequest['authorize'];
  /** Kind of the parent, when the object is one of a subresource (`Scale` of a Deployment). */
  readonly parent?: { readonly group: string; readonly version: string; readonly kind: string };
}

export interface EvaluationOptions {
  readonly queries: Queries;
  readonly data?: DataProvider;
  readonly exceptions?: readonly PolicyException[];
  /** Values from outside by dotted keys, which go over what the request says. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** `breaches`: what passed, or says nothing, need not be told, and may be left out. All is told when absent. */
  readonly tell?: 'breaches' | undefined;
  /** Only rules of this type; callers with several policies let all mutate first. */
  readonly only?: RuleType;
  /** For rules that verify images. */
  readonly stage?: ImageStage;
  /** Values that stand in for the context of a rule. */
  readonly ruleValues?: (rule: string) => Readonly<Record<string, unknown>> | undefined;
}

const nothing: readonly RuleOutcome[] = [];

/** What the rules of a policy say of a request. Rules that are not about it say nothing. */
export function evaluatePolicy(
  policy: CompiledPolicy,
  request: PolicyRequest,
  options: EvaluationOptions,
): readonly RuleOutcome[] {
  const { hardening } = policy;
  let view = viewOf(request, options, hardening);
  const { object, oldObject } = view.seen;
  if (policy.namespace !== '' && namespaceOf(object ?? oldObject) !== policy.namespace) return nothing;
  const outcomes: RuleOutcome[] = [];
  for (const rule of rulesAbout(policy, view)) {
    const { seen } = view;
    if ((options.only ?? rule.type) !== rule.type || !rule.matches(seen.target)) continue;
    // What one rule comes to decides whether the next is asked at all where only one applies.
    if (options.tell === 'breaches' && !policy.appliesOne && rule.surelyPasses?.(seen) === true) continue;
    const bounded = policy.namespace === '' ? view.context : view.context.within(policy.namespace);
    const result = evaluateRule(rule, { policy, request: seen, context: bounded, options });
    if (result === undefined) continue;
    const { further = [], ...own } = result;
    for (const each of [own, ...further]) outcomes.push({ ...each, type: rule.type });
    if (policy.appliesOne && result.status !== 'skip') break;
    if (result.patched !== undefined) view = viewOf({ ...request, object: result.patched }, options, hardening);
  }
  return outcomes;
}

/** Rules that may be about a kind, remembered for each kind: most rules are about Pods or about controllers, not both. */
const rulesByKind = new WeakMap<CompiledPolicy, Map<string, readonly CompiledRule[]>>();
const mostKinds = 1_000;

function rulesAbout(policy: CompiledPolicy, { seen, kindName }: RequestView): readonly CompiledRule[] {
  let known = rulesByKind.get(policy);
  if (known === undefined) rulesByKind.set(policy, (known = new Map()));
  let rules = known.get(kindName);
  if (rules === undefined) {
    rules = policy.rules.filter((rule) => rule.mayConcern(seen.target.kind));
    if (known.size >= mostKinds) known.clear();
    known.set(kindName, rules);
  }
  return rules;
}

/** A request as the rules of all policies of a set see it: they only ever extend the context. */
class RequestView {
  readonly seen: RuleRequest;
  /** Names its kind among `rulesByKind`. */
  readonly kindName: string;
  readonly queries: Queries;
  readonly hardening: Hardening;
  readonly #makeContext: () => EvaluationContext;
  #context: EvaluationContext | undefined;

  constructor(request: PolicyRequest, options: EvaluationOptions, hardening: Hardening) {
    this.queries = options.queries;
    this.hardening = hardening;
    this.#makeContext = () => contextOf(request, options, hardening);
    // Values from outside may change the objects of the request.
    this.seen = options.values === undefined ? seenRequest(request, request) : seenRequest(request, this.#inContext());
    const { group, version, kind, subresource } = this.seen.target.kind;
    this.kindName = `${group}/${version}/${kind}/${subresource}`;
  }

  /** Made when a rule first needs it: most patterns ask for no variable. */
  get context(): EvaluationContext {
    return (this.#context ??= this.#makeContext());
  }

  #inContext(): SeenObjects {
    const { object, oldObject } = asObject(this.context.data['request']) ?? {};
    return { object: asObject(object), oldObject: asObject(oldObject) };
  }
}

/** Of requests without values from outside. */
const views = new WeakMap<PolicyRequest, RequestView>();

function viewOf(request: PolicyRequest, options: EvaluationOptions, hardening: Hardening): RequestView {
  if (options.values !== undefined) return new RequestView(request, options, hardening);
  const known = views.get(request);
  if (known !== undefined && known.queries === options.queries && known.hardening === hardening) return known;
  const view = new RequestView(request, options, hardening);
  views.set(request, view);
  return view;
}

function contextOf(
  request: PolicyRequest,
  { queries, values = {} }: EvaluationOptions,
  hardening: Hardening,
): EvaluationContext {
  const about = request.object ?? request.oldObject;
  const images = imagesOf(about);
  const data: Record<string, unknown> = {
    request: {
      operation: request.operation,
      ...(request.object === undefined ? {} : { object: request.object }),
      ...(request.oldObject === undefined ? {} : { oldObject: request.oldObject }),
      namespace: namespaceOf(about),
      ...userOf(request),
    },
    ...serviceAccountOf(request),
    ...(images === undefined ? {} : { images }),
  };
  const context = new EvaluationContext(data, { queries, operation: request.operation, hardening });
  for (const [key, value] of Object.entries(values)) context.addVariable(key, value);
  return context;
}

function userOf({ requester, userInfo }: PolicyRequest): JsonObject {
  if (requester === undefined && userInfo === undefined) return {};
  const info = userInfo ?? { username: requester?.username ?? '', groups: requester?.groups ?? [] };
  return { userInfo: info, roles: requester?.roles ?? [], clusterRoles: requester?.clusterRoles ?? [] };
}

const accountPrefix = 'system:serviceaccount:';

function serviceAccountOf({ requester }: PolicyRequest): JsonObject {
  if (requester === undefined) return {};
  const isAccount = requester.username.startsWith(accountPrefix);
  const [namespace = '', name = ''] = isAccount ? requester.username.slice(accountPrefix.length).split(':') : [];
  return { serviceAccountName: name, serviceAccountNamespace: namespace };
}

function namespaceOf(object: JsonObject | undefined): string {
  return asString(asObject(object?.['metadata'])?.['namespace']) ?? '';
}

/** `images.containers.<name>` and so on, of Pods and of controllers' templates. */
function imagesOf(object: JsonObject | undefined): JsonObject | undefined {
  const extracted = object === undefined ? undefined : podOf(object);
  if (extracted === undefined) return undefined;
  const lists: Record<string, Record<string, unknown>> = {};
  for (const { at, container, name } of extracted.pod.containers) {
    const info = parseImageInfo(asString(container['image']) ?? '');
    const list = String(at[1]);
    if (info !== undefined) lists[list] = { ...lists[list], [name]: { ...info } };
  }
  return Object.keys(lists).length === 0 ? undefined : lists;
}

type SeenObjects = Pick<PolicyRequest, 'object' | 'oldObject'>;

function seenRequest(request: PolicyRequest, { object, oldObject }: SeenObjects): RuleRequest {
  return {
    operation: request.operation,
    object,
    oldObject,
    namespace: request.namespace,
    ...(request.authorize === undefined ? {} : { authorize: request.authorize }),
    target: targetOf(request, object ?? oldObject ?? {}),
  };
}

function targetOf(request: PolicyRequest, object: JsonObject): MatchTarget {
  const apiVersion = asString(object['apiVersion']) ?? '';
  const slash = apiVersion.indexOf('/');
  const own = {
    group: slash === -1 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind: asString(object['kind']) ?? '',
  };
  return {
    object,
    kind: { ...(request.parent ?? own), subresource: request.subresource ?? '' },
    operation: request.operation,
    namespaceLabels: request.namespaceLabels ?? {},
    requester: request.requester,
  };
}

interface Situation {
  readonly policy: CompiledPolicy;
  readonly request: RuleRequest;
  readonly context: EvaluationContext;
  readonly options: EvaluationOptions;
}

function evaluateRule(rule: CompiledRule, situation: Situation): RuleOutcome | undefined {
  const { policy, request, options } = situation;
  const data = options.data ?? noData;
  const values = options.ruleValues?.(rule.name);
  const stated = values === undefined ? options.values : { ...options.values, ...values };
  // A rule without entries of its own adds nothing, so it needs no copy.
  const context =
    rule.context === undefined && values === undefined
      ? situation.context
      : situation.context.extend(
          stated === undefined ? contextEntries(rule.context, data) : statedContextEntries(rule.context, data, stated),
        );
  for (const [key, value] of Object.entries(values ?? {})) context.addVariable(key, value);
  const holds = rule.preconditions(context);
  if (holds instanceof JmespathFault)
    return faulted(rule.name, holds, `failed to evaluate preconditions: ${holds.message}`);
  if (!holds.holds)
    return outcome(
      rule.name,
      'skip',
      ['preconditions not met', holds.message].filter((part) => part !== '').join('; '),
    );
  const excepted = exceptionsFor(policy, rule, { request, context, exceptions: options.exceptions ?? [] });
  const [whole, partial] = exceptionParts(excepted, rule, policy);
  if (whole.length > 0) return skippedFor(whole, rule);
  const { queries, stage } = options;
  const evaluation: RuleEvaluation = {
    request,
    context,
    data,
    queries,
    ...(stage === undefined ? {} : { stage }),
    ...(partial.length === 0 ? {} : { exceptedControls: partial.flatMap(({ podSecurity }) => podSecurity) }),
  };
  const result = rule.run(evaluation);
  if (result?.status === 'skip' && partial.length > 0) return skippedFor(partial, rule);
  const mayBeOld = policy.hardening === 'parity' && result?.status === 'fail' && toleratesBreach(rule, request);
  return mayBeOld && wasInBreach(rule, evaluation, situation)
    ? outcome(rule.name, 'skip', 'skipping the rule evaluation as pre-existing violations are allowed')
    : result;
}

/** Exceptions of the whole rule, and those of some controls, which rules of Pod Security take for themselves. */
function exceptionParts(
  excepted: readonly PolicyException[],
  { source }: CompiledRule,
  { hardening }: CompiledPolicy,
): readonly [readonly PolicyException[], readonly PolicyException[]] {
  const isLimited = ({ podSecurity }: PolicyException): boolean => podSecurity.length > 0;
  const asksForControls = asObject(source['validate'])?.['podSecurity'] !== undefined;
  // Matches Kyverno, where controls in an exception count for nothing in rules of other kinds: it excepts them as a whole.
  if (!asksForControls) return [hardening === 'parity' ? excepted : excepted.filter((item) => !isLimited(item)), []];
  return [excepted.filter((item) => !isLimited(item)), excepted.filter(isLimited)];
}

function skippedFor(excepted: readonly PolicyException[], { name: rule }: CompiledRule): RuleOutcome {
  const names = excepted.map(({ name }) => name);
  return {
    ...outcome(rule, 'skip', `rule is skipped due to policy exceptions ${names.join(', ')}`),
    exceptions: names,
  };
}

function exceptionsFor(
  policy: CompiledPolicy,
  rule: CompiledRule,
  {
    request,
    context,
    exceptions,
  }: {
    readonly request: RuleRequest;
    readonly context: EvaluationContext;
    readonly exceptions: readonly PolicyException[];
  },
): readonly PolicyException[] {
  const name = policy.namespace === '' ? policy.name : `${policy.namespace}/${policy.name}`;
  return exceptions.filter((exception) => {
    if (!namesRule(exception, name, rule.name) || !exception.matches(request.target)) return false;
    const holds = exception.conditions(context);
    return !(holds instanceof JmespathFault) && holds.holds;
  });
}

function toleratesBreach(rule: CompiledRule, { operation, oldObject, target }: RuleRequest): boolean {
  const isResource = ['pattern', 'anyPattern', 'deny', 'foreach'].some(
    (key) => asObject(rule.source['validate'])?.[key] !== undefined,
  );
  return (
    operation === 'UPDATE' &&
    oldObject !== undefined &&
    failureActionFor(rule.failureActions, namespaceOf(oldObject), target.namespaceLabels) === 'Enforce' &&
    rule.allowsExistingViolations &&
    isResource
  );
}

/** Whether the old object would be refused if it were created now (validate_resource.go, validateOldObject). */
function wasInBreach(rule: CompiledRule, evaluation: RuleEvaluation, { context }: Situation): boolean {
  const { request, data } = evaluation;
  const { oldObject } = request;
  if (oldObject === undefined) return false;
  const target = { ...request.target, object: oldObject, operation: 'CREATE' };
  if (!rule.matches(target)) return false;
  const old = context.extend(contextEntries(rule.context, data), {
    request: { ...asObject(context.data['request']), object: oldObject, operation: 'CREATE' },
    images: imagesOf(oldObject) ?? {},
  });
  const holds = rule.preconditions(old);
  if (holds instanceof JmespathFault || !holds.holds) return false;
  const result = rule.run({
    ...evaluation,
    context: old,
    request: { ...request, operation: 'CREATE', object: oldObject, oldObject: undefined, target },
  });
  return result?.status === 'fail';
}
