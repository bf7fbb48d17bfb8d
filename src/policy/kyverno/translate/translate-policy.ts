// SPDX-License-Identifier: Apache-2.0
// ClusterPolicy and Policy carried over to the CEL kinds, rule by rule. A rule that cannot be carried over is refused with the reason; what is carried
// over with a difference has a remark. Nothing is left out in silence.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { computeRules, controllersAnnotation } from '../autogen.ts';
import { compileImageValidatingPolicy, isImageValidatingPolicy } from '../cel/image-validating-policy.ts';
import { compileMutatingPolicy, isMutatingPolicy } from '../cel/mutating-policy.ts';
import { compileValidatingPolicy } from '../cel/validating-policy.ts';
import { readFailureActions } from '../failure-action.ts';
import { variablesIn } from '../substitute.ts';
import { CannotCarryOver, Names, plain, valueOf } from './cel-text.ts';
import { conditionsToCel, interpolated } from './conditions.ts';
import type { CelVariable } from './context.ts';
import { withContext } from './context.ts';
import { imageRuleToCel } from './image-rule.ts';
import type { Scope } from './jmespath.ts';
import type { TranslatedMatch } from './match.ts';
import { matchToCel } from './match.ts';
import { mutationToCel } from './mutation.ts';
import { validationToCel } from './validation.ts';

export interface Refusal {
  readonly rule: string;
  /** What cannot be carried over: `the function x509_decode, which has no counterpart in CEL`. */
  readonly reason: string;
}

export interface Translation {
  readonly policies: readonly TranslatedPolicy[];
  readonly refusals: readonly Refusal[];
  /** Where the translation decides otherwise, on purpose or of necessity. */
  readonly remarks: readonly Refusal[];
}

export interface TranslatedPolicy {
  readonly rule: string;
  readonly object: JsonObject;
}

/** One policy for each rule that can be carried over, or one for each entry of a rule that verifies images. Never throws. */
export function translatePolicy(policy: JsonObject): Translation {
  const rules = asArray(asObject(policy['spec'])?.['rules']).map((rule) => asObject(rule) ?? {});
  const made = new Set(computeRules(policy).map(({ name }) => asString(name) ?? ''));
  const policies: TranslatedPolicy[] = [];
  const refusals: Refusal[] = [];
  const remarks: Refusal[] = [];
  for (const rule of rules) {
    const name = asString(rule['name']) ?? '';
    const hasControllers = [`autogen-${name}`, `autogen-cronjob-${name}`].some((each) => made.has(each.slice(0, 63)));
    try {
      const translator = new RuleTranslator(policy, rule, hasControllers);
      const objects = translator.translate(rules.length === 1);
      const fault = objects.map(faultOf).find((each) => each !== undefined);
      if (fault !== undefined) throw new CannotCarryOver(`this rule: what it becomes does not compile: ${fault}`);
      policies.push(...objects.map((object) => ({ rule: name, object })));
      remarks.push(...translator.remarks.map((reason) => ({ rule: name, reason })));
    } catch (thrown) {
      if (!(thrown instanceof CannotCarryOver)) throw thrown;
      refusals.push({ rule: name, reason: thrown.message });
    }
  }
  return { policies, refusals, remarks };
}

/** Nothing is handed out that a cluster would not take. */
function faultOf(object: JsonObject): string | undefined {
  const source = { object, locateValue: () => ({ path: 'translation' }) };
  const { problems } = isImageValidatingPolicy(object)
    ? compileImageValidatingPolicy(source)
    : isMutatingPolicy(object)
      ? compileMutatingPolicy(source)
      : compileValidatingPolicy(source);
  return problems.find(({ hidesFindings }) => hidesFindings)?.message;
}

const plurals: Readonly<Record<string, string>> = {
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  Job: 'jobs',
  ReplicaSet: 'replicasets',
  StatefulSet: 'statefulsets',
  CronJob: 'cronjobs',
};

class RuleTranslator {
  readonly remarks: string[] = [];
  readonly #policy: JsonObject;
  readonly #rule: JsonObject;
  readonly #hasControllers: boolean;
  readonly #spec: JsonObject;

