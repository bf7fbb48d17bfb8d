// SPDX-License-Identifier: Apache-2.0
// ValidatingAdmissionPolicy and MutatingAdmissionPolicy behind the common engine interface.

import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import type { Severity } from '../../model/severity.ts';
import { jsonFromCel } from '../cel/json-value.ts';
import type { CelValue } from '../cel/values.ts';
import { CelError, CelOptional } from '../cel/values.ts';
import type {
  CompiledEngine,
  CompiledPolicyFacts,
  EngineDocument,
  EngineOutcome,
  PolicyDecision,
  PolicyEffect,
  PolicyInterest,
  Reason,
} from '../engine.ts';
import { definePolicyEngine, statedSeverity } from '../engine.ts';
import type { AdmissionOutcome, PolicyFinding } from './evaluate.ts';
import { evaluateAdmission } from './evaluate.ts';
import { mutateAdmission } from './mutate.ts';
import type { AdmissionPolicySet } from './policy-set.ts';
import { compileAdmissionPolicies } from './policy-set.ts';

const group = 'admissionregistration.k8s.io/';
const kinds: ReadonlySet<string> = new Set([
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
]);

export const admissionPolicyEngine = definePolicyEngine({
  id: 'admission-policy',
  title: 'Kubernetes admission policies',
  accepts: ({ object }) =>
    (asString(object['apiVersion']) ?? '').startsWith(group) && kinds.has(asString(object['kind']) ?? ''),
  compile: (documents, { unbound, trace = 'off' }) => {
    const set = compileAdmissionPolicies(documents, { unbound, trace });
    const facts = factsOf(documents, set);
    // Bindings judge one by one; what changes objects changes them for those after it.
    const parts = set.bindings.map(() => ({ separable: true }));
    return {
      problems: set.problems,
      policies: facts,
      ...(set.mutatingBindings.length > 0 ? {} : { parts }),
      judge: judgeWith(set, statedOf(documents)),
    };
  },
});

interface Stated {
  readonly severity: Severity | undefined;
  readonly location: Location;
}

/** By name of the policy. */
type StatedByPolicy = ReadonlyMap<string, Stated>;

function statedOf(documents: readonly EngineDocument[]): StatedByPolicy {
  return new Map(
    // A binding may have the name of its policy, and states nothing.
    documents.filter(isPolicy).map((document) => {
      const metadata = asObject(document.object['metadata']);
      const severity = statedSeverity(asObject(metadata?.['annotations']));
      return [asString(metadata?.['name']) ?? '', { severity, location: document.locate(['metadata', 'name']) }];
    }),
  );
}

function isPolicy({ object }: EngineDocument): boolean {
  return !(asString(object['kind']) ?? '').endsWith('Binding');
}

/** A policy that nothing binds says nothing. */
function factsOf(documents: readonly EngineDocument[], set: AdmissionPolicySet): readonly CompiledPolicyFacts[] {
  const bound = new Set([...set.bindings, ...set.mutatingBindings].map(({ policy }) => policy.name));
  const usable = new Set([...set.policies, ...set.mutatingPolicies].map(({ name }) => name));
  return documents.flatMap((document): readonly CompiledPolicyFacts[] => {
    const kind = asString(document.object['kind']) ?? '';
    const name = asString(asObject(document.object['metadata'])?.['name']) ?? '';
    if (!isPolicy(document) || !bound.has(name) || !usable.has(name)) return [];
    const interests = interestsOf(asObject(asObject(document.object['spec'])?.['matchConstraints']));
    const mutates = kind.startsWith('Mutating');
    const facts = { name, kind, location: document.locate(['metadata', 'name']), interests, mutates };
    return [mutates ? { ...facts, judges: false } : facts];
  });
}

