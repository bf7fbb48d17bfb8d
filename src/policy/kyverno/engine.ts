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
import type { ResourceKind } from './kind-selector.ts';
import type { MatchTarget, Requester } from './match.ts';
import type { CompiledPolicy, CompiledRule } from './policy.ts';
import type { Queries } from './queries.ts';
import type { ImageStage, RuleEvaluation, RuleOutcome, RuleRequest, RuleType } from './rule.ts';
import { outcome } from './rule.ts';
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

/** What the rules of a policy say of a request. Rules that are not about it say nothing. */
export function evaluatePolicy(
  policy: CompiledPolicy,
  request: PolicyRequest,
  options: EvaluationOptions,
): readonly RuleOutcome[] {
  const { hardening } = policy;
  let { context, seen } = viewOf(request, options, hardening);
  if (policy.namespace !== '' && namespaceOf(seen.object ?? seen.oldObject) !== policy.namespace) return [];
  const outcomes: RuleOutcome[] = [];
  for (const rule of rulesAbout(policy, seen.target.kind)) {
    if ((options.only ?? rule.type) !== rule.type || !rule.matches(seen.target)) continue;
    // What one rule comes to decides whether the next is asked at all where only one applies.
    if (options.tell === 'breaches' && !policy.appliesOne && rule.surelyPasses?.(seen) === true) continue;
    const bounded = policy.namespace === '' ? context : context.within(policy.namespace);
    const result = evaluateRule(rule, { policy, request: seen, context: bounded, options });
    if (result === undefined) continue;
    const { further = [], ...own } = result;
    for (const each of [own, ...further]) outcomes.push({ ...each, type: rule.type });
    if (policy.appliesOne && result.status !== 'skip') break;
    if (result.patched !== undefined) {
      ({ context, seen } = viewOf({ ...request, object: result.patched }, options, hardening));
    }
  }
  return outcomes;
}

/** Rules that may be about a kind, remembered for each kind: most rules are about Pods or about controllers, not both. */
const rulesByKind = new WeakMap<CompiledPolicy, Map<string, readonly CompiledRule[]>>();
const mostKinds = 1_000;

function rulesAbout(policy: CompiledPolicy, kind: ResourceKind): readonly CompiledRule[] {
  let known = rulesByKind.get(policy);
  if (known === undefined) rulesByKind.set(policy, (known = new Map()));
  const key = `${kind.group}/${kind.version}/${kind.kind}/${kind.subresource}`;
  let rules = known.get(key);
  if (rules === undefined) {
    rules = policy.rules.filter((rule) => rule.mayConcern(kind));
    if (known.size >= mostKinds) known.clear();
    known.set(key, rules);
  }
  return rules;
}

interface RequestView {
  readonly context: EvaluationContext;
  readonly seen: RuleRequest;
}

/** Of requests without values from outside: the same for every policy of a set, since rules only ever extend the context. */
const views = new WeakMap<PolicyRequest, RequestView & { readonly queries: Queries }>();

function viewOf(request: PolicyRequest, options: EvaluationOptions, hardening: Hardening): RequestView {
  const known = options.values === undefined ? views.get(request) : undefined;
  if (known !== undefined && known.queries === options.queries && known.context.hardening === hardening) return known;
  const context = contextOf(request, options, hardening);
  const view = { context, seen: seenRequest(request, context), queries: options.queries };
  if (options.values === undefined) views.set(request, view);
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

/** The request as the context has it, since values from outside may have changed its objects. */
function seenRequest(request: PolicyRequest, context: EvaluationContext): RuleRequest {
  const data = asObject(context.data['request']) ?? {};
  const object = asObject(data['object']);
  const oldObject = asObject(data['oldObject']);
  return {
    operation: request.operation,
    object,
    oldObject,
    namespace: request.namespace,
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
  // A rule without entries of its own adds nothing, so it needs no copy.
  const context =
    rule.context === undefined && values === undefined
      ? situation.context
      : situation.context.extend(
          values === undefined ? contextEntries(rule.context, data) : statedContextEntries(rule.context, data, values),
        );
  for (const [key, value] of Object.entries(values ?? {})) context.addVariable(key, value);
  const holds = rule.preconditions(context);
  if (holds instanceof JmespathFault)
    return outcome(rule.name, 'error', `failed to evaluate preconditions: ${holds.message}`);
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
