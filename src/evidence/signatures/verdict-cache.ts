// SPDX-License-Identifier: Apache-2.0
// Remembers verifications. The key holds everything a verification depends on but the time, and only what time cannot change is kept: a failure
// to look (network, throttling) never gets here, because it is no verification.
import type { SignaturePolicy } from './policy.ts';
import type { Verification } from './verify.ts';

export interface VerdictKey {
  /** Digest of the artifact. */
  readonly artifact: string;
  readonly policyDigest: string;
  readonly trustRootDigest: string;
  /** Digest over the proofs that were at hand. */
  readonly evidenceDigest: string;
}

export class VerdictCache {
  readonly #most: number;
  readonly #verdicts = new Map<string, Verification>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#verdicts.size;
  }

  get(key: VerdictKey): Verification | undefined {
    return this.#verdicts.get(textOf(key));
  }

  /** Keeps the verdict if it holds at any later time; the oldest one makes room. */
  put(key: VerdictKey, verdict: Verification, policy: SignaturePolicy): void {
    if (!isTimeless(verdict, policy)) return;
    const text = textOf(key);
    this.#verdicts.delete(text);
    const oldest = this.#verdicts.size >= this.#most ? this.#verdicts.keys().next().value : undefined;
    if (oldest !== undefined) this.#verdicts.delete(oldest);
    this.#verdicts.set(text, verdict);
  }

  /** Forgets everything, for a changed trust root or a revocation. */
  clear(): void {
    this.#verdicts.clear();
  }
}

function textOf({ artifact, policyDigest, trustRootDigest, evidenceDigest }: VerdictKey): string {
  return `${artifact}\n${policyDigest}\n${trustRootDigest}\n${evidenceDigest}`;
}

/**
 * A signature with a proved time stays good. Without one, the answer depends on the clock: certificates expire, keys go out of use. Refusals can
 * turn with the clock as well (not valid yet), and cost little to find again.
 */
function isTimeless(verdict: Verification, policy: SignaturePolicy): boolean {
  if (verdict.kind === 'refused') return false;
  if (verdict.times.length > 0) return true;
  return policy.mode === 'managed-key-without-log' && policy.keys.every(({ validFor }) => validFor === undefined);
}
