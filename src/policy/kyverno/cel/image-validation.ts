// SPDX-License-Identifier: Apache-2.0
// Judges by an ImageValidatingPolicy, in the stages of admission: digests are put in the place of tags while the object is changed, and everything is
// verified when everybody has changed it (Kyverno pkg/image/verification/evaluator). Nothing is taken from annotations of the object.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { matchesResources } from '../../admission-policy/match-resources.ts';
import { callCostLimit } from '../../cel/kubernetes.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError, typeNameOf } from '../../cel/values.ts';
import { parseImageInfo } from '../../image-info.ts';
import { podOf } from '../../pod-security/pod.ts';
import type { RuleOutcome, RuleStatus } from '../rule.ts';
import { withText } from '../verify-images/images.ts';
import type { CelEvaluation } from './core.ts';
import { auditAnnotationsOf, baseValues, meets, seenNamespaceLabels, withVariables } from './core.ts';
import type { Excepted } from './exceptions.ts';
import { exceptionsFor } from './exceptions.ts';
import { CelAttestor } from './image-functions.ts';
import { ImageSession } from './image-session.ts';
import type { ImageCheck, ImageSpec, ImageValidatingPolicy } from './image-validating-policy.ts';

/** Which images somebody has verified in a request. What policies of a namespace verify counts for policies of that namespace alone. */
export class VerifiedImages {
  readonly #seen = new Map<string, boolean>();

  record(namespace: string, image: string, isVerified: boolean): void {
    const key = JSON.stringify([namespace, image]);
    this.#seen.set(key, isVerified || this.#seen.get(key) === true);
  }

  /** `unasked`: nobody tried. */
  status(namespace: string, image: string): 'verified' | 'refused' | 'unasked' {
    const seen = ['', namespace].map((scope) => this.#seen.get(JSON.stringify([scope, image])));
    if (seen.includes(true)) return 'verified';
    return seen.includes(false) ? 'refused' : 'unasked';
  }
}

/** What the policies of one request have said of images so far. */
export class ImageRound {
  readonly verified = new VerifiedImages();
  readonly judgements = new Map<ImageValidatingPolicy, ImageJudgement>();
}

/** What a policy comes to, but for images that another policy may yet verify. */
export interface ImageJudgement {
  readonly outcome: RuleOutcome;
  /** Images that somebody must have verified for the outcome to stand. */
  readonly required: readonly string[];
}

const rule = 'validation';

function said(name: string, status: RuleStatus, message: string): RuleOutcome {
  return { rule: name, type: 'verifyImages', status, message };
}

/** `undefined`: the policy is not about the request. */
export function judgeImages(
  policy: ImageValidatingPolicy,
  evaluation: CelEvaluation,
  verified: VerifiedImages,
): ImageJudgement | undefined {
  const opened = open(policy, evaluation);
  if (opened === undefined) return undefined;
  if ('outcome' in opened) return { outcome: opened.outcome, required: [] };
  const judgement = judge(policy, opened, evaluation);
  const { session } = opened;
  policy.images.session = undefined;
  // Under assumptions nothing was verified.
  if (session.isOpen) return { outcome: said(rule, 'error', 'not looked up yet'), required: [] };
  for (const [image, isVerified] of session.verified) verified.record(policy.namespace, image, isVerified);
  return judgement;
}

/** What stands once all policies of the request have verified what they ask for. */
export function concludeImages(
  policy: ImageValidatingPolicy,
  { outcome, required }: ImageJudgement,
  verified: VerifiedImages,
): RuleOutcome {
  if (!policy.isRequired || (outcome.status !== 'pass' && outcome.status !== 'skip')) return outcome;
  for (const image of required) {
    const status = verified.status(policy.namespace, image);
    if (status === 'refused')
      return said(rule, 'fail', `image ${image} failed the verification of signatures and attestations`);
    if (status === 'unasked')
      return said(rule, 'fail', `image ${image} is not verified: no policy asked for a signature or an attestation`);
  }
  return outcome;
}

/** Puts digests in the place of tags; undefined: there is nothing to change and nothing to say. */
export function pinImages(policy: ImageValidatingPolicy, evaluation: CelEvaluation): RuleOutcome | undefined {
  const { object, operation } = evaluation.request;
  if (!policy.mutatesDigest || object === undefined || operation === 'DELETE') return undefined;
  const opened = open(policy, evaluation);
  // What keeps the policy from judging is told when it judges.
  if (opened === undefined || 'outcome' in opened) return undefined;
  const { spec, session } = opened;
  let current = object;
  const faults: string[] = [];
  for (const { image, at } of containerImages(object)) {
    const info = parseImageInfo(image);
    if (info?.digest !== '' || spec.isConcerned(image) !== true) continue;
    const digest = session.digest(image);
    if (digest.kind === 'found') current = withText(current, at, `${info.referenceWithTag}@${digest.value}`);
    else faults.push(`${image}: ${digest.kind === 'pending' ? 'not looked up yet' : digest.message}`);
  }
  policy.images.session = undefined;
  const patched = current === object ? {} : { patched: current };
  if (faults.length > 0) {
    const fault = { ...said('mutateDigest', 'error', faults.join('; ')), ...patched };
    // Where a digest is demanded, its absence is told when everybody has changed the object.
    return policy.verifiesDigest ? { ...fault, isUntold: true } : fault;
  }
  if (current === object) return undefined;
  return { ...said('mutateDigest', 'pass', 'digests were put in the place of tags'), ...patched, isUntold: true };
}

interface Opened {
  readonly spec: ImageSpec;
  readonly session: ImageSession;
  /** Of the base and of what stands between it and the variables. */
  readonly base: readonly CelValue[];
}

/** Whether the policy applies to the request, with its session; or what it says without looking at images. */
function open(
  policy: ImageValidatingPolicy,
  evaluation: CelEvaluation,
): Opened | { readonly outcome: RuleOutcome } | undefined {
  const { request } = evaluation;
  if (policy.namespace !== '' && request.namespace !== policy.namespace) return undefined;
  const namespaceLabels = seenNamespaceLabels(evaluation);
  const spec = policy.specs.find(
    ({ matchConstraints }) =>
      policy.mode === 'JSON' ||
      matchesResources(matchConstraints, request, { namespaceLabels, rules: 'required', labels: 'known' }),
  );
  if (spec === undefined) return undefined;
  policy.host.data = evaluation.data;
  const nothingAllowed = { allowedImages: [], allowedValues: [] };
  const excepted = exceptionsFor(policy, evaluation.exceptions, baseValues(evaluation, nothingAllowed));
  if (excepted instanceof CelError) return { outcome: said(rule, 'error', excepted.message) };
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

function judge(
  policy: ImageValidatingPolicy,
  { spec, session, base }: Opened,
  evaluation: CelEvaluation,
): ImageJudgement {
  const attestors = Object.fromEntries([...spec.attestors.keys()].map((name) => [name, new CelAttestor(name)]));
  const attestations = Object.fromEntries([...spec.attestations.keys()].map((name) => [name, name]));
  const failed = (message: string): ImageJudgement => ({ outcome: said(rule, 'error', message), required: [] });
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
      ? said(rule, 'skip', 'no image is named in matchImageReferences')
      : said(rule, 'pass', `success: ${all.join(', ')}`));
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
      return said(rule, 'error', message);
    }
    const reasons = [...session.refusals].slice(0, 5).join('; ');
    const message = messageOf(validation, values, index);
    return said(rule, 'fail', reasons === '' ? message : `${message} (${reasons})`);
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
  if (unreadable !== undefined) return said(rule, 'error', `${unreadable.slice(0, 200)} names no image`);
  const [first] = without;
  if (first === undefined) return undefined;
  const open = policy.mutatesDigest ? without.map((image) => [image, session.digest(image)] as const) : [];
  const fault = open.find(([, digest]) => digest.kind === 'failed');
  return fault?.[1].kind === 'failed'
    ? said(rule, 'error', `image ${fault[0]} does not have a digest, which could not be put in: ${fault[1].message}`)
    : said(rule, 'fail', `image ${first} does not have a digest`);
}

