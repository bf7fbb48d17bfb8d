// SPDX-License-Identifier: Apache-2.0
// Image policies applied to one image. Verification is handed in: this says which authorities are asked, and what follows from their answers.
import { matchesImage } from './image-glob.ts';
import type { ImageAuthority, ImagePolicy } from './parse.ts';

/** `error`: nobody could look (registry, key store). Never a pass. `pending`: not looked up yet. */
export interface AuthorityAnswer {
  readonly outcome: 'pass' | 'fail' | 'error' | 'pending';
  readonly message: string;
}

/** Verifies the signature, or all attestations, that an authority asks for. */
export type AskAuthority = (authority: ImageAuthority) => AuthorityAnswer;

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
  ask: AskAuthority,
): readonly ImagePolicyDecision[] {
  return policies.filter((policy) => concernsImage(policy, image)).map((policy) => applyImagePolicy(policy, ask));
}

/** One authority is enough. What is not judged here, or could not be looked at, is an error even where the policy only warns. */
function applyImagePolicy(policy: ImagePolicy, ask: AskAuthority): ImagePolicyDecision {
  const answers = policy.authorities.map((authority) => ({ authority, answer: answerOf(authority, ask) }));
  const texts = (outcome: AuthorityAnswer['outcome']): readonly string[] =>
    answers
      .filter(({ answer }) => answer.outcome === outcome)
      .map(({ authority, answer }) => `${authority.name}: ${answer.message}`);
  const passed = texts('pass');
  if (passed.length > 0)
    return policy.unsupported.length === 0
      ? { policy, outcome: 'pass', messages: passed }
      : { policy, outcome: 'error', messages: policy.unsupported.map(({ message }) => message) };
  if (texts('pending').length > 0) return { policy, outcome: 'pending', messages: texts('pending') };
  const unknown = texts('error');
  if (unknown.length > 0) return { policy, outcome: 'error', messages: [...unknown, ...texts('fail')] };
  return { policy, outcome: policy.mode === 'warn' ? 'warn' : 'fail', messages: texts('fail') };
}

function answerOf(authority: ImageAuthority, ask: AskAuthority): AuthorityAnswer {
  if (authority.signer === 'pass' || authority.signer === 'fail') {
    const own = (authority.settings['static'] as { readonly message?: unknown } | undefined)?.message;
    const said = typeof own === 'string' && own !== '' ? own : `the policy says ${authority.signer}`;
    return { outcome: authority.signer, message: said };
  }
  const answer = ask(authority);
  const [open] = authority.unsupported;
  // Attestations that are not there fail whatever somebody wants of their content; those that are there nobody has read.
  return answer.outcome === 'pass' && open !== undefined ? { outcome: 'error', message: open.message } : answer;
}
