// SPDX-License-Identifier: Apache-2.0
// A rule that verifies images as ImageValidatingPolicies, one for each of its entries.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { readFailureActions } from '../failure-action.ts';
import { CannotCarryOver, Names } from './cel-text.ts';
import { conditionsToCel } from './conditions.ts';
import { withContext } from './context.ts';
import { imageRuleToCel } from './image-rule.ts';
import { matchToCel } from './match.ts';
import type { RuleFrame } from './rule-frame.ts';

/** Throws CannotCarryOver. */
export function imagePoliciesOf(frame: RuleFrame, isOnly: boolean): readonly JsonObject[] {
  const names = new Names();
  const match = matchToCel(asObject(frame.rule['match']), asObject(frame.rule['exclude']), names);
  if (match.operations.includes('DELETE')) throw new CannotCarryOver('a rule for DELETE that verifies images');
  const { scope, variables } = withContext(frame.rule['context'], frame.scope(match, names));
  const preconditions = conditionsToCel(frame.rule['preconditions'], scope);
  if (preconditions.includes('variables.'))
    throw new CannotCarryOver('preconditions on context entries, which conditions of image policies do not see');
  const { specs, remarks } = imageRuleToCel(frame.rule, scope);
  frame.remarks.push(...remarks);
  frame.remarkOnContainers(match.isOfPods);
  const conditions = [
    ...(match.condition === 'true' ? [] : [{ name: 'match', expression: match.condition }]),
    ...(preconditions === 'true' ? [] : [{ name: 'preconditions', expression: preconditions }]),
  ];
  const timeout =
    asObject(frame.spec['webhookConfiguration'])?.['timeoutSeconds'] ?? frame.spec['webhookTimeoutSeconds'];
  const { isNamespaced } = frame;
  const actions = readFailureActions(frame.rule, frame.spec, isNamespaced ? 'Namespaced' : 'Cluster');
  if (actions.overrides.length > 0)
    frame.remarks.push('failureActionOverrides: CEL policies have one action for all namespaces');
  return specs.map((spec, index) => {
    const { name, ...metadata } = frame.metadata(isOnly);
    const { variables: own, ...rest } = spec;
    return {
      apiVersion: 'policies.kyverno.io/v1',
      kind: isNamespaced ? 'NamespacedImageValidatingPolicy' : 'ImageValidatingPolicy',
      metadata: { name: specs.length === 1 ? name : `${asString(name) ?? ''}-${index + 1}`.slice(-253), ...metadata },
      spec: {
        validationActions: actions.action === 'Enforce' ? ['Deny'] : frame.soft(),
        ...(frame.failurePolicy() === 'Ignore' ? { failurePolicy: 'Ignore' } : {}),
        ...(timeout === undefined ? {} : { webhookConfiguration: { timeoutSeconds: timeout } }),
        evaluation: frame.evaluation(),
        autogen: { podControllers: { controllers: frame.controllers(match) } },
        matchConstraints: { resourceRules: match.resourceRules },
        ...(conditions.length === 0 ? {} : { matchConditions: conditions }),
        variables: [...variables, ...asArray(own)],
        ...rest,
      },
    };
  });
}
