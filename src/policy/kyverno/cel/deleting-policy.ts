// SPDX-License-Identifier: Apache-2.0
// DeletingPolicy and NamespacedDeletingPolicy (policies.kyverno.io): whether an object is one that the policy deletes when its time comes. Not here:
// the schedule and the deleting.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { Problem } from '../../../model/problem.ts';
import { matchesResources } from '../../admission-policy/match-resources.ts';
import { CelError } from '../../cel/values.ts';
import type { PolicySource } from '../policy.ts';
import type { RuleOutcome } from '../rule.ts';
import { outcome } from '../rule.ts';
import { isCelGroup } from './autogen.ts';
import type { CelCore, CelEvaluation } from './core.ts';
import { baseValues, CelPolicyCompiler, meets, seenNamespaceLabels, withVariables } from './core.ts';
import { exceptionsFor } from './exceptions.ts';
import type { CelHost } from './libraries.ts';

export interface DeletingPolicy extends CelCore {
  readonly kind: 'DeletingPolicy' | 'NamespacedDeletingPolicy';
  readonly name: string;
  readonly namespace: string;
  readonly annotations: JsonObject;
  /** When to look, as in a crontab. */
  readonly schedule: string;
  /** Without constraints it is about any JSON, given as the request's object. */
  readonly isOfAnything: boolean;
  readonly host: CelHost;
}

export interface DeletingPolicyReading {
  readonly policy: DeletingPolicy | undefined;
  readonly problems: readonly Problem[];
}

const kinds: readonly unknown[] = ['DeletingPolicy', 'NamespacedDeletingPolicy'];

export function isDeletingPolicy(object: JsonObject): boolean {
  return kinds.includes(object['kind']) && isCelGroup(object['apiVersion']);
}

/** Reads one policy. Never throws. */
export function compileDeletingPolicy(source: PolicySource): DeletingPolicyReading {
  const compiler = new CelPolicyCompiler(source);
  const { object } = source;
  const metadata = asObject(object['metadata']) ?? {};
  const spec = asObject(object['spec']) ?? {};
  const schedule = asString(spec['schedule']) ?? '';
  if (schedule === '') compiler.refuse('spec.schedule is required', ['spec']);
  const { core } = compiler.core({ ...spec, matchConditions: spec['conditions'] }, 'late');
  if (compiler.problems.length > 0) return { policy: undefined, problems: compiler.problems };
  const kind = object['kind'] === 'DeletingPolicy' ? 'DeletingPolicy' : 'NamespacedDeletingPolicy';
  return {
    problems: [],
    policy: {
      ...core,
      matchConstraints: ofAnyOperation(core.matchConstraints),
      kind,
      name: asString(metadata['name']) ?? '',
      namespace: kind === 'DeletingPolicy' ? '' : (asString(metadata['namespace']) ?? 'default'),
      annotations: asObject(metadata['annotations']) ?? {},
      schedule,
      isOfAnything: spec['matchConstraints'] === undefined,
      host: compiler.host,
    },
  };
}

/** Nobody asks for anything when the time comes, so rules name no operations. */
function ofAnyOperation(constraints: JsonObject): JsonObject {
  const rules = (key: string): JsonObject =>
    constraints[key] === undefined
      ? {}
      : { [key]: asArray(constraints[key]).map((rule) => ({ ...asObject(rule), operations: ['*'] })) };
  return { ...constraints, ...rules('resourceRules'), ...rules('excludeResourceRules') };
}

/** `pass`: the object is to be deleted, `fail`: it stays. Undefined when the policy is not about it. */
export function evaluateDeletingPolicy(policy: DeletingPolicy, evaluation: CelEvaluation): RuleOutcome | undefined {
  const { request } = evaluation;
  if (policy.namespace !== '' && request.namespace !== policy.namespace) return undefined;
  const namespaceLabels = seenNamespaceLabels(evaluation);
  const context = { of: { namespaceLabels }, rules: 'required', labels: 'known' } as const;
  if (!policy.isOfAnything && !matchesResources(policy.matchConstraints, request, context)) return undefined;
  policy.host.data = evaluation.data;
  const base = baseValues(evaluation, { allowedImages: [], allowedValues: [] });
  const excepted = exceptionsFor(policy, evaluation.exceptions, base);
  if (excepted instanceof CelError) return outcome('', 'error', excepted.message);
  if (excepted.skips)
    return { ...outcome('exception', 'skip', 'skipped due to policy exception'), exceptions: excepted.names };
  const met = meets(policy.conditions, withVariables(base, policy.variables));
  if (met instanceof CelError) return outcome('', 'error', met.message);
  return met ? outcome('', 'pass', 'to be deleted') : outcome('', 'fail', 'conditions not met');
}
