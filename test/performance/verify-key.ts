// SPDX-License-Identifier: Apache-2.0
// Verification with a managed key and a log entry, from the bytes of a bundle to the verdict, against the bare verifications that it needs: the
// signature, the promise of the log and its checkpoint, all P-256.
import { artifactOf } from '../../src/evidence/signatures/proof.ts';
import { publicKeyOf } from '../../src/evidence/signatures/public-key.ts';
import { isRefusal } from '../../src/evidence/signatures/refusal.ts';
import { verifyBundle } from '../../src/evidence/signatures/verify.ts';
import { ecKeys, publicKeyDer } from '../support/signing/certificates.ts';
import { makeSigstore, managedKeyBundle, now } from '../support/signing/sigstore.ts';
import type { Bench } from './bench.ts';
import { bareVerification, compete, rootOf } from './verification.ts';

const rounds = 8;
const perRound = 400;

export const verifyKey: Bench = {
  name: 'verify-key',
  title:
    'verification of a bundle with a managed key and a log entry, against the three bare P-256 verifications that it needs',
  run: async () => {
    const world = makeSigstore();
    const trustRoot = rootOf(world);
    const signer = ecKeys();
    const key = publicKeyOf(publicKeyDer(signer));
    if (isRefusal(key)) throw new Error(key.message);
    const policy = { mode: 'managed-key-with-log', keys: [{ key }] } as const;
    const verification = (_: unknown, index: number): (() => void) => {
      const artifact = Buffer.from(`artifact ${index}`);
      const known = artifactOf(artifact);
      const bytes = Buffer.from(JSON.stringify(managedKeyBundle(world, artifact, { signer })));
      return () => {
        const verdict = verifyBundle(bytes, { artifact: known, trustRoot, policy, time: now });
        if (verdict.kind !== 'verified') throw new Error(`refused: ${verdict.code}`);
      };
    };
    const ours = Array.from({ length: rounds + 1 }, () => Array.from({ length: perRound }, verification));
    const p256 = bareVerification('P-256');
    const result = compete({ ours, bare: [p256, p256, p256] });
    return {
      unit: 'verifications/s',
      value: result.ours,
      baseline: result.bare,
      detail: { rounds, perRound, bundle: '0.3, hashedrekord 0.0.1 with promise, proof and checkpoint' },
    };
  },
};
