// SPDX-License-Identifier: Apache-2.0
// One policy in the set of Kyverno's engine: what it says in each phase, and what follows from it. A kind of policies becomes such members in
// policy-engine-kinds.ts; the engine asks them in turn.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { Problem } from '../../model/problem.ts';
import type { Severity } from '../../model/severity.ts';
import type {
  AdmissionPhase,
  CompiledPolicyFacts,
  EngineData,
  EngineDocument,
  PolicyDecision,
  PolicyEffect,
  PolicyInterest,
  PolicyWrite,
  StatedValues,
} from '../engine.ts';
import { statedSeverity } from '../engine.ts';
import type { CelEvaluation } from './cel/core.ts';
import type { ImageRound } from './cel/image-round.ts';
import type { PolicyRequest } from './engine.ts';
import type { PolicyException } from './exceptions.ts';
import type { PolicySettings } from './policy.ts';
import type { Queries } from './queries.ts';
import type { RuleOutcome } from './rule.ts';

/** A request with what policies may know besides. */
export interface Situation {
  readonly policyRequest: PolicyRequest;
  readonly cel: CelEvaluation;
  readonly namespaceLabels: JsonObject;
  readonly exceptions: readonly PolicyException[];
  /** What the policies of one request have verified so far. */
  readonly images: ImageRound;
  readonly values?: StatedValues;
  readonly tell: EngineData['tell'];
}

/**
 * All change objects, then images are verified and their digests put in, then everything is judged (Kyverno's webhooks: mutate, verifymutate, validate).
 * `conclude`: what no policy could say before all have verified images.
 */
export type Phase = 'mutate' | 'pin' | 'validate' | 'conclude';

export const phasesOf: Readonly<Record<AdmissionPhase, readonly Phase[]>> = {
  mutate: ['mutate', 'pin'],
  validate: ['validate', 'conclude'],
  both: ['mutate', 'pin', 'validate', 'conclude'],
};

export interface Member {
  readonly facts: CompiledPolicyFacts;
  readonly severity: Severity | undefined;
  /** Whether what it says has nothing to do with what other policies have said of the same request. */
  readonly isAlone: boolean;
  run(phase: Phase, situation: Situation): readonly RuleOutcome[];
  /** What ought to be there besides, for policies that make objects. */
  generate?(situation: Situation): readonly RuleOutcome[];
  effectOf(outcome: RuleOutcome, situation: Situation): PolicyEffect;
}

/** What policies are compiled with. */
export interface Workshop {
  readonly queries: Queries;
  readonly settings: PolicySettings;
}

/** Without a member: the policy cannot be used, and a problem says why. */
export interface MemberReading {
  readonly member: Member | undefined;
  readonly problems: readonly Problem[];
}

export type MemberParts = Pick<Member, 'run' | 'effectOf' | 'generate'> & {
  readonly mutates: boolean;
  readonly judges?: boolean;
  readonly isAlone?: boolean;
  readonly interests: readonly PolicyInterest[];
};

/** The member of a document, under the names that it has in a cluster. */
export function memberOf(
  document: EngineDocument,
  { interests, mutates, judges = true, isAlone = true, ...rest }: MemberParts,
): Member {
  const metadata = asObject(document.object['metadata']) ?? {};
  const kind = asString(document.object['kind']) ?? '';
  const name = asString(metadata['name']) ?? '';
  const isNamespaced = kind === 'Policy' || kind.startsWith('Namespaced');
  const facts: CompiledPolicyFacts = {
    name: isNamespaced ? `${asString(metadata['namespace']) ?? 'default'}/${name}` : name,
    kind,
    location: document.locate(['metadata', 'name']),
    interests,
    mutates,
    ...(judges ? {} : { judges }),
  };
  return { ...rest, facts, isAlone, severity: statedSeverity(asObject(metadata['annotations'])) };
}

/** Before everybody has changed the object, only what keeps it from being changed is told, and what no later phase judges again. */
export function isTold({ status, isUntold }: RuleOutcome, phase: Phase, asked: AdmissionPhase): boolean {
  // The next phase tells it, in a request of its own: what nobody could look at does not get that far.
  if (isUntold === true) return asked === 'mutate' && status === 'error';
  return asked !== 'mutate' || status === 'error' || (phase === 'pin' && status === 'fail');
}

export function writesOf(
  { facts }: Member,
  { rule, targets = [], generated = [] }: RuleOutcome,
): readonly PolicyWrite[] {
  return [
    ...targets.map((object) => ({ policy: facts.name, rule, kind: 'change' as const, object })),
    ...generated.map((object) => ({ policy: facts.name, rule, kind: 'make' as const, object })),
  ];
}

export function decisionOf(member: Member, outcome: RuleOutcome, situation: Situation): PolicyDecision {
  const { facts, severity } = member;
  const { rule, status, message, exceptions, at } = outcome;
  return {
    policy: facts.name,
    rule,
    outcome: status === 'warn' ? 'fail' : status,
    effect: member.effectOf(outcome, situation),
    message,
    ...(severity === undefined ? {} : { severity }),
    ...(exceptions === undefined ? {} : { exceptions }),
    ...(at === undefined ? {} : { at }),
    location: facts.location,
  };
}

/** What of a CEL policy decides what it does. */
export interface CelConsequences {
  /** `spec.validationActions`. */
  readonly actions: readonly string[];
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly isForAdmission: boolean;
}

/**
 * What breaches and errors of a CEL policy do: errors the same as breaches; with `failurePolicy: Ignore` they keep nobody out, and are still warned of where the
 * policy warns (Kyverno pkg/webhooks/resource/vpol, TestAdmissionResponse_FailurePolicy; before that test was written Deny also refused for errors).
 */
export function effectsOfActions({
  actions,
  failurePolicy,
  isForAdmission,
}: CelConsequences): Readonly<Record<'breach' | 'error', PolicyEffect>> {
  const soft: PolicyEffect = isForAdmission && actions.includes('Warn') ? 'warn' : 'audit';
  const breach = isForAdmission && actions.includes('Deny') ? 'deny' : soft;
  return { breach, error: failurePolicy === 'Ignore' ? soft : breach };
}
