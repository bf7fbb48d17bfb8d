// SPDX-License-Identifier: Apache-2.0
// verifyImages rules: every image of an object against every entry that is about it, digests put in the place of tags, and conditions on what
// attestations say (Kyverno pkg/engine/internal/imageverifier.go). Nothing is taken from annotations of the object: what was verified before is verified again.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject } from '../../../formats/document.ts';
import { matchesWildcard } from '../../../formats/wildcard.ts';
import { isOfEndingObject } from '../../admission-policy/request.ts';
import type { AuthorityAnswer } from '../../image-policy/evaluate.ts';
import { JmespathFault } from '../../jmespath/fault.ts';
import type { EvaluationContext } from '../evaluation-context.ts';
import type { RuleBody, RuleEvaluation, RuleOutcome, RuleStatus } from '../rule.ts';
import { hasVariables, substitute } from '../substitute.ts';
import { askSets, credentialsFor } from './demands.ts';
import type { ImageExtractors, PlacedImage } from './images.ts';
import { imagesIn, readExtractors, withText } from './images.ts';
import { isNamedByAnyName } from './names.ts';
import type { EntryScope } from './signer.ts';
import { EntryFault } from './signer.ts';
import type { ImageVerification, WantedStatement } from './verification.ts';
import { readVerification, remarksOn } from './verification.ts';

export type RuleScope = Omit<EntryScope, 'type'>;

export interface PlacedMessage {
  readonly path: DocumentPath;
  readonly message: string;
}

export interface CompiledImageRule {
  /** Undefined when there are faults. */
  readonly run: RuleBody | undefined;
  readonly faults: readonly PlacedMessage[];
  readonly remarks: readonly PlacedMessage[];
}

/** Compiles a rule. Paths in its messages start at the rule. */
export function compileImageRule(rule: JsonObject, name: string, scope: RuleScope): CompiledImageRule {
  const entries = asArray(rule['verifyImages']).map((item) => asObject(item) ?? {});
  const faults: PlacedMessage[] = [];
  const remarks: PlacedMessage[] = [];
  if (entries.length === 0) faults.push({ path: ['verifyImages'], message: 'there is nothing to verify' });
  const extractors = readExtractors(rule['imageExtractors']);
  const isTakenOut = [...extractors.values()].flat().some(({ jmesPath }) => jmesPath !== undefined);
  const readers = entries.map((entry, index): EntryReader => {
    const path = ['verifyImages', index];
    remarks.push(...remarksOn(entry, path).map(([at, message]) => ({ path: at, message })));
    if (isTakenOut && entry['mutateDigest'] !== false)
      faults.push({ path, message: 'imageExtractors with jmesPath need mutateDigest: false' });
    const { attestations, validate, ...own } = entry;
    // With a variable in it an entry is only known when it is evaluated; conditions replace theirs by themselves.
    if (hasVariables(own)) return (context) => resolvedEntry({ own, attestations, validate }, path, { context, scope });
    const read = readEntry(entry, path, scope);
    if ('message' in read) faults.push(read);
    return () => read;
  });
  if (faults.length > 0) return { run: undefined, faults, remarks };
  return { run: (evaluation) => run({ name, readers, extractors }, evaluation), faults, remarks };
}

type EntryReader = (context: EvaluationContext) => ImageVerification | PlacedMessage;

function readEntry(entry: JsonObject, path: DocumentPath, scope: RuleScope): ImageVerification | PlacedMessage {
  try {
    return readVerification(entry, path, scope);
  } catch (error) {
    if (error instanceof EntryFault) return { path: error.path, message: error.message };
    throw error;
  }
}

function resolvedEntry(
  { own, ...rest }: { readonly own: JsonObject; readonly attestations: unknown; readonly validate: unknown },
  path: DocumentPath,
  { context, scope }: { readonly context: EvaluationContext; readonly scope: RuleScope },
): ImageVerification | PlacedMessage {
  const resolved = substitute(own, context);
  if (resolved instanceof JmespathFault) return { path, message: resolved.message };
  return readEntry({ ...asObject(resolved), ...rest }, path, scope);
}

interface Rule {
  readonly name: string;
  readonly readers: readonly EntryReader[];
  readonly extractors: ImageExtractors;
}

/** What is said of one image. */
interface Said {
  readonly status: RuleStatus;
  readonly message: string;
}

