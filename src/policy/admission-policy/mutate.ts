// SPDX-License-Identifier: Apache-2.0
// One request against the MutatingAdmissionPolicies of a set: the object after all mutations, what each did, and what denies the request (apiserver
// pkg/admission/plugin/policy/mutating/dispatcher.go). Pure: other objects come from AdmissionData.

import type { JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import { bindingCostLimit } from '../cel/kubernetes.ts';
import type { CelValue } from '../cel/values.ts';
import { CelError } from '../cel/values.ts';
import { diffJson } from '../patch/json-diff.ts';
import { equalJson } from '../patch/json-members.ts';
import type { JsonPatchOperation } from '../patch/json-patch.ts';
import { compileJsonPatch } from '../patch/json-patch.ts';
import { applyJsonPatch } from '../patch/json-patch-apply.ts';
import { applyStructuredMerge } from '../patch/structured-merge.ts';
import type { CompiledMutation, MutatingBinding } from './compiled-policy.ts';
import type { PolicyFinding } from './evaluate.ts';
import type { AdmissionData } from './params.ts';
import { selectParams } from './params.ts';
import { configurationOf, operationsOf } from './patch-types.ts';
import type { AdmissionPolicySet } from './policy-set.ts';
import type { AdmissionRequest } from './request.ts';
import type { TraceSink } from './situation.ts';
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

/** What one policy with one binding and one param did, in the order in which they ran. */
export interface MutationDecision {
  readonly policy: string;
  readonly binding: string;
  /** `skipped`: its matchConditions did not hold. `error`: at least one mutation failed; others may have changed the object. */
  readonly outcome: 'changed' | 'unchanged' | 'skipped' | 'error';
  /** Whether this was the second round, after others had changed the object (reinvocationPolicy: IfNeeded). */
  readonly round: 1 | 2;
}

export interface MutationOutcome {
  readonly allowed: boolean;
  readonly denials: readonly PolicyFinding[];
  /** What could not be done, where failurePolicy is Ignore. */
  readonly ignored: readonly PolicyFinding[];
  /** The object as the policies leave it; undefined when the request brings none. */
  readonly object: JsonObject | undefined;
  /** From the request's object to that one. */
  readonly patch: readonly JsonPatchOperation[];
  readonly decisions: readonly MutationDecision[];
}

export interface MutationOptions {
  readonly data?: AdmissionData;
  /** `refuse` (as the API server): an ApplyConfiguration may hold nothing atomic. */
  readonly atomics?: 'refuse' | 'replace';
  readonly trace?: TraceSink;
}

/** Applies all policies that are bound to the request. Never throws; what cannot be evaluated follows the policy's failurePolicy. */
export function mutateAdmission(
  set: AdmissionPolicySet,
  request: AdmissionRequest,
  options: MutationOptions = {},
): MutationOutcome {
  const rounds = new MutationRounds(set, request, options);
  // There is no object to mutate when one is deleted.
  if (!isExempt(request) && request.operation !== 'DELETE') rounds.run();
  const { object, denials, ignored, decisions } = rounds;
  const patch = request.object === undefined || object === undefined ? [] : diffJson(request.object, object);
  return { allowed: denials.length === 0, denials, ignored, object, patch, decisions };
}

/** A policy, a binding and a param that met the request. */
interface Invocation {
  readonly binding: MutatingBinding;
  readonly params: JsonObject | null;
}

class MutationRounds {
  object: JsonObject | undefined;
  readonly denials: PolicyFinding[] = [];
  readonly ignored: PolicyFinding[] = [];
  readonly decisions: MutationDecision[] = [];
  readonly #set: AdmissionPolicySet;
  readonly #request: AdmissionRequest;
  readonly #options: MutationOptions;
  /** Those that ran in the first round and want to run again when the object changes. */
  readonly #reinvocable = new Set<string>();
  #hasRun = false;

  constructor(set: AdmissionPolicySet, request: AdmissionRequest, options: MutationOptions) {
    this.#set = set;
    this.#request = request;
    this.#options = options;
    this.object = request.object;
  }

  run(): void {
    for (const invocation of this.#invocations(1)) this.#invoke(invocation, 1);
    if (!this.#hasRun || this.#reinvocable.size === 0) return;
    for (const invocation of this.#invocations(2))
      if (this.#reinvocable.has(keyOf(invocation))) this.#invoke(invocation, 2);
  }

  /** Matching looks at the object as it is when the round begins. */
  #invocations(round: 1 | 2): Invocation[] {
    const data = this.#options.data ?? noData;
    const request = this.#current();
    const situation = new Situation(request, data);
    return this.#set.mutatingBindings.flatMap((binding): Invocation[] => {
      const matched = applies(binding, situation);
      if (matched === 'no') return [];
      if (matched === 'unknown') {
        const message = `the labels of namespace '${request.namespace ?? ''}' could not be looked up`;
        this.#fail({ binding, round }, message, undefined);
        return [];
      }
      const selection = selectParams(binding, { data, namespace: request.namespace });
      if (selection.kind === 'found') return selection.params.map((params) => ({ binding, params }));
      if (selection.kind === 'fault')
        this.#fail({ binding, round }, `failed to configure binding: ${selection.message}`, undefined);
      return [];
    });
  }

  #current(): AdmissionRequest {
    return this.object === undefined ? this.#request : { ...this.#request, object: this.object };
  }

  #invoke({ binding, params }: Invocation, round: 1 | 2): void {
    const { policy } = binding;
    const { trace, data } = this.#options;
    const situation = new Situation(this.#current(), data ?? noData);
    const base = situation.baseValues({ object: this.object, params });
    const conditions = meetsConditions(policy.matchConditions, base, trace);
    if (conditions.kind === 'error') this.#fail({ binding, round }, conditions.message, undefined);
    if (conditions.kind === 'unmet') this.#decide(binding, 'skipped', round);
    if (conditions.kind !== 'met') return;
    const before = this.object;
    const faults = policy.mutations.map((mutation) => this.#mutate(mutation, { binding, params, situation }));
    const failed = faults.filter((fault) => fault !== undefined);
    for (const [index, fault] of faults.entries())
      if (fault !== undefined) this.#fail({ binding }, fault, policy.mutations[index]);
    if (failed.length < faults.length) this.#hasRun = true;
    if (policy.reinvocationPolicy === 'IfNeeded') this.#reinvocable.add(keyOf({ binding, params }));
    const isSame = before === this.object || equalJson(before, this.object);
    this.#decide(binding, failed.length > 0 ? 'error' : isSame ? 'unchanged' : 'changed', round);
  }

  /** Each mutation sees the object that those before it left, and evaluates the variables anew. undefined: done. */
  #mutate(
    mutation: CompiledMutation,
    { binding, params, situation }: Invocation & { readonly situation: Situation },
  ): string | undefined {
    const { object } = this;
    if (object === undefined) return undefined;
    const budget = new Budget(bindingCostLimit, this.#options.trace);
    const base = situation.baseValues({ object, params });
    const values = withVariables(base, { variables: binding.policy.variables, budget });
    const value = budget.evaluate(mutation.program, values);
    if (value instanceof CelError) return `expression '${mutation.expression}' resulted in error: ${serverText(value)}`;
    const result =
      mutation.patchType === 'JSONPatch' ? patchedByOperations(object, value) : this.#merged(object, value);
    if (typeof result === 'string') return result;
    this.object = result;
    return undefined;
  }

  /** The merged object, or what is wrong. */
  #merged(object: JsonObject, value: CelValue): JsonObject | string {
    const read = configurationOf(value);
    if (read instanceof CelError) return read.message;
    const { apiVersion, kind } = object;
    const configuration = {
      ...asObject(read.configuration),
      ...(apiVersion === undefined ? {} : { apiVersion, kind }),
    };
    const merged = applyStructuredMerge(object, configuration, { atomics: this.#options.atomics ?? 'refuse' });
    return merged.kind === 'fault' ? `error applying patch: ${merged.message}` : merged.value;
  }

  #decide(binding: MutatingBinding, outcome: MutationDecision['outcome'], round: 1 | 2): void {
    this.decisions.push({ policy: binding.policy.name, binding: binding.name, outcome, round });
  }

  /** With a round, the failure ends the invocation, which is recorded as well. */
  #fail(
    { binding, round }: { readonly binding: MutatingBinding; readonly round?: 1 | 2 },
    message: string,
    mutation: CompiledMutation | undefined,
  ): void {
    if (round !== undefined) this.#decide(binding, 'error', round);
    (binding.policy.failurePolicy === 'Ignore' ? this.ignored : this.denials).push({
      policy: binding.policy.name,
      binding: binding.name,
      cause: mutation === undefined ? 'configuration' : 'error',
      message,
      reason: 'Invalid',
      expression: mutation?.expression,
      location: mutation?.location,
    });
  }
}

/** The patched object, or what is wrong. A test that fails leaves the object as it is. */
function patchedByOperations(object: JsonObject, value: CelValue): JsonObject | string {
  const read = operationsOf(value);
  if (read instanceof CelError) return read.message;
  const compiled = compileJsonPatch(read.operations, 'api-server');
  if (compiled.kind === 'fault') return `JSON Patch: ${compiled.message}`;
  const patched = applyJsonPatch(compiled.patch, object);
  if (patched.kind === 'fault') return patched.code === 'test' ? object : `JSON Patch: ${patched.message}`;
  return asObject(patched.value) ?? 'JSON Patch: the result is no object';
}

function keyOf({ binding, params }: Invocation): string {
  const metadata = asObject(params?.['metadata']);
  return JSON.stringify([binding.policy.name, binding.name, metadata?.['namespace'], metadata?.['name']]);
}
