// SPDX-License-Identifier: Apache-2.0
// How long the admission server believes what registries said. A digest stands for the same content for ever, a tag for a moment; that something is signed
// stays true, that it is not may change any time; and what nobody could tell is hardly kept at all.
import type { StandingDemand } from '../../../../policy/image-policy/demand.ts';
import type { AuthorityAnswer } from '../../../../policy/image-policy/evaluate.ts';

/** Milliseconds. */
export interface ImageLifetimes {
  /** What a tag stands for. */
  readonly tag: number;
  /** What a digest stands for: only that it is there can change. */
  readonly digest: number;
  /** A signature that counts. */
  readonly signed: number;
  /** Attestations that satisfy a policy, and signatures whose proof depends on today: newer ones may say something else. */
  readonly attested: number;
  /** No signature counts: it may be made any moment. */
  readonly refused: number;
  /** Nobody could tell. Just long enough that a burst of requests asks once. */
  readonly unknown: number;
  /** Signatures and attestations that were fetched, for the other demands on the same image. */
  readonly proofs: number;
  /** Pull Secrets. */
  readonly secrets: number;
}

export const imageLifetimes: ImageLifetimes = {
  tag: 5_000,
  digest: 600_000,
  signed: 600_000,
  attested: 60_000,
  refused: 10_000,
  unknown: 1_000,
  proofs: 5_000,
  secrets: 30_000,
};

/** Of an answer to a demand. */
export function lifetimeOf({ outcome }: AuthorityAnswer, demand: StandingDemand, lifetimes: ImageLifetimes): number {
  if (outcome === 'pass') return isLasting(demand) ? lifetimes.signed : lifetimes.attested;
  return outcome === 'fail' ? lifetimes.refused : lifetimes.unknown;
}

/** A signature with a proved time, or by a key that is named: neither can expire. */
function isLasting({ attestations, signer, log, timestamp }: StandingDemand): boolean {
  if (attestations.length > 0 || signer.kind === 'notation' || signer.kind === 'key-store') return false;
  return (
    signer.kind !== 'own-certificate' ||
    signer.authorities === undefined ||
    log === 'required' ||
    timestamp === 'required'
  );
}