function run({ name, readers, extractors }: Rule, evaluation: RuleEvaluation): RuleOutcome | undefined {
  const { request, context, queries, stage } = evaluation;
  const { object } = request;
  if (request.operation === 'DELETE' || object === undefined) return undefined;
  if (isOfEndingObject(request))
    return stage === 'pin' ? undefined : outcomeOf(name, 'skip', 'the object is being deleted');
  const stood = imagesBefore(evaluation, extractors);
  let current = object;
  const said: Said[] = [];
  // What a later stage tells; where it could not be looked at, nobody knows either what ought to be pinned.
  const held: Said[] = [];
  let isAbout = false;
  for (const reader of readers) {
    const verification = reader(context);
    if ('path' in verification) {
      isAbout = true;
      if (stage === 'pin') continue;
      said.push({ status: 'error', message: `${verification.path.join('.')}: ${verification.message}` });
      continue;
    }
    for (const image of imagesIn(current, extractors, queries)) {
      const judged = judgeImage(image, { verification, evaluation, object, stood });
      if (judged === undefined) continue;
      isAbout = true;
      if (judged.pinned !== undefined && stage !== 'judge') current = withText(current, image.at, judged.pinned);
      (isTold(verification, stage) ? said : held).push(judged);
    }
  }
  const patched = current === object ? {} : { patched: current };
  const [worst, ...further] = summary(said, name);
  const open = stage === 'pin' ? held.filter(({ status }) => status === 'error') : [];
  const [untold] = summary(open, name);
  if (untold !== undefined) return { ...untold, further: summary(said, name), ...patched, isUntold: true };
  if (worst !== undefined) return { ...worst, ...(further.length === 0 ? {} : { further }), ...patched };
  if (current !== object)
    return { ...outcomeOf(name, 'pass', 'digests were put in the place of tags'), ...patched, isUntold: true };
  return stage === 'pin' || isAbout ? undefined : outcomeOf(name, 'skip', 'no image is named in imageReferences');
}

/** Of a Pod that is updated; controllers run nothing themselves. */
function imagesBefore({ request, queries }: RuleEvaluation, extractors: ImageExtractors): ReadonlySet<string> {
  const { operation, object, oldObject } = request;
  // Who has only one object, as a command line, hands it in as both: that is no update.
  if (operation !== 'UPDATE' || oldObject === undefined || oldObject === object) return nothingBefore;
  if (object?.['kind'] !== 'Pod') return nothingBefore;
  return new Set(imagesIn(oldObject, extractors, queries).map(placeOf));
}

/** In another place the same name may stand for another image by now. */
function placeOf({ text, at }: PlacedImage): string {
  return `${at.join('/')} ${text}`;
}

const nothingBefore: ReadonlySet<string> = new Set();

/** What is required is told when everybody has changed the object; the rest when it is changed, and never again. */
function isTold({ isRequired, verifiesDigest }: ImageVerification, stage: RuleEvaluation['stage']): boolean {
  if (stage === undefined) return true;
  return stage === 'pin' ? !isRequired : isRequired || verifiesDigest;
}

function outcomeOf(rule: string, status: RuleStatus, message: string): RuleOutcome {
  return { rule, type: 'verifyImages', status, message };
}

/** Failures and errors beside each other: either may be what refuses the request. */
function summary(said: readonly Said[], rule: string): readonly RuleOutcome[] {
  const texts = (status: RuleStatus): string =>
    [...new Set(said.filter((item) => item.status === status).map(({ message }) => message))].join('; ');
  const bad = (['fail', 'error'] as const).filter((status) => said.some((item) => item.status === status));
  if (bad.length > 0) return bad.map((status) => outcomeOf(rule, status, texts(status)));
  const good = (['pass', 'skip'] as const).find((status) => said.some((item) => item.status === status));
  return good === undefined ? [] : [outcomeOf(rule, good, texts(good))];
}

interface Judging {
  readonly verification: ImageVerification;
  readonly evaluation: RuleEvaluation;
  readonly object: JsonObject;
  /** Names that stood in the Pod before, with their places. */
  readonly stood: ReadonlySet<string>;
}

type Judged = Said & { readonly pinned?: string };

/** Undefined when the entry is not about the image. */
function judgeImage(image: PlacedImage, judging: Judging): Judged | undefined {
  const { text, info } = image;
  const { references, skipped } = judging.verification;
  if (info === undefined)
    return { status: 'error', message: `${text === '' ? 'an image' : text}: no name of an image` };
  const isNamed = (patterns: readonly string[], name: string): boolean =>
    patterns.some((pattern) => matchesWildcard(pattern, name));
  const isStrict = judging.evaluation.context.hardening === 'strict';
  // Kyverno forgets the tag beside a digest: whoever writes both would then be past every pattern that ends in a tag.
  const isTagNamed = info.digest !== '' && info.tag !== '' && isNamed(references, info.referenceWithTag);
  const isOtherwiseNamed = isStrict && references.some((pattern) => isNamedByAnyName(pattern, info));
  if (!isNamed(references, info.reference) && !isTagNamed && !isOtherwiseNamed) return undefined;
  if (isNamed(skipped, info.reference))
    return { status: 'skip', message: `${info.reference}: named in skipImageReferences` };
  const answer = verified(image, judging);
  if (answer.outcome !== 'pass')
    return { status: answer.outcome === 'fail' ? 'fail' : 'error', message: `${info.reference}: ${answer.message}` };
  // Another name of what runs already would restart it, and to demand one would forbid every change of a Pod that was there before the policy.
  if (info.digest !== '' || judging.stood.has(placeOf(image))) return whole(image, answer);
  const { mutatesDigest, verifiesDigest } = judging.verification;
  if (mutatesDigest && judging.evaluation.stage !== 'judge') {
    const digest = answer.digest === undefined ? lookedUp(image, judging) : answer;
    if (digest.outcome !== 'pass' || digest.digest === undefined)
      return { status: 'error', message: `${info.reference}: ${digest.message}` };
    return { ...whole(image, answer), pinned: `${info.referenceWithTag}@${digest.digest}` };
  }
  return verifiesDigest
    ? { status: 'fail', message: `missing digest for ${info.referenceWithTag}` }
    : whole(image, answer);
}

