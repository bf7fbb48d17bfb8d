// SPDX-License-Identifier: Apache-2.0
// A validate rule as a ValidatingPolicy.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { variablesIn } from '../substitute.ts';
import { CannotCarryOver, Names, plain, valueOf } from './cel-text.ts';
import { conditionsToCel, interpolated } from './conditions.ts';
import type { CelVariable } from './context.ts';
import { withContext } from './context.ts';
import type { Scope } from './jmespath.ts';
import type { TranslatedMatch } from './match.ts';
import { matchToCel } from './match.ts';
import type { RuleFrame } from './rule-frame.ts';
import { validationToCel } from './validation.ts';

interface Body {
  readonly conditions: readonly JsonObject[];
  readonly variables: readonly (CelVariable | JsonObject)[];
  readonly validations: readonly JsonObject[];
  readonly auditAnnotations: readonly unknown[];
}

/** Throws CannotCarryOver. */
export function validatingPolicyOf(frame: RuleFrame, validate: JsonObject, isOnly: boolean): JsonObject {
  const names = new Names();
  const match = matchToCel(
    asObject(frame.rule['match']),
    asObject(frame.rule['exclude']),
    names,
    usualOperations(frame, validate),
  );
  const cel = asObject(validate['cel']);
  const body = cel === undefined ? ofValidation(frame, validate, { match, names }) : ofCel(frame, cel, validate);
  remarkOn(frame, validate, match);
  const conditions = [
    ...(match.condition === 'true' ? [] : [{ name: 'match', expression: match.condition }]),
    ...body.conditions,
  ];
  return {
    apiVersion: 'policies.kyverno.io/v1',
    kind: frame.isNamespaced ? 'NamespacedValidatingPolicy' : 'ValidatingPolicy',
    metadata: frame.metadata(isOnly),
    spec: {
      validationActions: actionsOf(frame, validate),
      ...(frame.failurePolicy() === 'Ignore' ? { failurePolicy: 'Ignore' } : {}),
      evaluation: frame.evaluation(),
      autogen: { podControllers: { controllers: frame.controllers(match) } },
      matchConstraints: { resourceRules: match.resourceRules },
      ...(conditions.length === 0 ? {} : { matchConditions: conditions }),
      ...(body.variables.length === 0 ? {} : { variables: body.variables }),
      validations: body.validations,
      ...(body.auditAnnotations.length === 0 ? {} : { auditAnnotations: body.auditAnnotations }),
    },
  };
}

/** A deny rule that does not ask for the object is about deleting as well. */
function usualOperations(frame: RuleFrame, validate: JsonObject): readonly string[] {
  const text = JSON.stringify([frame.rule['preconditions'], validate, frame.rule['context']]);
  const isOfAll =
    validate['deny'] !== undefined && !text.includes('request.object') && !text.includes('request.oldObject');
  return isOfAll ? ['CREATE', 'UPDATE', 'DELETE'] : ['CREATE', 'UPDATE'];
}

function actionsOf(frame: RuleFrame, validate: JsonObject): readonly string[] {
  const action = asString(validate['failureAction']) ?? asString(frame.spec['validationFailureAction']) ?? 'Audit';
  return action.toLowerCase() === 'enforce' ? ['Deny'] : frame.soft();
}

function remarkOn(frame: RuleFrame, validate: JsonObject, { isOfPods }: TranslatedMatch): void {
  const overrides = [
    ...asArray(validate['failureActionOverrides']),
    ...asArray(frame.spec['validationFailureActionOverrides']),
  ];
  if (overrides.length > 0)
    frame.remarks.push('failureActionOverrides: CEL policies have one action for all namespaces');
  if (
    actionsOf(frame, validate)[0] === 'Deny' &&
    validate['cel'] === undefined &&
    validate['allowExistingViolations'] !== false
  )
    frame.remarks.push('an object that is in breach already is refused when it is changed; Kyverno lets it pass');
  frame.remarkOnContainers(isOfPods);
}

function ofValidation(
  frame: RuleFrame,
  validate: JsonObject,
  { match, names }: { readonly match: TranslatedMatch; readonly names: Names },
): Body {
  const { scope, variables } = withContext(frame.rule['context'], frame.scope(match, names));
  const preconditions = conditionsToCel(frame.rule['preconditions'], scope);
  const demand = validationToCel(validate, scope);
  // Preconditions that ask for variables must come after them.
  const isLate = preconditions.includes('variables.');
  const expression = isLate ? `!(${preconditions}) || (${demand})` : demand;
  return {
    conditions: preconditions === 'true' || isLate ? [] : [{ name: 'preconditions', expression: preconditions }],
    variables,
    validations: [{ expression, ...messageOf(frame, asString(validate['message']) ?? '', scope) }],
    auditAnnotations: [],
  };
}

function messageOf(frame: RuleFrame, message: string, scope: Scope): JsonObject {
  if (message === '') return {};
  if (variablesIn(message).length === 0) return { message };
  try {
    return { messageExpression: valueOf(interpolated(message.replaceAll('\n', ' ').trim(), scope).place) };
  } catch (thrown) {
    if (!(thrown instanceof CannotCarryOver)) throw thrown;
    frame.remarks.push(`the message keeps its variables as text: ${thrown.message}`);
    return { message };
  }
}

function ofCel(frame: RuleFrame, cel: JsonObject, validate: JsonObject): Body {
  if (cel['paramKind'] !== undefined)
    throw new CannotCarryOver('validate.cel with paramKind; a ValidatingAdmissionPolicy can have one');
  const fallback = asString(validate['message']) ?? '';
  const scope: Scope = { names: new Names(), object: plain('object'), values: new Map() };
  const preconditions = conditionsToCel(frame.rule['preconditions'], scope);
  return {
    conditions: [
      ...asArray(frame.rule['celPreconditions']).map((item, index) => ({
        name: `condition-${index}`,
        ...asObject(item),
      })),
      ...(preconditions === 'true' ? [] : [{ name: 'preconditions', expression: preconditions }]),
    ],
    variables: asArray(cel['variables']).map((item) => asObject(item) ?? {}),
    validations: asArray(cel['expressions']).map((item) => {
      const validation = asObject(item) ?? {};
      return fallback === '' || validation['message'] !== undefined ? validation : { ...validation, message: fallback };
    }),
    auditAnnotations: asArray(cel['auditAnnotations']),
  };
}
