// SPDX-License-Identifier: Apache-2.0
// Keyless verification from the bytes of a bundle to the verdict: every bundle and certificate is seen for the first time, the path above the
// certificate is known. Against one P-384 verification (the certificate) and two P-256 ones (the signature, the log) and nothing else; what a bundle
// makes necessary besides (SCT, checkpoint, opening the key, reading) is ours to bear.
import { artifactOf } from '../../src/evidence/signatures/proof.ts';
import { verifyBundle } from '../../src/evidence/signatures/verify.ts';
import { keyless } from '../support/signing/attempt.ts';
import { makeLeaf, makeSigstore, messageBundle, now } from '../support/signing/sigstore.ts';
import type { Bench } from './bench.ts';
import { bareVerification, compete, rootOf } from './verification.ts';

const rounds = 8;
const perRound = 150;

export const verifyKeyless: Bench = {
  name: 'verify-keyless',
  title:
    'keyless verification of a bundle, cold but for the path of the authority, against the bare P-384 and two P-256 verifications',
  run: async () => {
    const world = makeSigstore('P-384');
    const trustRoot = rootOf(world);
    const artifact = Buffer.from('the artifact');
    const known = artifactOf(artifact);
    const verification = (): (() => void) => {
      const bytes = Buffer.from(JSON.stringify(messageBundle(world, { artifact, leaf: makeLeaf(world) })));
      return () => {
        const verdict = verifyBundle(bytes, { artifact: known, trustRoot, policy: keyless, time: now });
        if (verdict.kind !== 'verified') throw new Error(`refused: ${verdict.code}`);
      };
    };
    const ours = Array.from({ length: rounds + 1 }, () => Array.from({ length: perRound }, verification));
    const p256 = bareVerification('P-256');
    const result = compete({ ours, bare: [bareVerification('P-384'), p256, p256] });
    return {
      unit: 'verifications/s',
      value: result.ours,
      baseline: result.bare,
      detail: { rounds, perRound, bundle: '0.3, hashedrekord 0.0.1 with promise, proof and checkpoint; SCT' },
    };
  },
};
