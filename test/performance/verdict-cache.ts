// SPDX-License-Identifier: Apache-2.0
// Verdicts from memory, by the way an admission takes: prepared policy, collected proof, image digest. Against a bare look-up in a map with keys of
// the same length.

import type { CollectedProof } from '../../src/apps/signatures/collect.ts';
import { claimOf } from '../../src/apps/signatures/collect.ts';
import { verifierOf, verifyProofs } from '../../src/apps/signatures/verify-proofs.ts';
import { VerdictCache } from '../../src/evidence/signatures/verdict-cache.ts';
import { parseSigstoreBundle } from '../../src/formats/sigstore-bundle.ts';
import { imageOf } from '../support/registry/content.ts';
import { keyless, leaf, world } from '../support/signing/attempt.ts';
import { imageBundle } from '../support/signing/image-proofs.ts';
import { now } from '../support/signing/sigstore.ts';
import type { Bench } from './bench.ts';
import { compete, rootOf } from './verification.ts';

const images = 300;
const rounds = 10;
const perRound = 100_000;

export const verdictCache: Bench = {
  name: 'verdict-cache',
  title: 'remembered verdicts of images, against bare look-ups in a map',
  run: async () => {
    const verifier = verifierOf({
      policy: keyless,
      trustRoot: rootOf(world),
      wanted: { kind: 'signature' },
      cache: new VerdictCache(20_000),
    });
    const sets = Array.from({ length: images }, (_, index) => {
      const image = imageOf({ layers: [`image ${index}`] });
      const bytes = Buffer.from(JSON.stringify(imageBundle(image, undefined, leaf)));
      const parsed = parseSigstoreBundle(bytes);
      if (parsed.kind === 'malformed') throw new Error(parsed.reason);
      const content: CollectedProof['content'] = { kind: 'bundle', bundle: parsed.value };
      const proof: CollectedProof = {
        form: 'bundle',
        manifest: image.digest,
        digest: image.digest,
        id: image.digest,
        bytes,
        annotations: {},
        content,
        claim: claimOf(content),
      };
      return { image: image.digest, proofs: [proof], time: now };
    });
    for (const set of sets)
      if (verifyProofs(verifier, set).accepted.length !== 1) throw new Error('an image is not signed');
    const keys = sets.map(({ image }) => `${image}\n${image}\n${image}\n${image}`);
    const bareCache = new Map(keys.map((key) => [key, key]));
    let turn = 0;
    const lookup = (): void => {
      turn = (turn + 1) % images;
      const set = sets[turn];
      if (set === undefined || verifyProofs(verifier, set).accepted.length !== 1) throw new Error('not remembered');
    };
    let bareTurn = 0;
    const bare = (): void => {
      bareTurn = (bareTurn + 1) % images;
      if (bareCache.get(keys[bareTurn] ?? '') === undefined) throw new Error('not there');
    };
    const ours = Array.from({ length: rounds + 1 }, () => Array.from({ length: perRound }, () => lookup));
    const result = compete({ ours, bare: [bare] });
    return { unit: 'verdicts/s', value: result.ours, baseline: result.bare, detail: { images, rounds, perRound } };
  },
};
