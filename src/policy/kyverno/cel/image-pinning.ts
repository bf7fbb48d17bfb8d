// SPDX-License-Identifier: Apache-2.0
// Puts digests in the place of tags while the object is changed, by an ImageValidatingPolicy. Whether the image is signed is told when everybody has
// changed the object.
import { parseImageInfo } from '../../image-info.ts';
import type { RuleOutcome } from '../rule.ts';
import { withText } from '../verify-images/images.ts';
import { containerImages } from './container-images.ts';
import type { CelEvaluation } from './core.ts';
import { openImages } from './image-opening.ts';
import { said } from './image-round.ts';
import type { ImageValidatingPolicy } from './image-validating-policy.ts';

/** Puts digests in the place of tags; undefined: there is nothing to change and nothing to say. */
export function pinImages(policy: ImageValidatingPolicy, evaluation: CelEvaluation): RuleOutcome | undefined {
  const { object, operation } = evaluation.request;
  if (!policy.mutatesDigest || object === undefined || operation === 'DELETE') return undefined;
  const opened = openImages(policy, evaluation);
  // What keeps the policy from judging is told when it judges.
  if (opened === undefined || 'outcome' in opened) return undefined;
  const { spec, session } = opened;
  let current = object;
  const faults: string[] = [];
  for (const { image, at } of containerImages(object)) {
    const info = parseImageInfo(image);
    if (info?.digest !== '' || spec.isConcerned(image) !== true) continue;
    const digest = session.digest(image);
    if (digest.kind === 'found') current = withText(current, at, `${info.referenceWithTag}@${digest.value}`);
    else faults.push(`${image}: ${digest.kind === 'pending' ? 'not looked up yet' : digest.message}`);
  }
  policy.images.session = undefined;
  const patched = current === object ? {} : { patched: current };
  if (faults.length > 0) {
    const fault = { ...said('mutateDigest', 'error', faults.join('; ')), ...patched };
    // Where a digest is demanded, its absence is told when everybody has changed the object.
    return policy.verifiesDigest ? { ...fault, isUntold: true } : fault;
  }
  if (current === object) return undefined;
  return { ...said('mutateDigest', 'pass', 'digests were put in the place of tags'), ...patched, isUntold: true };
}
