// SPDX-License-Identifier: Apache-2.0
// One request against a compiled policy set: what is denied, warned of and recorded, with the messages of the API server
// (apiserver pkg/admission/plugin/policy/validating/dispatcher.go). Pure: other objects come from AdmissionData.

import type { JsonObject } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import type { ExplainedPart } from '../cel/explanation.ts';
import { explainResult } from '../cel/explanation.ts';
import { bindingCostLimit, longestMessage } from '../cel/kubernetes.ts';
import type { CelProgram } from '../cel/program.ts';
import type { CelValue } from '../cel/values.ts';
import { CelError, typeNameOf } from '../cel/values.ts';
import type { Binding, CompiledPolicy, CompiledValidation, ValidationAction } from './compiled-policy.ts';
import type { AdmissionData } from './params.ts';
import { selectParams } from './params.ts';
import type { AdmissionPolicySet } from './policy-set.ts';
import type { AdmissionRequest } from './request.ts';
import {
  applies,
  Budget,
  isExempt,
  meetsConditions,
  noData,
  Situation,
  serverText,
  withVariables,
} from './situation.ts';

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
  /** Of sets compiled with a trace: the sub-expressions that decided, with their values. */
  readonly explanation?: readonly ExplainedPart[];
}

export interface AdmissionOutcome {
  readonly allowed: boolean;
  readonly denials: readonly PolicyFinding[];
  readonly warnings: readonly PolicyFinding[];
  readonly audits: readonly PolicyFinding[];
  /** What could not be evaluated, where failurePolicy is Ignore: it keeps nobody out, and is no pass either. */
  readonly ignored: readonly PolicyFinding[];
  /** Names of the policies that judged the request: they matched, with conditions and params. */
  readonly met: ReadonlySet<string>;
  /** By `<policy>/<key>`. */
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

/** Judges one request. Never throws; what cannot be evaluated follows the policy's failurePolicy. `only`: places of bindings; all when absent. */
export function evaluateAdmission(
  set: AdmissionPolicySet,
  request: AdmissionRequest,
  data: AdmissionData = noData,
  only?: ReadonlySet<number>,
): AdmissionOutcome {
  const denials: PolicyFinding[] = [];
  const warnings: PolicyFinding[] = [];
  const audits: PolicyFinding[] = [];
  const ignored: PolicyFinding[] = [];
  const annotations: Record<string, string> = {};
  const met = new Set<string>();
  const lists: Readonly<Record<ValidationAction, PolicyFinding[]>> = { Deny: denials, Warn: warnings, Audit: audits };
  if (!isExempt(request)) {
    const situation = new Situation(request, data);
    for (const place of only ?? set.bindings.keys()) {
      const binding = set.bindings[place];
      if (binding === undefined) continue;
      const matched = applies(binding, situation);
      if (matched === 'no') continue;
      const result = new BindingEvaluation(binding, situation).run(matched);
      if (result.hasJudged) met.add(binding.policy.name);
      ignored.push(...result.ignored);
      for (const finding of result.findings) {
        const actions: readonly ValidationAction[] = finding.cause === 'configuration' ? ['Deny'] : binding.actions;
        for (const action of actions) lists[action].push(finding);
      }
      for (const [key, values] of result.annotations)
        annotations[`${binding.policy.name}/${key}`] = [...values].join(', ');
    }
  }
  return { allowed: denials.length === 0, denials, warnings, audits, ignored, met, auditAnnotations: annotations };
}

const noAnnotations: ReadonlyMap<string, ReadonlySet<string>> = new Map();

class BindingEvaluation {
  readonly findings: PolicyFinding[] = [];
  readonly ignored: PolicyFinding[] = [];
  annotations: ReadonlyMap<string, ReadonlySet<string>> = noAnnotations;
  /** Whether validations were evaluated. */
  hasJudged = false;
  readonly #policy: CompiledPolicy;
  readonly #binding: Binding;
  readonly #situation: Situation;
  /** Of programs that were compiled with a trace. */
  #traces: Map<CelProgram, readonly (CelValue | undefined)[]> | undefined;

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
    const selection = selectParams(this.#binding, { data, namespace: request.namespace });
    if (selection.kind === 'fault') this.#fail(`failed to configure binding: ${selection.message}`, 'configuration');
    else if (selection.kind === 'found') for (const params of selection.params) this.#evaluate(params);
    return this;
  }

  #evaluate(params: JsonObject | null): void {
    const base = this.#situation.baseValues({ object: this.#situation.request.object, params });
    const conditions = meetsConditions(this.#policy.matchConditions, base);
    if (conditions.kind === 'error') this.#fail(conditions.message, 'error');
    if (conditions.kind !== 'met') return;
    this.hasJudged = true;
    const budget = new Budget(bindingCostLimit, (program, values) => {
      (this.#traces ??= new Map()).set(program, values);
    });
    const values = withVariables(base, { variables: this.#policy.variables, budget });
    for (const validation of this.#policy.validations) this.#validate(validation, values, budget);
    for (const { name, program } of this.#policy.auditAnnotations) {
      const value = budget.evaluate(program, values);
      if (value instanceof CelError)
        this.#fail(`expression '${program.expression.text}' resulted in error: ${serverText(value)}`, 'configuration');
      else if (typeof value === 'string' && value.trim() !== '')
        this.annotations = new Map(this.annotations).set(name, new Set(this.annotations.get(name)).add(value.trim()));
    }
  }

  #validate(validation: CompiledValidation, values: readonly CelValue[], budget: Budget): void {
    const value = budget.evaluate(validation.program, values);
    if (value === true) return;
    if (value === false) {
      const message = this.#message(validation, values, budget);
      this.findings.push(this.#finding('validation', message, validation));
      return;
    }
    const problem = value instanceof CelError ? serverText(value) : `must be a bool, not ${typeNameOf(value)}`;
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
    const finding =
      typeof about === 'string' ? this.#finding(about, message, undefined) : this.#finding('error', message, about);
    (this.#policy.failurePolicy === 'Ignore' ? this.ignored : this.findings).push(finding);
  }

  #finding(cause: PolicyFinding['cause'], message: string, validation: CompiledValidation | undefined): PolicyFinding {
    const trace = validation === undefined ? undefined : this.#traces?.get(validation.program);
    const explained =
      validation === undefined || trace === undefined ? {} : { explanation: explainResult(validation.program, trace) };
    return {
      policy: this.#policy.name,
      binding: this.#binding.name,
      cause,
      message,
      reason: validation?.reason ?? 'Invalid',
      expression: validation?.expression,
      location: validation?.location,
      ...explained,
    };
  }
}