/** With `matchPolicy: Equivalent`, which is the default, a rule also concerns the same resource in other groups. */
function interestsOf(constraints: JsonObject | undefined): readonly PolicyInterest[] {
  const isExact = constraints?.['matchPolicy'] === 'Exact';
  return asArray(constraints?.['resourceRules']).map((item) => {
    const rule = asObject(item);
    const list = (name: string): readonly string[] => asStrings(rule?.[name]);
    return {
      groups: isExact ? list('apiGroups') : ['*'],
      resources: list('resources'),
      operations: list('operations'),
    };
  });
}

function judgeWith(set: AdmissionPolicySet, stated: StatedByPolicy): CompiledEngine['judge'] {
  const names = [...new Set(set.bindings.map(({ policy }) => policy.name))];
  const passes = names.map(
    (policy): PolicyDecision => ({ policy, rule: '', outcome: 'pass', effect: 'deny', message: '' }),
  );
  return (request, { cluster, phase = 'both', tell }, only): EngineOutcome => {
    const told = tell === 'breaches' ? [] : passes;
    const changed =
      set.mutatingBindings.length === 0 || phase === 'validate'
        ? undefined
        : mutateAdmission(set, request, { data: cluster });
    const object = changed?.object;
    const outcome =
      phase === 'mutate'
        ? undefined
        : evaluateAdmission(set, object === undefined ? request : { ...request, object }, cluster, only);
    return {
      decisions: [
        ...(changed?.denials ?? []).map((finding) => decisionOf(finding, 'deny', stated)),
        ...(changed?.ignored ?? []).map((finding) => decisionOf(finding, 'audit', stated)),
        ...(outcome === undefined ? [] : judgedPolicies(told, outcome, stated)),
      ],
      patch: changed?.patch ?? [],
      ...(changed === undefined || changed.patch.length === 0 || changed.object === undefined
        ? {}
        : { object: changed.object }),
      ...(outcome === undefined ? {} : { auditAnnotations: outcome.auditAnnotations }),
    };
  };
}

/** A finding may have several actions: the gravest is the effect. Policies that met the request and found nothing pass. */
function judgedPolicies(
  passes: readonly PolicyDecision[],
  outcome: AdmissionOutcome,
  stated: StatedByPolicy,
): readonly PolicyDecision[] {
  const { ignored, audits, warnings, denials } = outcome;
  if (passes.length === 0 && ignored.length + audits.length + warnings.length + denials.length === 0) return passes;
  const effects = new Map<PolicyFinding, PolicyEffect>();
  for (const finding of [...ignored, ...audits]) effects.set(finding, 'audit');
  for (const finding of warnings) effects.set(finding, 'warn');
  for (const finding of denials) effects.set(finding, 'deny');
  const failed = [...effects].map(([finding, effect]) => decisionOf(finding, effect, stated));
  const names = new Set(failed.map(({ policy }) => policy));
  const passed = passes.filter(({ policy }) => !names.has(policy) && outcome.met.has(policy));
  return [...failed, ...passed];
}

function decisionOf(finding: PolicyFinding, effect: PolicyEffect, stated: StatedByPolicy): PolicyDecision {
  const facts = stated.get(finding.policy);
  const location = finding.location ?? facts?.location;
  return {
    policy: finding.policy,
    rule: '',
    outcome: finding.cause === 'validation' ? 'fail' : 'error',
    effect,
    message: finding.message,
    ...(facts?.severity === undefined ? {} : { severity: facts.severity }),
    ...(location === undefined ? {} : { location }),
    ...(finding.explanation === undefined ? {} : { because: reasonsOf(finding) }),
  };
}

function reasonsOf({ expression = '', explanation = [] }: PolicyFinding): readonly Reason[] {
  return explanation.map(({ start, end, value, role }) => ({
    text: expression.slice(start, end).replace(/\s+/g, ' '),
    value: valueText(value),
    role,
  }));
}

/** As JSON; an optional value as what it holds, or that it is absent. */
function valueText(value: CelValue): string {
  if (value instanceof CelOptional) return value.value === undefined ? 'absent' : valueText(value.value);
  if (value instanceof CelError) return value.message;
  const json = jsonFromCel(value);
  return json instanceof CelError ? json.message : (JSON.stringify(json) ?? String(json));
}
