// SPDX-License-Identifier: Apache-2.0
// What the ImageValidatingPolicies of one request say together: an image that one policy requires to be verified may be verified by another.
import type { RuleOutcome, RuleStatus } from '../rule.ts';
import type { ImageValidatingPolicy } from './image-validating-policy.ts';

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

export const imageRule = 'validation';

export function said(name: string, status: RuleStatus, message: string): RuleOutcome {
  return { rule: name, type: 'verifyImages', status, message };
}

/** What stands once all policies of the request have verified what they ask for. */
export function concludeImages(
  policy: ImageValidatingPolicy,
  { outcome, required }: ImageJudgement,
  verified: VerifiedImages,
): RuleOutcome {
  const isStrict = policy.hardening === 'strict';
  if (!policy.isRequired && !isStrict) return outcome;
  if (outcome.status !== 'pass' && outcome.status !== 'skip') return outcome;
  for (const image of required) {
    const status = verified.status(policy.namespace, image);
    if (status === 'refused')
      return said(imageRule, 'fail', `image ${image} failed the verification of signatures and attestations`);
    // Strict: what was asked for and is not there is not made good by an expression that holds all the same.
    if (status === 'unasked' && policy.isRequired)
      return said(
        imageRule,
        'fail',
        `image ${image} is not verified: no policy asked for a signature or an attestation`,
      );
  }
  return outcome;
}
