// SPDX-License-Identifier: Apache-2.0
// MutatingPolicy and NamespacedMutatingPolicy (policies.kyverno.io): as Kubernetes' MutatingAdmissionPolicy, with Kyverno's libraries and exceptions.
// Not here: how patches are applied (src/policy/patch), and policies about objects other than the request's (`targetMatchConstraints`), refused.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { Problem } from '../../../model/problem.ts';
import { matchesResources } from '../../admission-policy/match-resources.ts';
import { configurationOf, operationsOf, patchTypes } from '../../admission-policy/patch-types.ts';
import { callCostLimit } from '../../cel/kubernetes.ts';
import type { CelProgram } from '../../cel/program.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError } from '../../cel/values.ts';
import type { StructureType } from '../../kubernetes-types/schema.ts';
import { schemaOf } from '../../kubernetes-types/schema.ts';
import { equalJson } from '../../patch/json-members.ts';
import { compileJsonPatch } from '../../patch/json-patch.ts';
import { applyJsonPatch } from '../../patch/json-patch-apply.ts';
import { applyStructuredMerge } from '../../patch/structured-merge.ts';
import type { PolicySource } from '../policy.ts';
import type { RuleOutcome, RuleStatus } from '../rule.ts';
import type { ControllerMatch } from './autogen.ts';
import { controllerMatches, isCelGroup } from './autogen.ts';
import type { CelCore, CelEvaluation } from './core.ts';
import { baseValues, CelPolicyCompiler, itemsOf, meets, seenNamespaceLabels, withVariables } from './core.ts';
import type { Excepted } from './exceptions.ts';
import { exceptionsFor } from './exceptions.ts';
import type { CelHost } from './libraries.ts';

interface Mutation {
  readonly patchType: 'ApplyConfiguration' | 'JSONPatch';
  readonly program: CelProgram;
}

export interface MutatingPolicy extends CelCore {
  readonly kind: 'MutatingPolicy' | 'NamespacedMutatingPolicy';
  readonly name: string;
  readonly namespace: string;
  readonly annotations: JsonObject;
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly mutations: readonly Mutation[];
  /** Their templates are mutated as if they were Pods. */
  readonly controllers: readonly ControllerMatch[];
  readonly host: CelHost;
}

export interface MutatingPolicyReading {
  readonly policy: MutatingPolicy | undefined;
  readonly problems: readonly Problem[];
}

const kinds: readonly unknown[] = ['MutatingPolicy', 'NamespacedMutatingPolicy'];

export function isMutatingPolicy(object: JsonObject): boolean {
  return kinds.includes(object['kind']) && isCelGroup(object['apiVersion']);
}