interface Sight {
  readonly evaluation: CelEvaluation;
  readonly values: readonly CelValue[];
}

/** Images by category: those of the containers of Pods and what makes them, and those that the policy takes out. */
function imagesOf(
  { mode }: ImageValidatingPolicy,
  { extractions }: ImageSpec,
  { evaluation, values }: Sight,
): Readonly<Record<string, readonly string[]>> | CelError {
  const object = evaluation.request.object ?? evaluation.request.oldObject ?? {};
  const images: Record<string, readonly string[]> = {};
  if (mode === 'Kubernetes' && podOf(object) !== undefined) {
    const found = containerImages(object);
    for (const category of ['containers', 'initContainers', 'ephemeralContainers'])
      images[category] = found.filter((each) => each.category === category).map(({ image }) => image);
  }
  for (const { name, program } of extractions) {
    const { value } = program.evaluateSlots(values, callCostLimit);
    if (value instanceof CelError) return new CelError(`images ${name}: ${value.message}`);
    const list: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
    if (list === undefined || !list.every((item) => typeof item === 'string'))
      return new CelError(`images ${name}: must be a list of strings`);
    images[name] = list;
  }
  return images;
}

interface ContainerImage {
  readonly category: string;
  readonly image: string;
  readonly at: DocumentPath;
}

function containerImages(object: JsonObject): readonly ContainerImage[] {
  const found = podOf(object);
  return (found?.pod.containers ?? []).flatMap(({ at, container }) => {
    const image = asString(asObject(container)?.['image']) ?? '';
    return image === '' ? [] : [{ category: String(at[1]), image, at: [...(found?.at ?? []), ...at, 'image'] }];
  });
}
