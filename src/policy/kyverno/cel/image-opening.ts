// SPDX-License-Identifier: Apache-2.0
// Whether an ImageValidatingPolicy is about a request, and with which session it judges it.
import type { CelValue } from '../../cel/values.ts';
import { CelError } from '../../cel/values.ts';
import type { RuleOutcome } from '../rule.ts';
import type { CelEvaluation } from './core.ts';
import { baseValues, meets, specFor } from './core.ts';
import type { Excepted } from './exceptions.ts';
import { exceptionsFor } from './exceptions.ts';
import { imageRule, said } from './image-round.ts';
import { ImageSession } from './image-session.ts';
import type { ImageSpec, ImageValidatingPolicy } from './image-validating-policy.ts';

export interface Opened {
  readonly spec: ImageSpec;
  readonly session: ImageSession;
  /** Of the base and of what stands between it and the variables. */
  readonly base: readonly CelValue[];
}

/** Whether the policy applies to the request, with its session; or what it says without looking at images. */
export function openImages(
  policy: ImageValidatingPolicy,
  evaluation: CelEvaluation,
): Opened | { readonly outcome: RuleOutcome } | undefined {
  const { request } = evaluation;
  const spec = specFor(policy, evaluation);
  if (spec === undefined) return undefined;
  policy.host.data = evaluation.data;
  const nothingAllowed = { allowedImages: [], allowedValues: [] };
  const excepted = exceptionsFor(policy, evaluation.exceptions, baseValues(evaluation, nothingAllowed));
  if (excepted instanceof CelError) return { outcome: said(imageRule, 'error', excepted.message) };
  if (excepted.skips) return { outcome: exempted(excepted) };
  const base = baseValues(evaluation, excepted);
  const met = meets(spec.conditions, base);
  if (met instanceof CelError)
    return {
      outcome: policy.failurePolicy === 'Ignore' ? said('', 'skip', 'skip') : said('evaluation', 'error', met.message),
    };
  if (!met) return { outcome: said('', 'skip', 'skip') };
  const session = new ImageSession({
    data: evaluation.data,
    object: policy.mode === 'JSON' ? {} : (request.object ?? request.oldObject ?? {}),
    secrets: policy.secrets,
    attestors: spec.attestors,
    attestations: spec.attestations,
    isConcerned: spec.isConcerned,
    hardening: policy.hardening,
  });
  policy.images.session = session;
  return { spec, session, base };
}

function exempted({ result, names }: Excepted): RuleOutcome {
  const message = `rule is ${result === 'pass' ? 'passed' : 'skipped'} due to policy exception: ${names.join(', ')}`;
  return { ...said('exception', result, message), exceptions: names };
}