/** Reads one policy. Never throws. */
export function compileMutatingPolicy(source: PolicySource): MutatingPolicyReading {
  const compiler = new CelPolicyCompiler(source, patchTypes);
  const { object } = source;
  const metadata = asObject(object['metadata']) ?? {};
  const spec = asObject(object['spec']) ?? {};
  if (spec['targetMatchConstraints'] !== undefined)
    compiler.refuse('targetMatchConstraints is not supported yet', ['spec', 'targetMatchConstraints']);
  if (asArray(spec['mutations']).length === 0) compiler.refuse('spec.mutations must not be empty', ['spec']);
  const { core, environment } = compiler.core(spec, 'late');
  const mutations = itemsOf(spec, 'mutations').flatMap(([item, path]): Mutation[] => {
    const { patchType } = item;
    if (patchType !== 'ApplyConfiguration' && patchType !== 'JSONPatch') {
      compiler.refuse('patchType must be ApplyConfiguration or JSONPatch', path);
      return [];
    }
    const key = patchType === 'JSONPatch' ? 'jsonPatch' : 'applyConfiguration';
    const program = compiler.program(asObject(item[key])?.['expression'], environment, [...path, key, 'expression']);
    return program === undefined ? [] : [{ patchType, program }];
  });
  if (compiler.problems.length > 0) return { policy: undefined, problems: compiler.problems };
  const kind = object['kind'] === 'MutatingPolicy' ? 'MutatingPolicy' : 'NamespacedMutatingPolicy';
  return {
    problems: [],
    policy: {
      ...core,
      kind,
      name: asString(metadata['name']) ?? '',
      namespace: kind === 'MutatingPolicy' ? '' : (asString(metadata['namespace']) ?? 'default'),
      annotations: asObject(metadata['annotations']) ?? {},
      failurePolicy: spec['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
      mutations,
      controllers: controllerMatches(spec),
      host: compiler.host,
    },
  };
}

function said(status: RuleStatus, message: string): RuleOutcome {
  return { rule: '', type: 'mutate', status, message };
}

/** What a policy makes of a request's object; undefined when it is not about it. */
export function evaluateMutatingPolicy(policy: MutatingPolicy, evaluation: CelEvaluation): RuleOutcome | undefined {
  const { request } = evaluation;
  const { object, oldObject } = request;
  if (object === undefined || request.operation === 'DELETE') return undefined;
  if (policy.namespace !== '' && request.namespace !== policy.namespace) return undefined;
  const namespaceLabels = seenNamespaceLabels(evaluation);
  const context = { of: { namespaceLabels }, rules: 'required', labels: 'known' } as const;
  if (matchesResources(policy.matchConstraints, request, context))
    return judge(policy, { object, type: schemaOf(object) }, evaluation);
  const controller = policy.controllers.find(({ matchConstraints }) =>
    matchesResources(matchConstraints, request, context),
  );
  if (controller === undefined) return undefined;
  const path = controller.path.split('.');
  const template = podOfTemplate(object, path);
  const old = oldObject === undefined ? {} : { oldObject: podOfTemplate(oldObject, path) };
  const subject = { object: template, type: schemaOf({ apiVersion: 'v1', kind: 'Pod' }) };
  const outcome = judge(policy, subject, { ...evaluation, request: { ...request, object: template, ...old } });
  if (outcome?.patched === undefined) return outcome;
  const { metadata, spec } = outcome.patched;
  return { ...outcome, patched: asObject(withMembers(object, path, { metadata, spec })) ?? object };
}

/** The template of a controller with the controller's kind. */
function podOfTemplate({ apiVersion, kind, ...rest }: JsonObject, path: readonly string[]): JsonObject {
  const template = path.reduce<JsonObject | undefined>((value, key) => asObject(value?.[key]), rest);
  return {
    apiVersion,
    kind,
    metadata: asObject(template?.['metadata']) ?? {},
    spec: asObject(template?.['spec']) ?? {},
  };
}

function withMembers(value: unknown, [key, ...rest]: readonly string[], members: JsonObject): JsonObject {
  const object = asObject(value) ?? {};
  return key === undefined ? { ...object, ...members } : { ...object, [key]: withMembers(object[key], rest, members) };
}

/** What is mutated, and the type by which configurations are merged into it. */
interface Subject {
  readonly object: JsonObject;
  readonly type: StructureType | undefined;
}

function judge(policy: MutatingPolicy, subject: Subject, evaluation: CelEvaluation): RuleOutcome | undefined {
  policy.host.data = evaluation.data;
  const excepted = exceptionsFor(
    policy,
    evaluation.exceptions,
    baseValues(evaluation, { allowedImages: [], allowedValues: [] }),
  );
  if (excepted instanceof CelError) return said('error', excepted.message);
  if (excepted.skips) {
    const message = `rule is ${excepted.result === 'pass' ? 'passed' : 'skipped'} due to policy exception: ${excepted.names.join(', ')}`;
    return { ...said(excepted.result, message), rule: 'exception', exceptions: excepted.names };
  }
  const met = meets(policy.conditions, withVariables(baseValues(evaluation, excepted), policy.variables));
  if (met instanceof CelError)
    return policy.failurePolicy === 'Ignore' ? said('skip', 'skip') : said('error', met.message);
  return met ? mutate(policy, subject, { evaluation, excepted }) : undefined;
}

/** Each mutation sees what those before it made, and evaluates the variables anew. */
function mutate(
  policy: MutatingPolicy,
  { object, type }: Subject,
  { evaluation, excepted }: { readonly evaluation: CelEvaluation; readonly excepted: Excepted },
): RuleOutcome {
  let current = object;
  for (const { patchType, program } of policy.mutations) {
    const request = { ...evaluation.request, object: current };
    const values = withVariables(baseValues({ ...evaluation, request }, excepted), policy.variables);
    const { value } = program.evaluateSlots(values, callCostLimit);
    if (value instanceof CelError) return said('error', value.message);
    const changed =
      patchType === 'JSONPatch' ? patchedBy(current, value) : mergedWith({ object: current, type }, value);
    if (typeof changed === 'string') return said('error', changed);
    current = changed;
  }
  return equalJson(object, current)
    ? said('pass', 'no patches applied')
    : { ...said('pass', 'mutated'), patched: current };
}

/** The patched object, or what is wrong. */
function patchedBy(object: JsonObject, value: CelValue): JsonObject | string {
  const read = operationsOf(value);
  if (read instanceof CelError) return read.message;
  const compiled = compileJsonPatch(read.operations, 'api-server');
  if (compiled.kind === 'fault') return compiled.message;
  const patched = applyJsonPatch(compiled.patch, object);
  if (patched.kind === 'fault') return patched.code === 'test' ? object : patched.message;
  return asObject(patched.value) ?? 'the result is no object';
}

/** The merged object, or what is wrong. */
function mergedWith({ object, type }: Subject, value: CelValue): JsonObject | string {
  const read = configurationOf(value);
  if (read instanceof CelError) return read.message;
  const { apiVersion, kind } = object;
  const configuration = { ...asObject(read.configuration), ...(apiVersion === undefined ? {} : { apiVersion, kind }) };
  const merged = applyStructuredMerge(object, configuration, { atomics: 'replace', type });
  return merged.kind === 'fault' ? merged.message : merged.value;
}
