// SPDX-License-Identifier: Apache-2.0
// One request against a compiled policy set: what is denied, warned of and recorded, with the messages of the API server
// (apiserver pkg/admission/plugin/policy/validating/dispatcher.go). Pure: other objects come from AdmissionData.

import type { JsonObject } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import { LazyValue } from '../cel/frame.ts';
import { bindingCostLimit, callCostLimit, longestMessage, matchConditionCostLimit } from '../cel/kubernetes.ts';
import type { CelProgram } from '../cel/program.ts';
import type { CelValue } from '../cel/values.ts';
import { CelError, typeNameOf } from '../cel/values.ts';
import { labelsOf, matchesResources } from './match-resources.ts';
import type { AdmissionData } from './params.ts';
import { selectParams } from './params.ts';
import type {
  AdmissionPolicySet,
  Binding,
  CompiledPolicy,
  CompiledValidation,
  ValidationAction,
} from './policy-set.ts';
import type { AdmissionRequest } from './request.ts';

export interface PolicyFinding {
  readonly policy: string;
  readonly binding: string;
  /**
   * `validation`: an expression was false. `error`: one could not be evaluated, and failurePolicy is Fail. `configuration`: as error, but before or
   * beside the validations (no params, a failed audit annotation); such deny whatever the validationActions are.
   */
  readonly cause: 'validation' | 'error' | 'configuration';
  readonly message: string;
  readonly reason: string;
  readonly expression: string | undefined;
  readonly location: Location | undefined;
}

export interface AdmissionOutcome {
  readonly allowed: boolean;
  readonly denials: readonly PolicyFinding[];
  readonly warnings: readonly PolicyFinding[];
  readonly audits: readonly PolicyFinding[];
  /** By `<policy>/<key>`. */
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

const none: AdmissionData = { objects: () => undefined, namespace: () => undefined };

/** Judges one request. Never throws; what cannot be evaluated follows the policy's failurePolicy. */
export function evaluateAdmission(
  set: AdmissionPolicySet,
  request: AdmissionRequest,
  data: AdmissionData = none,
): AdmissionOutcome {
  const denials: PolicyFinding[] = [];
  const warnings: PolicyFinding[] = [];
  const audits: PolicyFinding[] = [];
  const annotations: Record<string, string> = {};
  const lists: Readonly<Record<ValidationAction, PolicyFinding[]>> = { Deny: denials, Warn: warnings, Audit: audits };
  if (!isExempt(request)) {
    const situation = situationOf(request, data);
    for (const binding of set.bindings) {
      const matched = applies(binding, situation);
      if (matched === 'no') continue;
      const result = new BindingEvaluation(binding, situation).run(matched);
      for (const finding of result.findings) {
        const actions: readonly ValidationAction[] = finding.cause === 'configuration' ? ['Deny'] : binding.actions;
        for (const action of actions) lists[action].push(finding);
      }
      for (const [key, values] of result.annotations)
        annotations[`${binding.policy.name}/${key}`] = [...values].join(', ');
    }
  }
  return { allowed: denials.length === 0, denials, warnings, audits, auditAnnotations: annotations };
}

/** Policies never judge policies and bindings (apiserver rules.IsExemptAdmissionConfigurationResource). */
function isExempt({ resource }: AdmissionRequest): boolean {
  return (
    resource.group === 'admissionregistration.k8s.io' &&
    /^(?:validating|mutating)(?:webhookconfigurations|admissionpolicies|admissionpolicybindings)$/.test(
      resource.resource,
    )
  );
}

interface Situation {
  readonly request: AdmissionRequest;
  readonly data: AdmissionData;
  /** `request` as expressions see it. */
  readonly visible: CelValue;
  /** Undefined: the request has none, or nobody could look it up. */
  readonly namespace: JsonObject | undefined;
}

/** What all bindings have in common, worked out once a request. */
function situationOf(request: AdmissionRequest, data: AdmissionData): Situation {
  const namespace = request.namespace === undefined ? undefined : data.namespace(request.namespace);
  return { request, data, visible: requestWithoutObjects(request), namespace };
}

/** `unknown`: a selector asks for labels of a namespace that could not be looked up. */
function applies({ policy, matchResources }: Binding, { request, namespace }: Situation): 'yes' | 'no' | 'unknown' {
  const name = request.namespace;
  const namespaceLabels: JsonObject =
    name === undefined ? {} : { 'kubernetes.io/metadata.name': name, ...labelsOf(namespace) };
  const matches = (labels: 'known' | 'ignored'): boolean =>
    matchesResources(policy.matchConstraints, request, { namespaceLabels, rules: 'required', labels }) &&
    matchesResources(matchResources, request, { namespaceLabels, rules: 'optional', labels });
  if (matches('known')) return 'yes';
  // A Namespace is judged by its own labels, which the request brings along.
  const isOpen = name !== undefined && namespace === undefined && request.kind.kind !== 'Namespace';
  return isOpen && matches('ignored') ? 'unknown' : 'no';
}

class BindingEvaluation {
  readonly findings: PolicyFinding[] = [];
  readonly annotations = new Map<string, Set<string>>();
  readonly #policy: CompiledPolicy;
  readonly #binding: Binding;
  readonly #situation: Situation;

  constructor(binding: Binding, situation: Situation) {
    this.#policy = binding.policy;
    this.#binding = binding;
    this.#situation = situation;
  }

