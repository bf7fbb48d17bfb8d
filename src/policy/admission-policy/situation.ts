// SPDX-License-Identifier: Apache-2.0
// What validating and mutating policies have in common when they meet a request: whether they apply, the values that expressions see, what evaluation may
// cost, and the conditions before it.

import type { JsonObject } from '../../formats/document.ts';
import { LazyValue } from '../cel/frame.ts';
import { callCostLimit, matchConditionCostLimit } from '../cel/kubernetes.ts';
import type { AuthorizationAnswer, AuthorizationQuestion } from '../cel/library/authorizer.ts';
import { authorizerValue, resourceCheckValue } from '../cel/library/authorizer.ts';
import type { CelProgram } from '../cel/program.ts';
import type { CelValue } from '../cel/values.ts';
import { CelError, typeNameOf } from '../cel/values.ts';
import type { BindingOf, NamedProgram } from './compiled-policy.ts';
import { labelsOf, matchesResources } from './match-resources.ts';
import type { AdmissionData } from './params.ts';
import type { AdmissionRequest } from './request.ts';
import { seenRequest } from './seen-request.ts';

export const noData: AdmissionData = { objects: () => undefined, namespace: () => undefined };

/** Policies never judge policies and bindings (apiserver rules.IsExemptAdmissionConfigurationResource). */
export function isExempt({ resource }: AdmissionRequest): boolean {
  return (
    resource.group === 'admissionregistration.k8s.io' &&
    /^(?:validating|mutating)(?:webhookconfigurations|admissionpolicies|admissionpolicybindings)$/.test(
      resource.resource,
    )
  );
}

/** What all bindings have in common, worked out at most once a request, and only where a policy asks for it. */
export class Situation {
  readonly request: AdmissionRequest;
  readonly data: AdmissionData;
  #namespace: { readonly found: JsonObject | undefined } | undefined;
  #namespaceLabels: JsonObject | undefined;
  /** `request`, `namespaceObject`, `authorizer` and `authorizer.requestResource` as expressions see them. */
  #seen: readonly [CelValue, CelValue, CelValue, CelValue] | undefined;

  constructor(request: AdmissionRequest, data: AdmissionData) {
    this.request = request;
    this.data = data;
  }

  /** Undefined: the request has none, or nobody could look it up. */
  get namespace(): JsonObject | undefined {
    return (this.#namespace ??= { found: this.#lookUp() }).found;
  }

  get namespaceLabels(): JsonObject {
    const { namespace } = this.request;
    return (this.#namespaceLabels ??=
      namespace === undefined ? {} : { 'kubernetes.io/metadata.name': namespace, ...labelsOf(this.namespace) });
  }

  /** The values of the variables in the order of visible-types.ts. `object`: as the mutations so far have made it. */
  baseValues({
    object,
    params,
  }: {
    readonly object: JsonObject | undefined;
    readonly params: JsonObject | null;
  }): readonly CelValue[] {
    this.#seen ??= [
      requestWithoutObjects(this.request),
      new LazyValue(() => this.namespace ?? null),
      ...authorizersOf(this.request, this.data),
    ];
    const [request, namespace, authorizer, check] = this.#seen;
    return [object ?? null, this.request.oldObject ?? null, request, namespace, params, authorizer, check];
  }

  #lookUp(): JsonObject | undefined {
    const { namespace, kind } = this.request;
    const isNamespace = kind.group === '' && kind.kind === 'Namespace';
    return namespace === undefined || isNamespace ? undefined : this.data.namespace(namespace);
  }
}

/** Made when an expression first reads one of them. */
function authorizersOf(request: AdmissionRequest, data: AdmissionData): readonly [CelValue, CelValue] {
  let made: readonly [CelValue, CelValue] | undefined;
  const both = (): readonly [CelValue, CelValue] => (made ??= authorizerOf(request, data));
  return [new LazyValue(() => both()[0]), new LazyValue(() => both()[1])];
}

