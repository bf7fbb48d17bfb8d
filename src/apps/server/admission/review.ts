// SPDX-License-Identifier: Apache-2.0
// One review: which policies judge it, what the API server is told, and what is noted. Pure but for what the policies look up; never throws, and what
// cannot be judged is refused or let pass by an explicit setting, never by accident.
import type { ReviewAnswer, ReviewedRequest } from '../../../formats/admission-review.ts';
import { messageOf } from '../../../model/error.ts';
import type { AdmissionPhase, EngineData } from '../../../policy/engine.ts';
import type { EngineDecision, PolicySet, SetOutcome } from '../../../policy/policy-set.ts';
import type { Exemptions } from './exemptions.ts';
import { exemptionOf } from './exemptions.ts';

/** What is done with a refusal: rollouts begin with `audit`. */
export type EnforcementMode = 'enforce' | 'warn' | 'audit';

export interface ReviewSettings {
  readonly exemptions: Exemptions;
  /** Of a policy in a namespace; undefined for what is cluster-scoped. */
  readonly modeOf: (policy: string, namespace: string | undefined) => EnforcementMode;
  /** What a rule that could not be judged does. */
  readonly onError: 'deny' | 'allow';
}

export interface Reviewed {
  readonly answer: ReviewAnswer;
  readonly outcome: 'allowed' | 'denied' | 'exempt' | 'error';
  readonly decisions: readonly EngineDecision[];
}

/** `id` names the decision in the audit log and in the decision log. */
export function reviewRequest(request: ReviewedRequest, { set, data, settings, phase, id }: ReviewContext): Reviewed {
  const { uid, namespace } = request;
  const exempt = exemptionOf(request, settings.exemptions);
  if (exempt !== undefined)
    return {
      answer: { uid, allowed: true, warnings: [], auditAnnotations: { exempt }, patch: [] },
      outcome: 'exempt',
      decisions: [],
    };
  let judged: SetOutcome;
  try {
    judged = set.judge(request, { ...data, phase, tell: 'breaches' });
  } catch (error) {
    const message = `landwaiter could not judge the request: ${messageOf(error)}`;
    const allowed = settings.onError === 'allow';
    const answer = {
      uid,
      allowed,
      code: 500,
      message,
      warnings: [],
      auditAnnotations: { 'decision-id': id },
      patch: [],
    };
    return { answer, outcome: 'error', decisions: [] };
  }
  const refusals: string[] = [];
  const warnings: string[] = [];
  const notes: string[] = [];
  const failed = new Set<string>();
  for (const decision of judged.decisions) {
    if (decision.outcome === 'fail') failed.add(decision.policy);
    if (decision.outcome !== 'fail' && decision.outcome !== 'error') continue;
    const text = `${nameOf(decision)}: ${decision.message}`;
    if (decision.outcome === 'error' && settings.onError === 'allow') {
      warnings.push(`not judged: ${text}`);
      continue;
    }
    const mode = settings.modeOf(decision.policy, namespace);
    const effect = mode === 'enforce' || decision.effect === 'audit' ? decision.effect : mode;
    if (effect === 'deny') refusals.push(text);
    else if (effect === 'warn') warnings.push(text);
    else notes.push(text);
  }
  const allowed = refusals.length === 0;
  const auditAnnotations: Record<string, string> = { 'decision-id': id };
  if (failed.size > 0) auditAnnotations['policies'] = [...failed].join(',').slice(0, 1000);
  if (notes.length > 0) auditAnnotations['audit'] = notes.join('; ').slice(0, 4000);
  annotate(auditAnnotations, judged.auditAnnotations);
  return {
    answer: {
      uid,
      allowed,
      ...(allowed ? {} : { code: 403, message: refusals.join('\n') }),
      warnings,
      auditAnnotations,
      patch: phase === 'mutate' && allowed ? judged.patch : [],
    },
    outcome: allowed ? 'allowed' : 'denied',
    decisions: judged.decisions,
  };
}

export interface ReviewContext {
  readonly set: PolicySet;
  readonly data: EngineData;
  readonly settings: ReviewSettings;
  readonly phase: AdmissionPhase;
  readonly id: string;
}

function nameOf({ policy, rule }: EngineDecision): string {
  return rule === '' ? policy : `${policy}/${rule}`;
}

/** Keys of audit annotations are names without a slash (the API server adds the name of the webhook). */
function annotate(annotations: Record<string, string>, stated: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(stated).slice(0, 50))
    annotations[key.replaceAll('/', '.').slice(0, 63)] = value.slice(0, 4000);
}
