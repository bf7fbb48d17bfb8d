// SPDX-License-Identifier: Apache-2.0
// Image policies applied to one image. Verification is handed in: this says which authorities are asked, and what follows from their answers.
import { matchesImage } from './image-glob.ts';
import type { ImageAuthority, ImagePolicy } from './parse.ts';

/** `error`: nobody could look (registry, key store). Never a pass. */
export interface AuthorityAnswer {
  readonly outcome: 'pass' | 'fail' | 'error';
  readonly message: string;
}

/** Verifies the signature, or all attestations, that an authority asks for. */
export type AskAuthority = (authority: ImageAuthority) => Promise<AuthorityAnswer>;

export interface ImagePolicyDecision {
  readonly policy: string;
  /** `warn`: it failed, and the policy only warns. */
  readonly outcome: 'pass' | 'fail' | 'warn' | 'error';
  readonly messages: readonly string[];
}

/** One decision for each policy whose patterns match; none means that no policy is about the image. All must pass. */
export async function applyImagePolicies(
  policies: readonly ImagePolicy[],
  image: string,
  ask: AskAuthority,
): Promise<readonly ImagePolicyDecision[]> {
  const matching = policies.filter(({ globs }) => globs.some((glob) => matchesImage(glob, image)));
  return Promise.all(matching.map((policy) => applyImagePolicy(policy, ask)));
}

/** One authority is enough. What is not judged here, or could not be looked at, is an error unless the policy only warns. */
async function applyImagePolicy(policy: ImagePolicy, ask: AskAuthority): Promise<ImagePolicyDecision> {
  if (policy.unsupported.length > 0)
    return { policy: policy.name, outcome: 'error', messages: policy.unsupported.map(({ message }) => message) };
  const messages: string[] = [];
  let unknown = false;
  for (const authority of policy.authorities) {
    const answer = await answerOf(authority, ask);
    if (answer.outcome === 'pass') return { policy: policy.name, outcome: 'pass', messages: [] };
    unknown ||= answer.outcome === 'error';
    messages.push(`${authority.name}: ${answer.message}`);
  }
  const failed = unknown ? 'error' : 'fail';
  return { policy: policy.name, outcome: policy.mode === 'warn' && !unknown ? 'warn' : failed, messages };
}

async function answerOf(authority: ImageAuthority, ask: AskAuthority): Promise<AuthorityAnswer> {
  if (authority.signer !== 'pass' && authority.signer !== 'fail') return ask(authority);
  return { outcome: authority.signer, message: `the policy says ${authority.signer}` };
}
