// SPDX-License-Identifier: Apache-2.0
// A mutate rule as a MutatingPolicy.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import { CannotCarryOver, Names } from './cel-text.ts';
import { conditionsToCel } from './conditions.ts';
import { withContext } from './context.ts';
import { matchToCel } from './match.ts';
import { mutationToCel } from './mutation.ts';
import type { RuleFrame } from './rule-frame.ts';

/** Throws CannotCarryOver. */
export function mutatingPolicyOf(frame: RuleFrame, mutate: JsonObject, isOnly: boolean): JsonObject {
  const names = new Names();
  const match = matchToCel(asObject(frame.rule['match']), asObject(frame.rule['exclude']), names);
  const { scope, variables } = withContext(frame.rule['context'], frame.scope(match, names));
  const preconditions = conditionsToCel(frame.rule['preconditions'], scope);
  const translated = mutationToCel(mutate, scope);
  const stated = translated.flatMap(({ conditions }) => conditions);
  if (translated.length > 1 && stated.length > 0)
    throw new CannotCarryOver('several loops with anchors on the whole object');
  const conditions = [
    ...(match.condition === 'true' ? [] : [{ name: 'match', expression: match.condition }]),
    ...(preconditions === 'true' ? [] : [{ name: 'preconditions', expression: preconditions }]),
    ...stated.map((expression, index) => ({ name: `anchor-${index}`, expression })),
  ];
  return {
    apiVersion: 'policies.kyverno.io/v1',
    kind: frame.isNamespaced ? 'NamespacedMutatingPolicy' : 'MutatingPolicy',
    metadata: frame.metadata(isOnly),
    spec: {
      ...(frame.failurePolicy() === 'Ignore' ? { failurePolicy: 'Ignore' } : {}),
      autogen: { podControllers: { controllers: frame.controllers(match) } },
      matchConstraints: { resourceRules: match.resourceRules },
      ...(conditions.length === 0 ? {} : { matchConditions: conditions }),
      ...(variables.length === 0 ? {} : { variables }),
      mutations: translated.map(({ mutation }) => mutation),
    },
  };
}
