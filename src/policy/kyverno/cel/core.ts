// SPDX-License-Identifier: Apache-2.0
// What Kyverno's kinds of CEL policies share: their expressions with Kyverno's libraries, compiled once, and the values these see of a request.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { Problem } from '../../../model/problem.ts';
import { labelsOf, matchesResources } from '../../admission-policy/match-resources.ts';
import type { AdmissionRequest } from '../../admission-policy/request.ts';
import { seenRequest } from '../../admission-policy/seen-request.ts';
import type { CelLibrary, CelVariable, TypeProvider } from '../../cel/declarations.ts';
import type { CelEnvironment } from '../../cel/environment.ts';
import { LazyValue } from '../../cel/frame.ts';
import { bindingCostLimit, callCostLimit, kubernetesEnvironment } from '../../cel/kubernetes.ts';
import type { CelProgram } from '../../cel/program.ts';
import { compileCel } from '../../cel/program.ts';
import { dynType } from '../../cel/types.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError, typeNameOf } from '../../cel/values.ts';
import type { DataProvider } from '../../data-provider.ts';
import type { PolicySource } from '../policy.ts';
import type { CelException } from './exceptions.ts';
import { CelHost, kyvernoLibraries } from './libraries.ts';

const baseNames = ['object', 'oldObject', 'request', 'namespaceObject', 'exceptions'] as const;

export interface CelCore {
  readonly matchConstraints: JsonObject;
  readonly conditions: readonly CelProgram[];
  readonly variables: readonly CelProgram[];
}

/** Compiles the expressions of one policy; what is wrong gathers in `problems`. */
export class CelPolicyCompiler {
  readonly problems: Problem[] = [];
  readonly host = new CelHost();
  readonly source: PolicySource;
  readonly #environment: CelEnvironment;

  /** `libraries`: of one kind of policies alone. */
  constructor(source: PolicySource, types?: TypeProvider, libraries: readonly CelLibrary[] = []) {
    this.source = source;
    if (String(source.object['kind']).startsWith('Namespaced')) this.host.scope = 'namespace';
    this.#environment = kubernetesEnvironment({
      variables: baseNames.map((name) => ({ name, type: dynType })),
      libraries: [...kyvernoLibraries(this.host), ...libraries],
      ...(types === undefined ? {} : { types }),
    });
  }

  refuse(message: string, path: DocumentPath): undefined {
    this.#problem(message, path, true);
    return undefined;
  }

  /** What an author should know of a policy that is taken all the same. */
  remark(message: string, path: DocumentPath): void {
    this.#problem(message, path, false);
  }

  get isRefused(): boolean {
    return this.problems.some(({ hidesFindings }) => hidesFindings);
  }

  #problem(message: string, path: DocumentPath, hidesFindings: boolean): void {
    const { object } = this.source;
    const name = asString(asObject(object['metadata'])?.['name']) ?? '';
    const text = `${asString(object['kind']) ?? ''} ${name}: ${path.join('.')}: ${message}`;
    // What is made for controllers has the faults of what it is made from.
    if (this.problems.some((problem) => problem.message === text)) return;
    this.problems.push({ kind: 'schema', message: text, location: this.source.locateValue(path), hidesFindings });
  }

  program(value: unknown, environment: CelEnvironment, path: DocumentPath): CelProgram | undefined {
    const text = asString(value);
    if (text === undefined || text.trim() === '') return this.refuse('an expression is required', path);
    const compiled = compileCel(text, environment);
    if (compiled.kind === 'program') return compiled.program;
    const [fault] = compiled.faults;
    return this.refuse(`${fault?.message ?? 'cannot be compiled'} (at character ${fault?.offset ?? 0})`, path);
  }

  /**
   * Conditions and variables, and the environment of the expressions that see all variables: with `conditions: 'late'` the conditions as well. `further`
   * names stand between those of every policy and its variables, and conditions do not see them.
   */
  core(
    spec: JsonObject,
    conditions: 'early' | 'late' = 'early',
    further: readonly CelVariable[] = [],
  ): { readonly core: CelCore; readonly environment: CelEnvironment } {
    let environment = further.length === 0 ? this.#environment : this.#environment.extend(further);
    const variables: CelProgram[] = [];
    for (const [item, path] of itemsOf(spec, 'variables')) {
      const program = this.program(item['expression'], environment, [...path, 'expression']);
      if (program !== undefined) variables.push(program);
      const name = `variables.${asString(item['name']) ?? ''}`;
      environment = environment.extend([{ name, type: program?.type ?? dynType, evaluation: 'lazy' }]);
    }
    const seen = conditions === 'late' ? environment : this.#environment;
    const compiled = itemsOf(spec, 'matchConditions').flatMap(
      ([item, path]) => this.program(item['expression'], seen, [...path, 'expression']) ?? [],
    );
    const matchConstraints = asObject(spec['matchConstraints']) ?? {};
    return { core: { matchConstraints, conditions: compiled, variables }, environment };
  }

  auditAnnotations(spec: JsonObject, environment: CelEnvironment): readonly AuditAnnotation[] {
    return itemsOf(spec, 'auditAnnotations').flatMap(([item, path]): AuditAnnotation[] => {
      const program = this.program(item['valueExpression'], environment, [...path, 'valueExpression']);
      return program === undefined ? [] : [{ key: asString(item['key']) ?? '', program }];
    });
  }
}

