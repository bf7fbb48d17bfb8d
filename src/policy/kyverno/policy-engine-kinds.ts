// SPDX-License-Identifier: Apache-2.0
// Kyverno's kinds of policies as members of its engine: when each is asked, and what a breach of it does. A new kind is one function and one line.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { EngineDocument, PolicyEffect, StatedValues } from '../engine.ts';
import { compileGeneratingPolicy, evaluateGeneratingPolicy, isGeneratingPolicy } from './cel/generating-policy.ts';
import { isImageValidatingPolicy } from './cel/image-validating-policy.ts';
import { compileMutatingPolicy, evaluateMutatingPolicy, isMutatingPolicy } from './cel/mutating-policy.ts';
import { compileValidatingPolicy, evaluateValidatingPolicy, isValidatingPolicy } from './cel/validating-policy.ts';
import type { EvaluationOptions, PolicyRequest } from './engine.ts';
import { evaluatePolicy } from './engine.ts';
import { failureActionFor } from './failure-action.ts';
import { interestsOfConstraints, interestsOfRules } from './interests.ts';
import { compilePolicy, isKyvernoPolicy } from './policy.ts';
import { readImageValidating } from './policy-engine-images.ts';
import type { MemberReading, Phase, Situation, Workshop } from './policy-engine-member.ts';
import { effectsOfActions, memberOf } from './policy-engine-member.ts';
import type { RuleOutcome } from './rule.ts';

export interface PolicyKind {
  readonly accepts: (object: JsonObject) => boolean;
  readonly read: (document: EngineDocument, workshop: Workshop) => MemberReading;
}

export const policyKinds: readonly PolicyKind[] = [
  { accepts: isKyvernoPolicy, read: readRules },
  { accepts: isValidatingPolicy, read: readValidating },
  { accepts: isGeneratingPolicy, read: readGenerating },
  { accepts: isMutatingPolicy, read: readMutating },
  { accepts: isImageValidatingPolicy, read: readImageValidating },
];

function readRules(document: EngineDocument, { queries, settings }: Workshop): MemberReading {
  const { policy, problems } = compilePolicy(document, queries, settings);
  if (policy === undefined) return { member: undefined, problems };
  const remarks = policy.rules.some(({ source }) => isForLater(source))
    ? [
        {
          kind: 'unsupported' as const,
          message: `${policy.kind} ${policy.name}: what it generates, or changes besides the object of a request, is not written here`,
          location: document.locate(['metadata', 'name']),
          hidesFindings: false,
        },
      ]
    : [];
  const actions = new Map(policy.rules.map(({ name, failureActions }) => [name, failureActions]));
  const types = new Set(policy.rules.map(({ type }) => type));
  const soft: PolicyEffect = policy.emitsWarnings ? 'warn' : 'audit';
  const strict = (isStrict: boolean): PolicyEffect => (isStrict && policy.admission ? 'deny' : soft);
  const evaluate = (
    { policyRequest, cel, exceptions, tell, values }: Situation,
    which: Pick<EvaluationOptions, 'only' | 'stage'>,
  ): readonly RuleOutcome[] =>
    evaluatePolicy(policy, policyRequest, {
      queries,
      data: cel.data,
      exceptions,
      tell,
      ...which,
      ...(values === undefined ? {} : statedFor(policy.name, policyRequest, values)),
    });
  const member = memberOf(document, {
    interests: interestsOfRules(policy.rules.map(({ source }) => source)),
    mutates: types.has('mutate') || types.has('verifyImages'),
    judges: !types.has('mutate') || types.size > 1,
    // Rules of types that the policy has none of are not gone through.
    run: (phase: Phase, situation) => {
      if (phase === 'mutate') return types.has('mutate') ? evaluate(situation, { only: 'mutate' }) : [];
      const verifies = types.has('verifyImages');
      if (phase === 'pin') return verifies ? evaluate(situation, { only: 'verifyImages', stage: 'pin' }) : [];
      if (phase === 'conclude') return [];
      const validated = types.has('validate') ? evaluate(situation, { only: 'validate' }) : [];
      if (!verifies) return validated;
      return [...validated, ...evaluate(situation, { only: 'verifyImages', stage: 'judge' })];
    },
    ...(types.has('generate') ? { generate: (situation: Situation) => evaluate(situation, { only: 'generate' }) } : {}),
    effectOf: ({ rule, status }, { policyRequest, namespaceLabels }) => {
      if (status === 'error') return strict(policy.failurePolicy === 'Fail');
      const found = actions.get(rule);
      const metadata = asObject((policyRequest.object ?? policyRequest.oldObject)?.['metadata']);
      const namespace = asString(metadata?.['namespace']) ?? '';
      return strict(found !== undefined && failureActionFor(found, namespace, namespaceLabels) === 'Enforce');
    },
  });
  return { member, problems: [...problems, ...remarks] };
}

function statedFor(
  policy: string,
  { object, oldObject }: PolicyRequest,
  values: StatedValues,
): Pick<EvaluationOptions, 'values' | 'ruleValues'> {
  const own = values.ofObject(policy, object ?? oldObject ?? {});
  return { ...(own === undefined ? {} : { values: own }), ruleValues: (rule) => values.ofRule(policy, rule) };
}

/** Rules whose effects are those of a background controller. */
function isForLater(rule: JsonObject): boolean {
  return rule['generate'] !== undefined || asObject(rule['mutate'])?.['targets'] !== undefined;
}

function readValidating(document: EngineDocument): MemberReading {
  const { policy, problems } = compileValidatingPolicy(document);
  if (policy === undefined) return { member: undefined, problems };
  const effects = effectsOfActions(policy);
  const member = memberOf(document, {
    interests: interestsOfConstraints(specOf(document)),
    mutates: false,
    run: (phase, { cel }) =>
      phase === 'validate' && policy.mode === 'Kubernetes' ? listOf(evaluateValidatingPolicy(policy, cel)) : [],
    effectOf: ({ status }) => effects[status === 'error' ? 'error' : 'breach'],
  });
  return { member, problems };
}

function readMutating(document: EngineDocument): MemberReading {
  const { policy, problems } = compileMutatingPolicy(document);
  if (policy === undefined) return { member: undefined, problems };
  const member = memberOf(document, {
    interests: interestsOfConstraints(specOf(document)),
    mutates: true,
    judges: false,
    run: (phase, { cel }) => (phase === 'mutate' ? listOf(evaluateMutatingPolicy(policy, cel)) : []),
    effectOf: () => (policy.failurePolicy === 'Fail' ? 'deny' : 'audit'),
  });
  return { member, problems };
}

function readGenerating(document: EngineDocument): MemberReading {
  const { policy, problems } = compileGeneratingPolicy(document);
  if (policy === undefined) return { member: undefined, problems };
  const member = memberOf(document, {
    interests: interestsOfConstraints(specOf(document)),
    mutates: false,
    run: () => [],
    generate: ({ cel }) => listOf(evaluateGeneratingPolicy(policy, cel)),
    effectOf: () => 'audit',
  });
  return { member, problems };
}

function specOf({ object }: EngineDocument): JsonObject {
  return asObject(object['spec']) ?? {};
}

function listOf(outcome: RuleOutcome | undefined): readonly RuleOutcome[] {
  return outcome === undefined ? [] : [outcome];
}