  run(matched: 'yes' | 'unknown'): this {
    const { request, data } = this.#situation;
    if (matched === 'unknown') {
      this.#fail(`the labels of namespace '${request.namespace ?? ''}' could not be looked up`, 'configuration');
      return this;
    }
    const selection = selectParams(this.#policy, this.#binding, { data, namespace: request.namespace });
    if (selection.kind === 'fault') this.#fail(`failed to configure binding: ${selection.message}`, 'configuration');
    else if (selection.kind === 'found') for (const params of selection.params) this.#evaluate(params);
    return this;
  }

  #evaluate(params: JsonObject | null): void {
    const { request, visible, namespace } = this.#situation;
    const base: readonly CelValue[] = [
      request.object ?? null,
      request.oldObject ?? null,
      params,
      visible,
      namespace ?? null,
    ];
    const conditions = this.#conditions(base);
    if (conditions !== 'met') return;
    const budget = new Budget(bindingCostLimit);
    const values = this.#withVariables(base, budget);
    for (const validation of this.#policy.validations) this.#validate(validation, values, budget);
    for (const { name, program } of this.#policy.auditAnnotations) {
      const value = budget.evaluate(program, values);
      if (value instanceof CelError)
        this.#fail(`audit annotation '${name}' resulted in error: ${value.message}`, 'configuration');
      else if (typeof value === 'string' && value.trim() !== '')
        this.annotations.set(name, (this.annotations.get(name) ?? new Set()).add(value.trim()));
    }
  }

  /** A condition that is false counts before one that fails. */
  #conditions(base: readonly CelValue[]): 'met' | 'unmet' {
    const budget = new Budget(matchConditionCostLimit);
    const values = this.#policy.matchConditions.map(({ name, program }) => ({
      name,
      value: budget.evaluate(program, base),
    }));
    if (values.some(({ value }) => value === false)) return 'unmet';
    const odd = values.find(({ value }) => value !== true);
    if (odd === undefined) return 'met';
    const message = odd.value instanceof CelError ? odd.value.message : `must be a bool, not ${typeNameOf(odd.value)}`;
    this.#fail(`match condition '${odd.name}' resulted in error: ${message}`, 'error');
    return 'unmet';
  }

  /** The variables after the base values; each is evaluated when it is first read, and sees those before it. */
  #withVariables(base: readonly CelValue[], budget: Budget): readonly CelValue[] {
    const values: CelValue[] = [...base];
    for (const { program } of this.#policy.variables) {
      const before = [...values];
      values.push(
        new LazyValue((frame) => {
          const result = program.evaluateSlots(before, Math.min(callCostLimit, budget.left));
          frame.cost += result.cost;
          return result.value;
        }),
      );
    }
    return values;
  }

  #validate(validation: CompiledValidation, values: readonly CelValue[], budget: Budget): void {
    const value = budget.evaluate(validation.program, values);
    if (value === true) return;
    if (value === false) {
      const message = this.#message(validation, values, budget);
      this.findings.push(this.#finding('validation', message, validation));
      return;
    }
    const problem = value instanceof CelError ? value.message : `must be a bool, not ${typeNameOf(value)}`;
    this.#fail(`expression '${validation.expression}' resulted in error: ${problem}`, validation);
  }

  /** messageExpression when it gives a usable text, else message, else the expression itself. */
  #message(validation: CompiledValidation, values: readonly CelValue[], budget: Budget): string {
    const fallback = validation.message?.trim() ?? `failed expression: ${validation.expression}`;
    if (validation.messageProgram === undefined) return fallback;
    const text = budget.evaluate(validation.messageProgram, values);
    if (typeof text !== 'string') return fallback;
    const trimmed = text.trim();
    const isUsable = trimmed !== '' && !trimmed.includes('\n') && Buffer.byteLength(trimmed) <= longestMessage;
    return isUsable ? trimmed : fallback;
  }

  #fail(message: string, about: CompiledValidation | 'error' | 'configuration'): void {
    if (this.#policy.failurePolicy === 'Ignore') return;
    const finding =
      typeof about === 'string' ? this.#finding(about, message, undefined) : this.#finding('error', message, about);
    this.findings.push(finding);
  }

  #finding(cause: PolicyFinding['cause'], message: string, validation: CompiledValidation | undefined): PolicyFinding {
    return {
      policy: this.#policy.name,
      binding: this.#binding.name,
      cause,
      message,
      reason: validation?.reason ?? 'Invalid',
      expression: validation?.expression,
      location: validation?.location,
    };
  }
}

/** What the expressions of one binding may still cost. */
class Budget {
  left: number;

  constructor(limit: number) {
    this.left = limit;
  }

  evaluate(program: CelProgram, values: readonly CelValue[]): CelValue {
    const { value, cost } = program.evaluateSlots(values, Math.min(callCostLimit, Math.max(this.left, 0)));
    this.left -= cost;
    return value;
  }
}

/** `request` of expressions: objects are reached by their own variables. */
function requestWithoutObjects(request: AdmissionRequest): CelValue {
  const { object: _object, oldObject: _oldObject, ...rest } = request;
  return {
    requestKind: request.kind,
    requestResource: request.resource,
    subResource: '',
    requestSubResource: request.subResource ?? '',
    namespace: '',
    name: '',
    userInfo: {},
    dryRun: false,
    ...rest,
  };
}
