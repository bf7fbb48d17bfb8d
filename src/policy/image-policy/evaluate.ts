// SPDX-License-Identifier: Apache-2.0
// Image policies applied to one image. Verification is handed in: this says which authorities are asked, and what follows from their answers.
import type { JsonObject } from '../../formats/document.ts';
import { judgeCue } from './cue/judge.ts';
import { matchesImage } from './image-glob.ts';
import type { ContentPolicy, ImageAuthority, ImagePolicy } from './parse.ts';

/** `error`: nobody could look (registry, key store). Never a pass. `pending`: not looked up yet. */
export interface AuthorityAnswer {
  readonly outcome: 'pass' | 'fail' | 'error' | 'pending';
  readonly message: string;
  /** Of the image as its registry has it: what was verified, and nothing else. */
  readonly digest?: string;
  /** Verified attestations of the types that were asked for, in the order in which they lie there. */
  readonly statements?: readonly VerifiedStatement[];
  /** What was found, as a policy over it reads it: `signatures`, `attestations` by name, `static`. */
  readonly match?: JsonObject;
}

export interface VerifiedStatement {
  /** For an artifact its type. */
  readonly predicateType: string;
  readonly predicate: unknown;
  /** All of what was signed: the in-toto statement with its subjects, or the content of an artifact. */
  readonly statement?: unknown;
}

/** Verifies the signature, or all attestations, that an authority asks for. */
export type AskAuthority = (authority: ImageAuthority) => AuthorityAnswer;

export interface ImageQuestions {
  readonly ask: AskAuthority;
  /** What a policy over all findings reads besides them; `pending` where it is not looked up yet, a message where nobody can. */
  readonly surroundings: (content: ContentPolicy) => JsonObject | 'pending' | { readonly failed: string };
}

export interface ImagePolicyDecision {
  readonly policy: ImagePolicy;
  /** `warn`: it failed, and the policy only warns. */
  readonly outcome: 'pass' | 'fail' | 'warn' | 'error' | 'pending';
  /** Which authority said what; for a pass the one that was satisfied. */
  readonly messages: readonly string[];
}

/** Whether a pattern of the policy is about the image, as it is typed. */
export function concernsImage({ globs }: ImagePolicy, image: string): boolean {
  return globs.some((glob) => matchesImage(glob, image));
}

/** One decision for each policy whose patterns match; none means that no policy is about the image. All must pass. */
export function applyImagePolicies(
  policies: readonly ImagePolicy[],
  image: string,
  questions: ImageQuestions,
): readonly ImagePolicyDecision[] {
  return policies.filter((policy) => concernsImage(policy, image)).map((policy) => applyImagePolicy(policy, questions));
}

/** One authority is enough. What is not judged here, or could not be looked at, is an error even where the policy only warns. */
function applyImagePolicy(policy: ImagePolicy, questions: ImageQuestions): ImagePolicyDecision {
  const answers = policy.authorities.map((authority) => ({ authority, answer: answerOf(authority, questions.ask) }));
  const texts = (outcome: AuthorityAnswer['outcome']): readonly string[] =>
    answers
      .filter(({ answer }) => answer.outcome === outcome)
      .map(({ authority, answer }) => `${authority.name}: ${answer.message}`);
  const passed = texts('pass');
  // A policy over all findings must see all of them.
  const isWaiting = policy.content !== undefined && texts('pending').length > 0;
  if (passed.length > 0 && !isWaiting) {
    if (policy.unsupported.length > 0)
      return { policy, outcome: 'error', messages: policy.unsupported.map(({ message }) => message) };
    const matches = answers.flatMap(({ authority, answer }) =>
      answer.outcome === 'pass' ? [[authority.name, answer.match ?? {}] as const] : [],
    );
    const refused = policy.content === undefined ? undefined : contentFault(policy.content, matches, questions);
    if (refused === undefined) return { policy, outcome: 'pass', messages: passed };
    const isWarning = refused.outcome === 'fail' && policy.mode === 'warn';
    return { policy, outcome: isWarning ? 'warn' : refused.outcome, messages: [`policy: ${refused.message}`] };
  }
  if (texts('pending').length > 0) return { policy, outcome: 'pending', messages: texts('pending') };
  const unknown = texts('error');
  if (unknown.length > 0) return { policy, outcome: 'error', messages: [...unknown, ...texts('fail')] };
  // policy-controller: a policy that no authority was found for could not be processed, which refuses as well.
  const messages = policy.authorities.length === 0 ? ['the policy names nobody who may sign'] : texts('fail');
  return { policy, outcome: policy.mode === 'warn' ? 'warn' : 'fail', messages };
}

/** Undefined when the policy over the findings is met. */
function contentFault(
  content: ContentPolicy,
  matches: readonly (readonly [string, JsonObject])[],
  { surroundings }: ImageQuestions,
): { readonly outcome: 'fail' | 'error' | 'pending'; readonly message: string } | undefined {
  const known = surroundings(content);
  if (known === 'pending') return { outcome: 'pending', message: 'not looked up yet' };
  if (typeof known['failed'] === 'string') return { outcome: 'error', message: known['failed'] };
  const verdict = judgeCue(content.cue, { ...known, authorityMatches: Object.fromEntries(matches) });
  if (verdict.kind === 'satisfied') return undefined;
  return verdict.kind === 'violated'
    ? { outcome: 'fail', message: verdict.reason }
    : { outcome: 'error', message: `CUE: ${verdict.reason}` };
}

function answerOf(authority: ImageAuthority, ask: AskAuthority): AuthorityAnswer {
  if (authority.signer === 'pass' || authority.signer === 'fail') {
    const own = (authority.settings['static'] as { readonly message?: unknown } | undefined)?.message;
    const said = typeof own === 'string' && own !== '' ? own : `the policy says ${authority.signer}`;
    return { outcome: authority.signer, message: said, match: { static: authority.signer === 'pass' } };
  }
  const answer = ask(authority);
  const [open] = authority.unsupported;
  // Attestations that are not there fail whatever somebody wants of their content; those that are there nobody has read.
  return answer.outcome === 'pass' && open !== undefined ? { outcome: 'error', message: open.message } : answer;
}
