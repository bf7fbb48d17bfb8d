// SPDX-License-Identifier: Apache-2.0
// Judges by an ImageValidatingPolicy when everybody has changed the object (Kyverno pkg/image/verification/evaluator). Nothing is taken from annotations
// of the object.
import { callCostLimit } from '../../cel/kubernetes.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError, typeNameOf } from '../../cel/values.ts';
import { parseImageInfo } from '../../image-info.ts';
import type { RuleOutcome } from '../rule.ts';
import { imagesOf } from './container-images.ts';
import type { CelEvaluation } from './core.ts';
import { auditAnnotationsOf, withVariables } from './core.ts';
import { CelAttestor } from './image-functions.ts';
import type { Opened } from './image-opening.ts';
import { openImages } from './image-opening.ts';
import type { ImageJudgement, VerifiedImages } from './image-round.ts';
import { imageRule, said } from './image-round.ts';
import type { ImageSession } from './image-session.ts';
import type { ImageCheck, ImageValidatingPolicy } from './image-validating-policy.ts';

/** `undefined`: the policy is not about the request. */
export function judgeImages(
  policy: ImageValidatingPolicy,
  evaluation: CelEvaluation,
  verified: VerifiedImages,
): ImageJudgement | undefined {
  const opened = openImages(policy, evaluation);
  if (opened === undefined) return undefined;
  if ('outcome' in opened) return { outcome: opened.outcome, required: [] };
  const judgement = judge(policy, opened, evaluation);
  const { session } = opened;
  policy.images.session = undefined;
  // Under assumptions nothing was verified.
  if (session.isOpen) return { outcome: said(imageRule, 'error', 'not looked up yet'), required: [] };
  for (const [image, isVerified] of session.verified) verified.record(policy.namespace, image, isVerified);
  return judgement;
}

function judge(
  policy: ImageValidatingPolicy,
  { spec, session, base }: Opened,
  evaluation: CelEvaluation,
): ImageJudgement {
  const attestors = Object.fromEntries([...spec.attestors.keys()].map((name) => [name, new CelAttestor(name)]));
  const attestations = Object.fromEntries([...spec.attestations.keys()].map((name) => [name, name]));
  const failed = (message: string): ImageJudgement => ({ outcome: said(imageRule, 'error', message), required: [] });
  // Where images stand cannot depend on which there are.
  session.values = withVariables(
    [...base, new CelError('images are not known yet'), attestors, attestations],
    spec.variables,
  );
  const images = imagesOf(policy, spec, { evaluation, values: session.values });
  if (images instanceof CelError) return failed(images.message);
  const concerned: Record<string, string[]> = {};
  for (const [category, list] of Object.entries(images)) {
    concerned[category] = [];
    for (const image of list) {
      const isConcerned = spec.isConcerned(image);
      if (isConcerned instanceof CelError) return failed(`${image}: ${isConcerned.message}`);
      if (isConcerned) concerned[category].push(image);
    }
  }
  const all = [...new Set(Object.values(concerned).flat())];
  const missing = policy.verifiesDigest ? digestFault(policy, all, session) : undefined;
  if (missing !== undefined) return { outcome: missing, required: [] };
  const values = withVariables([...base, concerned, attestors, attestations], spec.variables);
  session.values = values;
  const checked = check(spec.validations, values, session);
  const annotations = auditAnnotationsOf(spec.auditAnnotations, values);
  // What was refused stays refused, whatever an annotation says.
  if (annotations instanceof CelError)
    return checked === undefined ? failed(annotations.message) : { outcome: checked, required: [] };
  const noted = Object.keys(annotations).length === 0 ? {} : { auditAnnotations: annotations };
  const outcome =
    checked ??
    (all.length === 0
      ? said(imageRule, 'skip', 'no image is named in matchImageReferences')
      : said(imageRule, 'pass', `success: ${all.join(', ')}`));
  return { outcome: { ...outcome, ...noted }, required: all };
}

/** The first validation that is not met. */
function check(
  validations: readonly ImageCheck[],
  values: readonly CelValue[],
  session: ImageSession,
): RuleOutcome | undefined {
  for (const [index, validation] of validations.entries()) {
    session.refusals.clear();
    const { value } = validation.program.evaluateSlots(values, callCostLimit);
    if (value === true) continue;
    if (value !== false) {
      const message = value instanceof CelError ? value.message : `must be a bool, not ${typeNameOf(value)}`;
      return said(imageRule, 'error', message);
    }
    const reasons = [...session.refusals].slice(0, 5).join('; ');
    const message = messageOf(validation, values, index);
    return said(imageRule, 'fail', reasons === '' ? message : `${message} (${reasons})`);
  }
  return undefined;
}

function messageOf({ message, messageProgram }: ImageCheck, values: readonly CelValue[], index: number): string {
  if (messageProgram !== undefined) {
    const text = messageProgram.evaluateSlots(values, callCostLimit).value;
    if (typeof text === 'string') return text;
    return `failed to evaluate message expression: ${text instanceof CelError ? text.message : typeNameOf(text)}`;
  }
  return message === '' ? `CEL expression validation failed at index ${index}` : message;
}

/** An image without digest: refused, or an error where one was to be put in and nobody could look it up. */
function digestFault(
  policy: ImageValidatingPolicy,
  images: readonly string[],
  session: ImageSession,
): RuleOutcome | undefined {
  const without = images.filter((image) => parseImageInfo(image)?.digest === '');
  const unreadable = images.find((image) => parseImageInfo(image) === undefined);
  if (unreadable !== undefined) return said(imageRule, 'error', `${unreadable.slice(0, 200)} names no image`);
  const [first] = without;
  if (first === undefined) return undefined;
  const open = policy.mutatesDigest ? without.map((image) => [image, session.digest(image)] as const) : [];
  const fault = open.find(([, digest]) => digest.kind === 'failed');
  return fault?.[1].kind === 'failed'
    ? said(
        imageRule,
        'error',
        `image ${fault[0]} does not have a digest, which could not be put in: ${fault[1].message}`,
      )
    : said(imageRule, 'fail', `image ${first} does not have a digest`);
}
