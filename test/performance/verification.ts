// SPDX-License-Identifier: Apache-2.0
// What the benches of verification share: material that is new for every verification, and bare operations of node:crypto measured in turns with
// ours, so that a noisy machine slows both down alike.
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { isRefusal } from '../../src/evidence/signatures/refusal.ts';
import type { TrustRoot } from '../../src/evidence/signatures/trust-root.ts';
import { trustRootOf } from '../../src/evidence/signatures/trust-root.ts';
import type { TestSigstore } from '../support/signing/sigstore.ts';
import { trustedRootJson } from '../support/signing/sigstore.ts';
import { median } from './bench.ts';

export function rootOf(world: TestSigstore): TrustRoot {
  const root = trustRootOf(Buffer.from(JSON.stringify(trustedRootJson(world))));
  if (isRefusal(root)) throw new Error(root.message);
  return root;
}

/** A bare verification with a key that is open already, again and again. Throws when the signature is not good. */
export function bareVerification(namedCurve: 'P-256' | 'P-384'): () => void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const hash = namedCurve === 'P-256' ? 'sha256' : 'sha384';
  const message = randomBytes(500);
  const signature = sign(hash, message, privateKey);
  return () => {
    if (!verify(hash, message, publicKey, signature)) throw new Error('the bare signature is not good');
  };
}

export interface Contest {
  /** Verifications of one round, each over material that was not seen before. */
  readonly ours: readonly (() => void)[][];
  readonly bare: readonly (() => void)[];
}

export interface ContestResult {
  /** Verifications per second, medians of the rounds. */
  readonly ours: number;
  readonly bare: number;
}

/** One round of ours, one of the bare operations, and so on; the first round of each warms up. */
export function compete({ ours, bare }: Contest): ContestResult {
  const rates: { readonly ours: number; readonly bare: number }[] = [];
  for (const [round, verifications] of ours.entries()) {
    const own = rateOf(verifications.length, (index) => verifications[index]?.());
    const floor = rateOf(verifications.length, () => {
      for (const operation of bare) operation();
    });
    if (round > 0) rates.push({ ours: own, bare: floor });
  }
  return { ours: median(rates.map((rate) => rate.ours)), bare: median(rates.map((rate) => rate.bare)) };
}

function rateOf(count: number, run: (index: number) => void): number {
  const start = process.hrtime.bigint();
  for (let index = 0; index < count; index += 1) run(index);
  return (count * 1e9) / Number(process.hrtime.bigint() - start);
}