function authorizerOf(request: AdmissionRequest, data: AdmissionData): readonly [CelValue, CelValue] {
  if (data.authorize === undefined) {
    const error = new CelError('authorizer: nobody could be asked who may do what');
    return [error, error];
  }
  const answers = new Map<string, AuthorizationAnswer>();
  const authorizer = {
    authorize: (question: AuthorizationQuestion): AuthorizationAnswer => {
      const key = JSON.stringify(question);
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = data.authorize?.(question, request.userInfo) ?? { decision: 'no-opinion' };
      answers.set(key, answer);
      return answer;
    },
  };
  const { resource, subResource, namespace, name } = request;
  const attributes = {
    group: resource.group,
    resource: resource.resource,
    ...(subResource === undefined ? {} : { subresource: subResource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
  return [authorizerValue(authorizer), resourceCheckValue(authorizer, attributes)];
}

/** `unknown`: a selector asks for labels of a namespace that could not be looked up. */
export function applies(
  { policy, matchResources }: BindingOf<{ readonly matchConstraints: JsonObject | undefined }>,
  situation: Situation,
): 'yes' | 'no' | 'unknown' {
  const { request } = situation;
  const matches = (labels: 'known' | 'ignored'): boolean =>
    matchesResources(policy.matchConstraints, request, { of: situation, rules: 'required', labels }) &&
    matchesResources(matchResources, request, { of: situation, rules: 'optional', labels });
  if (matches('known')) return 'yes';
  // A Namespace is judged by its own labels, which the request brings along.
  const isOpen = (): boolean => request.namespace !== undefined && request.kind.kind !== 'Namespace';
  return isOpen() && matches('ignored') && situation.namespace === undefined ? 'unknown' : 'no';
}

/** The variables of a policy after the base values; each is evaluated when it is first read, and sees those before it. */
export function withVariables(
  base: readonly CelValue[],
  { variables, budget }: { readonly variables: readonly NamedProgram[]; readonly budget: Budget },
): readonly CelValue[] {
  const values: CelValue[] = [...base];
  for (const [index, { name, program }] of variables.entries()) {
    values.push(
      new LazyValue((frame) => {
        const before = values.slice(0, base.length + index);
        const result = program.evaluateSlots(before, Math.min(callCostLimit, budget.left));
        frame.cost += result.cost;
        budget.traced(program, result.trace);
        if (!(result.value instanceof CelError)) return result.value;
        return new CelError(`composited variable "${name}" fails to evaluate: ${serverText(result.value)}`);
      }),
    );
  }
  return values;
}

/** Whether all matchConditions hold; one that is false counts before one that fails. */
export function meetsConditions(
  conditions: readonly NamedProgram[],
  base: readonly CelValue[],
  trace?: TraceSink,
): { readonly kind: 'met' | 'unmet' } | { readonly kind: 'error'; readonly message: string } {
  if (conditions.length === 0) return { kind: 'met' };
  const budget = new Budget(matchConditionCostLimit, trace);
  const values = conditions.map(({ program }) => ({ program, value: budget.evaluate(program, base) }));
  if (values.some(({ value }) => value === false)) return { kind: 'unmet' };
  const faults = values.flatMap(({ program, value }) => {
    if (value === true) return [];
    const message = value instanceof CelError ? serverText(value) : `must be a bool, not ${typeNameOf(value)}`;
    return [`expression '${program.expression.text}' resulted in error: ${message}`];
  });
  const [first] = faults;
  if (first === undefined) return { kind: 'met' };
  // As the API server prints several errors (apimachinery util/errors Aggregate).
  return { kind: 'error', message: faults.length === 1 ? first : `[${[...new Set(faults)].join(', ')}]` };
}

/** An error in the words of the API server, which says less than ours of types that do not fit. */
export function serverText({ message }: CelError): string {
  if (message.startsWith('no such overload: size(')) return 'no such overload: size';
  if (/^no such overload: (?:string|int|uint|double|bool|bytes|duration|timestamp)\(/.test(message)) return message;
  if (message.startsWith('no such overload: ')) return 'no such overload';
  const time = /^invalid (duration|timestamp) "/.exec(message)?.[1];
  if (time !== undefined)
    return `type conversion error from 'string' to 'google.protobuf.${time === 'duration' ? 'Duration' : 'Timestamp'}'`;
  return message.replace(/^invalid regular expression: /, '');
}

/** Takes the values of sub-expressions (by node id) of programs that were compiled with a trace. */
export type TraceSink = (program: CelProgram, values: readonly (CelValue | undefined)[]) => void;

/** What the expressions of one binding may still cost. */
export class Budget {
  left: number;
  readonly #trace: TraceSink | undefined;

  constructor(limit: number, trace?: TraceSink) {
    this.left = limit;
    this.#trace = trace;
  }

  evaluate(program: CelProgram, values: readonly CelValue[]): CelValue {
    const { value, cost, trace } = program.evaluateSlots(values, Math.min(callCostLimit, Math.max(this.left, 0)));
    this.left -= cost;
    this.traced(program, trace);
    return value;
  }

  traced(program: CelProgram, values: readonly (CelValue | undefined)[] | undefined): void {
    if (values !== undefined) this.#trace?.(program, values);
  }
}

/** `request` of expressions: objects are reached by their own variables, and what is empty is absent (omitempty in admission/v1 AdmissionRequest). */
function requestWithoutObjects(request: AdmissionRequest): CelValue {
  return seenRequest(request, () => {
    const { kind, resource, subResource } = request;
    const sub = subResource === undefined || subResource === '' ? {} : { subResource, requestSubResource: subResource };
    return { requestKind: kind, requestResource: resource, userInfo: {}, dryRun: false, ...sub };
  });
}