export interface AuditAnnotation {
  readonly key: string;
  readonly program: CelProgram;
}

/** What expressions want in the audit log; an error where one gives no text. Null and empty texts leave their key out. */
export function auditAnnotationsOf(
  annotations: readonly AuditAnnotation[],
  values: readonly CelValue[],
): Readonly<Record<string, string>> | CelError {
  const texts: Record<string, string> = {};
  for (const { key, program } of annotations) {
    const { value } = program.evaluateSlots(values, callCostLimit);
    if (value instanceof CelError) return new CelError(`auditAnnotation ${key}: ${value.message}`);
    if (value !== null && typeof value !== 'string')
      return new CelError(`auditAnnotation ${key}: must be a string, not ${typeNameOf(value)}`);
    if (value !== null && value !== '') texts[key] = value;
  }
  return texts;
}

export function itemsOf(spec: JsonObject, key: string): readonly (readonly [JsonObject, DocumentPath])[] {
  return asArray(spec[key]).map((item, index) => [asObject(item) ?? {}, ['spec', key, index]]);
}

export interface CelEvaluation {
  readonly request: AdmissionRequest;
  readonly namespace: JsonObject | undefined;
  readonly namespaceLabels: JsonObject;
  readonly data: DataProvider;
  readonly exceptions: readonly CelException[];
}

export function seenNamespaceLabels({ request, namespace, namespaceLabels }: CelEvaluation): JsonObject {
  return {
    ...(request.namespace === undefined ? {} : { 'kubernetes.io/metadata.name': request.namespace }),
    ...labelsOf(namespace),
    ...namespaceLabels,
  };
}

/** A policy that judges: what it says of itself, then what was made of that for controllers. */
export interface JudgingPolicy<Spec extends CelCore> {
  /** Empty for policies of the whole cluster. */
  readonly namespace: string;
  readonly mode: 'Kubernetes' | 'JSON';
  readonly specs: readonly Spec[];
}

/** The specification that is about a request; undefined: the policy is not. */
export function specFor<Spec extends CelCore>(
  { namespace, mode, specs }: JudgingPolicy<Spec>,
  evaluation: CelEvaluation,
): Spec | undefined {
  const { request } = evaluation;
  if (namespace !== '' && request.namespace !== namespace) return undefined;
  const namespaceLabels = seenNamespaceLabels(evaluation);
  return specs.find(
    ({ matchConstraints }) =>
      mode === 'JSON' ||
      matchesResources(matchConstraints, request, { of: { namespaceLabels }, rules: 'required', labels: 'known' }),
  );
}

export interface Allowed {
  readonly allowedImages: readonly string[];
  readonly allowedValues: readonly string[];
}

export function baseValues(
  { request, namespace }: CelEvaluation,
  { allowedImages, allowedValues }: Allowed,
): readonly CelValue[] {
  const { object = null, oldObject = null } = request;
  return [
    object,
    oldObject,
    seenRequest(
      request,
      () => {
        const { subResource } = request;
        const sub = subResource === undefined ? {} : { subResource };
        return { namespace: '', name: '', userInfo: {}, dryRun: false, ...sub };
      },
      { object, oldObject },
    ),
    namespace ?? null,
    { allowedImages, allowedValues },
  ];
}

/** A condition that is false counts before one that fails. */
export function meets(conditions: readonly CelProgram[], base: readonly CelValue[]): boolean | CelError {
  const results = conditions.map((program) => program.evaluateSlots(base, callCostLimit).value);
  if (results.includes(false)) return false;
  const odd = results.find((result) => result !== true);
  if (odd === undefined) return true;
  return odd instanceof CelError ? odd : new CelError(`must be a bool, not ${typeNameOf(odd)}`);
}

/** Each variable is evaluated when it is first read, and sees those before it. */
export function withVariables(base: readonly CelValue[], variables: readonly CelProgram[]): readonly CelValue[] {
  const values: CelValue[] = [...base];
  for (const [index, program] of variables.entries())
    values.push(
      new LazyValue((frame) => {
        const result = program.evaluateSlots(values.slice(0, base.length + index), bindingCostLimit);
        frame.cost += result.cost;
        return result.value;
      }),
    );
  return values;
}