function whole({ info, text }: PlacedImage, { message, digest }: AuthorityAnswer): Judged {
  const name = info?.reference ?? text;
  if (info !== undefined && info.digest !== '' && digest !== undefined && info.digest !== digest)
    return { status: 'error', message: `${name}: the registry answered with ${digest}` };
  return { status: 'pass', message: `${name}: ${message === '' ? 'nobody has to have signed it' : message}` };
}

function lookedUp({ text }: PlacedImage, { verification, evaluation, object }: Judging): AuthorityAnswer {
  const { data } = evaluation;
  const credentials = credentialsFor(verification.credentialSecrets, object, data);
  if ('outcome' in credentials) return credentials;
  const found = data.imageDigest?.(text, credentials) ?? { kind: 'unavailable' as const };
  switch (found.kind) {
    case 'found':
      return { outcome: 'pass', message: '', digest: found.value };
    case 'pending':
      return { outcome: 'pending', message: 'not looked up yet' };
    case 'failed':
      return { outcome: 'error', message: found.message };
    case 'absent':
      return { outcome: 'error', message: 'there is no such image' };
    default:
      return { outcome: 'error', message: 'registries are not asked (--registry)' };
  }
}

/** Signatures, attestations, and what must hold between attestations. Without attestors there is nothing to verify. */
function verified(image: PlacedImage, { verification, evaluation, object }: Judging): AuthorityAnswer {
  const { attestors, statements, deny, denyMessage, credentialSecrets, isRequired } = verification;
  if (attestors.length === 0 && statements.length === 0) return { outcome: 'pass', message: '' };
  // It was judged while the object was changed, and told then.
  if (evaluation.stage === 'judge' && !isRequired) return { outcome: 'pass', message: '' };
  const { data, context } = evaluation;
  const credentials = credentialsFor(credentialSecrets, object, data);
  if ('outcome' in credentials) return credentials;
  const asked = { text: image.text, verification, data, credentials };
  const seen = context.extend([], { image: { ...image.info } });
  const answers: AuthorityAnswer[] = [];
  const named: Record<string, unknown> = {};
  if (attestors.length > 0)
    answers.push(askSets(attestors, asked, { predicateType: undefined, judge: (answer) => answer }));
  for (const statement of statements) {
    const judge = (answer: AuthorityAnswer): AuthorityAnswer => judgeStatements(answer, statement, seen);
    const answer = askSets(statement.attestors, asked, { predicateType: statement.type, judge });
    answers.push(answer);
    if (statement.name !== '') named[statement.name] = answer.statements?.at(-1)?.predicate ?? null;
  }
  const worst = (['fail', 'error', 'pending'] as const)
    .map((outcome) => answers.find((answer) => answer.outcome === outcome))
    .find((answer) => answer !== undefined);
  if (worst !== undefined) return worst;
  if (deny !== undefined) {
    const denied = deny(seen.extend([], named));
    if (denied instanceof JmespathFault) return { outcome: 'error', message: denied.message };
    if (denied.holds) return { outcome: 'fail', message: denyMessage === '' ? 'denied by conditions' : denyMessage };
  }
  const digests = new Set(answers.flatMap(({ digest }) => digest ?? []));
  if (digests.size > 1) return { outcome: 'error', message: 'the name stands for several images' };
  const [digest] = digests;
  return {
    outcome: 'pass',
    message: answers.map(({ message }) => message).join(', '),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** There must be one of exactly the type, and all of them must meet the conditions, which find the members of the predicate by their names. */
function judgeStatements(
  answer: AuthorityAnswer,
  { type, conditions }: WantedStatement,
  context: EvaluationContext,
): AuthorityAnswer {
  const own = (answer.statements ?? []).filter(({ predicateType }) => predicateType === type);
  if (own.length === 0) return { outcome: 'fail', message: `there is no attestation ${type}` };
  for (const { predicate } of own) {
    const holds = conditions(context.extend([], asObject(predicate) ?? {}));
    if (holds instanceof JmespathFault) return { outcome: 'error', message: `attestation ${type}: ${holds.message}` };
    if (!holds.holds)
      return {
        outcome: 'fail',
        message: [`attestation ${type} does not meet the conditions`, holds.message]
          .filter((part) => part !== '')
          .join(': '),
      };
  }
  return { ...answer, statements: own };
}
