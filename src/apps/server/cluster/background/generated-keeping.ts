// SPDX-License-Identifier: Apache-2.0
// What a rule says of the objects that it makes: whether it keeps them as it says, and what becomes of them without it.
import type { JsonObject } from '../../../../formats/document.ts';
import { asArray, asObject } from '../../../../formats/document.ts';

export interface Keeping {
  /** `synchronize`. */
  readonly isKept: boolean;
  readonly withoutPolicy: 'delete' | 'keep';
}

/** What a rule says of what it makes; undefined: there is no such rule. */
export function keepingOf(document: JsonObject, rule: string): Keeping | undefined {
  const spec = asObject(document['spec']);
  if (document['kind'] !== 'ClusterPolicy' && document['kind'] !== 'Policy') {
    const evaluation = asObject(spec?.['evaluation']);
    const isOn = (member: string): boolean => asObject(evaluation?.[member])?.['enabled'] === true;
    return { isKept: isOn('synchronize'), withoutPolicy: isOn('orphanDownstreamOnPolicyDelete') ? 'keep' : 'delete' };
  }
  const found = asArray(spec?.['rules'])
    .map(asObject)
    .find((each) => each?.['name'] === rule);
  const generate = asObject(found?.['generate']);
  if (generate === undefined) return undefined;
  const blocks = generate['foreach'] === undefined ? [generate] : asArray(generate['foreach']).map(asObject);
  const isCopy = blocks.some((block) => block?.['clone'] !== undefined || block?.['cloneList'] !== undefined);
  const isOrphan = generate['orphanDownstreamOnPolicyDelete'] === true;
  return { isKept: generate['synchronize'] === true, withoutPolicy: isCopy || isOrphan ? 'keep' : 'delete' };
}
