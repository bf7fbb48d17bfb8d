// SPDX-License-Identifier: Apache-2.0
// ImageValidatingPolicies as members of Kyverno's engine: they put digests in, verify, and conclude when all policies of the request have verified.
import { asObject } from '../../formats/document.ts';
import type { EngineDocument } from '../engine.ts';
import { pinImages } from './cel/image-pinning.ts';
import { concludeImages } from './cel/image-round.ts';
import { compileImageValidatingPolicy } from './cel/image-validating-policy.ts';
import { judgeImages } from './cel/image-validation.ts';
import { interestsOfConstraints } from './interests.ts';
import type { MemberReading, Workshop } from './policy-engine-member.ts';
import { effectsOfActions, memberOf } from './policy-engine-member.ts';
import type { RuleOutcome } from './rule.ts';

export function readImageValidating(document: EngineDocument, { settings }: Workshop): MemberReading {
  const { policy, problems } = compileImageValidatingPolicy(document, settings);
  if (policy === undefined) return { member: undefined, problems };
  const { mutatesDigest } = policy;
  const effects = effectsOfActions(policy);
  const member = memberOf(document, {
    interests: interestsOfConstraints(asObject(document.object['spec']) ?? {}),
    mutates: mutatesDigest,
    // One policy may have verified what another requires.
    isAlone: false,
    run: (phase, { cel, images }): readonly RuleOutcome[] => {
      if (policy.mode === 'JSON' || phase === 'mutate') return [];
      if (phase === 'pin') {
        const pinned = pinImages(policy, cel);
        return pinned === undefined ? [] : [pinned];
      }
      if (phase === 'validate') {
        const judged = judgeImages(policy, cel, images.verified);
        if (judged !== undefined) images.judgements.set(policy, judged);
        return [];
      }
      const judged = images.judgements.get(policy);
      return judged === undefined ? [] : [concludeImages(policy, judged, images.verified)];
    },
    effectOf: ({ status }) => effects[status === 'error' ? 'error' : 'breach'],
  });
  return { member, problems };
}