  constructor(policy: JsonObject, rule: JsonObject, hasControllers: boolean) {
    this.#policy = policy;
    this.#rule = rule;
    this.#hasControllers = hasControllers;
    this.#spec = asObject(policy['spec']) ?? {};
  }

  /** Throws CannotCarryOver. */
  translate(isOnly: boolean): readonly JsonObject[] {
    if (this.#rule['verifyImages'] !== undefined) return this.#ofImages(isOnly);
    const mutate = asObject(this.#rule['mutate']);
    if (mutate !== undefined) return [this.#ofMutation(mutate, isOnly)];
    const validate = asObject(this.#rule['validate']);
    if (validate !== undefined) return [this.#ofValidate(validate, isOnly)];
    throw new CannotCarryOver(`a rule of type ${this.#rule['generate'] === undefined ? 'unknown' : 'generate'}`);
  }

  #ofImages(isOnly: boolean): readonly JsonObject[] {
    const names = new Names();
    const match = matchToCel(asObject(this.#rule['match']), asObject(this.#rule['exclude']), names);
    if (match.operations.includes('DELETE')) throw new CannotCarryOver('a rule for DELETE that verifies images');
    const { scope, variables } = withContext(this.#rule['context'], this.#scope(match, names));
    const preconditions = conditionsToCel(this.#rule['preconditions'], scope);
    if (preconditions.includes('variables.'))
      throw new CannotCarryOver('preconditions on context entries, which conditions of image policies do not see');
    const { specs, remarks } = imageRuleToCel(this.#rule, scope);
    this.remarks.push(...remarks);
    this.#remarkOnContainers(match.isOfPods);
    const conditions = [
      ...(match.condition === 'true' ? [] : [{ name: 'match', expression: match.condition }]),
      ...(preconditions === 'true' ? [] : [{ name: 'preconditions', expression: preconditions }]),
    ];
    const timeout =
      asObject(this.#spec['webhookConfiguration'])?.['timeoutSeconds'] ?? this.#spec['webhookTimeoutSeconds'];
    const isNamespaced = this.#policy['kind'] === 'Policy';
    const actions = readFailureActions(this.#rule, this.#spec, isNamespaced ? 'Namespaced' : 'Cluster');
    if (actions.overrides.length > 0)
      this.remarks.push('failureActionOverrides: CEL policies have one action for all namespaces');
    return specs.map((spec, index) => {
      const { name, ...metadata } = this.#metadata(isOnly);
      const { variables: own, ...rest } = spec;
      return {
        apiVersion: 'policies.kyverno.io/v1',
        kind: isNamespaced ? 'NamespacedImageValidatingPolicy' : 'ImageValidatingPolicy',
        metadata: { name: specs.length === 1 ? name : `${asString(name) ?? ''}-${index + 1}`.slice(-253), ...metadata },
        spec: {
          validationActions: actions.action === 'Enforce' ? ['Deny'] : this.#soft(),
          ...(this.#failurePolicy() === 'Ignore' ? { failurePolicy: 'Ignore' } : {}),
          ...(timeout === undefined ? {} : { webhookConfiguration: { timeoutSeconds: timeout } }),
          evaluation: this.#evaluation(),
          autogen: { podControllers: { controllers: this.#controllers(match) } },
          matchConstraints: { resourceRules: match.resourceRules },
          ...(conditions.length === 0 ? {} : { matchConditions: conditions }),
          variables: [...variables, ...asArray(own)],
          ...rest,
        },
      };
    });
  }

  #evaluation(): JsonObject {
    return {
      admission: { enabled: this.#spec['admission'] !== false },
      background: { enabled: this.#spec['background'] !== false },
    };
  }

  #soft(): readonly string[] {
    return this.#spec['emitWarning'] === true ? ['Warn', 'Audit'] : ['Audit'];
  }

  #ofValidate(validate: JsonObject, isOnly: boolean): JsonObject {
    const names = new Names();
    const match = matchToCel(
      asObject(this.#rule['match']),
      asObject(this.#rule['exclude']),
      names,
      this.#usualOperations(validate),
    );
    const cel = asObject(validate['cel']);
    const body = cel === undefined ? this.#ofValidation(validate, match, names) : this.#ofCel(cel, validate);
    this.#remarkOn(validate, match);
    const conditions = [
      ...(match.condition === 'true' ? [] : [{ name: 'match', expression: match.condition }]),
      ...body.conditions,
    ];
    return {
      apiVersion: 'policies.kyverno.io/v1',
      kind: this.#policy['kind'] === 'Policy' ? 'NamespacedValidatingPolicy' : 'ValidatingPolicy',
      metadata: this.#metadata(isOnly),
      spec: {
        validationActions: this.#actions(validate),
        ...(this.#failurePolicy() === 'Ignore' ? { failurePolicy: 'Ignore' } : {}),
        evaluation: this.#evaluation(),
        autogen: { podControllers: { controllers: this.#controllers(match) } },
        matchConstraints: { resourceRules: match.resourceRules },
        ...(conditions.length === 0 ? {} : { matchConditions: conditions }),
        ...(body.variables.length === 0 ? {} : { variables: body.variables }),
        validations: body.validations,
        ...(body.auditAnnotations.length === 0 ? {} : { auditAnnotations: body.auditAnnotations }),
      },
    };
  }

  #ofMutation(mutate: JsonObject, isOnly: boolean): JsonObject {
    const names = new Names();
    const match = matchToCel(asObject(this.#rule['match']), asObject(this.#rule['exclude']), names);
    const { scope, variables } = withContext(this.#rule['context'], this.#scope(match, names));
    const preconditions = conditionsToCel(this.#rule['preconditions'], scope);
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
      kind: this.#policy['kind'] === 'Policy' ? 'NamespacedMutatingPolicy' : 'MutatingPolicy',
      metadata: this.#metadata(isOnly),
      spec: {
        ...(this.#failurePolicy() === 'Ignore' ? { failurePolicy: 'Ignore' } : {}),
        autogen: { podControllers: { controllers: this.#controllers(match) } },
        matchConstraints: { resourceRules: match.resourceRules },
        ...(conditions.length === 0 ? {} : { matchConditions: conditions }),
        ...(variables.length === 0 ? {} : { variables }),
        mutations: translated.map(({ mutation }) => mutation),
      },
    };
  }

  /** A deny rule that does not ask for the object is about deleting as well. */
  #usualOperations(validate: JsonObject): readonly string[] {
    const text = JSON.stringify([this.#rule['preconditions'], validate, this.#rule['context']]);
    const isOfAll =
      validate['deny'] !== undefined && !text.includes('request.object') && !text.includes('request.oldObject');
    return isOfAll ? ['CREATE', 'UPDATE', 'DELETE'] : ['CREATE', 'UPDATE'];
  }

  #metadata(isOnly: boolean): JsonObject {
    const { name, annotations, labels, namespace } = asObject(this.#policy['metadata']) ?? {};
    const kept = Object.entries(asObject(annotations) ?? {}).filter(
      ([key]) => key !== controllersAnnotation && key !== 'kubectl.kubernetes.io/last-applied-configuration',
    );
    const rule = (asString(this.#rule['name']) ?? '').toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-');
    return {
      name: isOnly ? name : `${asString(name) ?? ''}-${rule}`.slice(0, 253),
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }),
    };
  }

  #actions(validate: JsonObject): readonly string[] {
    const action = asString(validate['failureAction']) ?? asString(this.#spec['validationFailureAction']) ?? 'Audit';
    return action.toLowerCase() === 'enforce' ? ['Deny'] : this.#soft();
  }

  #failurePolicy(): unknown {
    return asObject(this.#spec['webhookConfiguration'])?.['failurePolicy'] ?? this.#spec['failurePolicy'];
  }

  #controllers({ isOfPods }: TranslatedMatch): readonly string[] {
    if (!this.#hasControllers || !isOfPods) return [];
    const written = asString(asObject(asObject(this.#policy['metadata'])?.['annotations'])?.[controllersAnnotation]);
    const kinds = written === undefined ? Object.keys(plurals) : written.split(',').map((kind) => kind.trim());
    if (kinds.includes('ReplicationController') || written === undefined)
      this.remarks.push('ReplicationControllers are not covered: CEL policies have none among their controllers');
    return kinds.flatMap((kind) => plurals[kind] ?? []);
  }

  #remarkOn(validate: JsonObject, { isOfPods }: TranslatedMatch): void {
    const overrides = [
      ...asArray(validate['failureActionOverrides']),
      ...asArray(this.#spec['validationFailureActionOverrides']),
    ];
    if (overrides.length > 0)
      this.remarks.push('failureActionOverrides: CEL policies have one action for all namespaces');
    if (
      this.#actions(validate)[0] === 'Deny' &&
      validate['cel'] === undefined &&
      validate['allowExistingViolations'] !== false
    )
      this.remarks.push('an object that is in breach already is refused when it is changed; Kyverno lets it pass');
    this.#remarkOnContainers(isOfPods);
  }

  #remarkOnContainers(isOfPods: boolean): void {
    if (isOfPods)
      this.remarks.push(
        'ephemeral containers added to running Pods are not covered; add pods/ephemeralcontainers where they must be',
      );
  }

  #scope(match: TranslatedMatch, names: Names): Scope {
    const isDeletion = match.operations.length === 1 && match.operations[0] === 'DELETE';
    const text = JSON.stringify(this.#rule);
    if (!isDeletion && match.operations.includes('DELETE') && text.includes('request.object'))
      throw new CannotCarryOver('a rule for DELETE and other operations, whose object is not the same');
    const certain = match.isOfPods ? ['metadata', 'spec'] : ['metadata'];
    return { names, object: { ...plain(isDeletion ? 'oldObject' : 'object'), certain }, values: new Map() };
  }

  #ofValidation(validate: JsonObject, match: TranslatedMatch, names: Names): Body {
    const { scope, variables } = withContext(this.#rule['context'], this.#scope(match, names));
    const preconditions = conditionsToCel(this.#rule['preconditions'], scope);
    const demand = validationToCel(validate, scope);
    // Preconditions that ask for variables must come after them.
    const isLate = preconditions.includes('variables.');
    const expression = isLate ? `!(${preconditions}) || (${demand})` : demand;
    return {
      conditions: preconditions === 'true' || isLate ? [] : [{ name: 'preconditions', expression: preconditions }],
      variables,
      validations: [{ expression, ...this.#message(asString(validate['message']) ?? '', scope) }],
      auditAnnotations: [],
    };
  }

  #message(message: string, scope: Scope): JsonObject {
    if (message === '') return {};
    if (variablesIn(message).length === 0) return { message };
    try {
      return { messageExpression: valueOf(interpolated(message.replaceAll('\n', ' ').trim(), scope).place) };
    } catch (thrown) {
      if (!(thrown instanceof CannotCarryOver)) throw thrown;
      this.remarks.push(`the message keeps its variables as text: ${thrown.message}`);
      return { message };
    }
  }

  #ofCel(cel: JsonObject, validate: JsonObject): Body {
    if (cel['paramKind'] !== undefined)
      throw new CannotCarryOver('validate.cel with paramKind; a ValidatingAdmissionPolicy can have one');
    const fallback = asString(validate['message']) ?? '';
    const scope: Scope = { names: new Names(), object: plain('object'), values: new Map() };
    const preconditions = conditionsToCel(this.#rule['preconditions'], scope);
    return {
      conditions: [
        ...asArray(this.#rule['celPreconditions']).map((item, index) => ({
          name: `condition-${index}`,
          ...asObject(item),
        })),
        ...(preconditions === 'true' ? [] : [{ name: 'preconditions', expression: preconditions }]),
      ],
      variables: asArray(cel['variables']).map((item) => asObject(item) ?? {}),
      validations: asArray(cel['expressions']).map((item) => {
        const validation = asObject(item) ?? {};
        return fallback === '' || validation['message'] !== undefined
          ? validation
          : { ...validation, message: fallback };
      }),
      auditAnnotations: asArray(cel['auditAnnotations']),
    };
  }
}

interface Body {
  readonly conditions: readonly JsonObject[];
  readonly variables: readonly (CelVariable | JsonObject)[];
  readonly validations: readonly JsonObject[];
  readonly auditAnnotations: readonly unknown[];
}
