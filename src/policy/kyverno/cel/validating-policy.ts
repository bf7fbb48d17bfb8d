// SPDX-License-Identifier: Apache-2.0
// ValidatingPolicy and NamespacedValidatingPolicy (policies.kyverno.io): CEL with Kyverno's libraries, on Pods' controllers too. Compiled once.
// Not here: ValidatingAdmissionPolicy (admission-policy), whose expressions have declared types and no such libraries.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { Problem } from '../../../model/problem.ts';
import { labelsOf, matchesResources } from '../../admission-policy/match-resources.ts';
import type { AdmissionRequest } from '../../admission-policy/request.ts';
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
import type { RuleOutcome } from '../rule.ts';
import { outcome } from '../rule.ts';
import { controllerSpecs, isCelGroup } from './autogen.ts';
import type { CelException } from './exceptions.ts';
import { exceptionsFor } from './exceptions.ts';
import { CelHost, kyvernoLibraries } from './libraries.ts';

interface Validation {
  readonly program: CelProgram;
  readonly message: string;
  readonly messageProgram: CelProgram | undefined;
}

interface CompiledSpec {
  readonly matchConstraints: JsonObject;
  readonly conditions: readonly CelProgram[];
  readonly variables: readonly CelProgram[];
  readonly validations: readonly Validation[];
}

export interface ValidatingPolicy {
  readonly kind: 'ValidatingPolicy' | 'NamespacedValidatingPolicy';
  readonly name: string;
  readonly namespace: string;
  readonly annotations: JsonObject;
  readonly actions: readonly string[];
  readonly failurePolicy: 'Fail' | 'Ignore';
  /** That of the policy, then those made for controllers. */
  readonly specs: readonly CompiledSpec[];
  readonly host: CelHost;
}

export interface ValidatingPolicyReading {
  readonly policy: ValidatingPolicy | undefined;
  readonly problems: readonly Problem[];
}

const kinds: readonly unknown[] = ['ValidatingPolicy', 'NamespacedValidatingPolicy'];

export function isValidatingPolicy(object: JsonObject): boolean {
  return kinds.includes(object['kind']) && isCelGroup(object['apiVersion']);
}

const baseNames = ['object', 'oldObject', 'request', 'namespaceObject', 'exceptions'] as const;

/** Reads one policy. Never throws. */
export function compileValidatingPolicy(source: PolicySource): ValidatingPolicyReading {
  return new Compiler(source).compile();
}

class Compiler {
  readonly #source: PolicySource;
  readonly #problems: Problem[] = [];
  readonly #host = new CelHost();
  readonly #environment: CelEnvironment;

  constructor(source: PolicySource) {
    this.#source = source;
    this.#environment = kubernetesEnvironment({
      variables: baseNames.map((name) => ({ name, type: dynType })),
      libraries: kyvernoLibraries(this.#host),
    });
  }

  compile(): ValidatingPolicyReading {
    const { object } = this.#source;
    const metadata = asObject(object['metadata']) ?? {};
    const spec = asObject(object['spec']) ?? {};
    const mode = asString(asObject(spec['evaluation'])?.['mode']) ?? 'Kubernetes';
    if (mode !== 'Kubernetes')
      this.#refuse(`evaluation mode ${mode} is not supported yet`, ['spec', 'evaluation', 'mode']);
    if (asArray(spec['validations']).length === 0) this.#refuse('spec.validations must not be empty', ['spec']);
    const own = this.#spec(spec);
    const specs = this.#problems.length > 0 ? [] : [own, ...controllerSpecs(spec).map((made) => this.#spec(made))];
    if (this.#problems.length > 0) return { policy: undefined, problems: this.#problems };
    const kind = object['kind'] === 'ValidatingPolicy' ? 'ValidatingPolicy' : 'NamespacedValidatingPolicy';
    return {
      problems: [],
      policy: {
        kind,
        name: asString(metadata['name']) ?? '',
        namespace: kind === 'ValidatingPolicy' ? '' : (asString(metadata['namespace']) ?? 'default'),
        annotations: asObject(metadata['annotations']) ?? {},
        actions: asArray(spec['validationActions']).filter((action) => typeof action === 'string'),
        failurePolicy: spec['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
        specs,
        host: this.#host,
      },
    };
  }

  #refuse(message: string, path: DocumentPath): undefined {
    const name = asString(asObject(this.#source.object['metadata'])?.['name']) ?? '';
    this.#problems.push({
      kind: 'schema',
      message: `ValidatingPolicy ${name}: ${path.join('.')}: ${message}`,
      location: this.#source.locateValue(path),
      hidesFindings: true,
    });
    return undefined;
  }

  #program(value: unknown, environment: CelEnvironment, path: DocumentPath): CelProgram | undefined {
    const text = asString(value);
    if (text === undefined || text.trim() === '') return this.#refuse('an expression is required', path);
    const compiled = compileCel(text, environment);
    if (compiled.kind === 'program') return compiled.program;
    const [fault] = compiled.faults;
    return this.#refuse(`${fault?.message ?? 'cannot be compiled'} (at character ${fault?.offset ?? 0})`, path);
  }

  #spec(spec: JsonObject): CompiledSpec {
    const list = (key: string): readonly (readonly [JsonObject, DocumentPath])[] =>
      asArray(spec[key]).map((item, index) => [asObject(item) ?? {}, ['spec', key, index]]);
    const conditions = list('matchConditions').flatMap(
      ([item, path]) => this.#program(item['expression'], this.#environment, [...path, 'expression']) ?? [],
    );
    let environment = this.#environment;
    const variables: CelProgram[] = [];
    for (const [item, path] of list('variables')) {
      const program = this.#program(item['expression'], environment, [...path, 'expression']);
      if (program !== undefined) variables.push(program);
      const name = `variables.${asString(item['name']) ?? ''}`;
      environment = environment.extend([{ name, type: program?.type ?? dynType, evaluation: 'lazy' }]);
    }
    const validations = list('validations').flatMap(([item, path]): Validation[] => {
      const program = this.#program(item['expression'], environment, [...path, 'expression']);
      const written = item['messageExpression'];
      const messageProgram =
        written === undefined ? undefined : this.#program(written, environment, [...path, 'messageExpression']);
      return program === undefined ? [] : [{ program, message: asString(item['message']) ?? '', messageProgram }];
    });
    return { matchConstraints: asObject(spec['matchConstraints']) ?? {}, conditions, variables, validations };
  }
}

export interface CelEvaluation {
  readonly request: AdmissionRequest;
  readonly namespace: JsonObject | undefined;
  readonly namespaceLabels: JsonObject;
  readonly data: DataProvider;
  readonly exceptions: readonly CelException[];
}

const ruleName = 'validation';

/** What a policy says of a request; undefined when it is not about it. */
export function evaluateValidatingPolicy(policy: ValidatingPolicy, evaluation: CelEvaluation): RuleOutcome | undefined {
  const { request } = evaluation;
  if (policy.namespace !== '' && request.namespace !== policy.namespace) return undefined;
  const namespaceLabels: JsonObject = {
    ...(request.namespace === undefined ? {} : { 'kubernetes.io/metadata.name': request.namespace }),
    ...labelsOf(evaluation.namespace),
    ...evaluation.namespaceLabels,
  };
  const spec = policy.specs.find(({ matchConstraints }) =>
    matchesResources(matchConstraints, request, { namespaceLabels, rules: 'required', labels: 'known' }),
  );
  if (spec === undefined) return undefined;
  policy.host.data = evaluation.data;
  return judge(policy, spec, evaluation);
}

function judge(policy: ValidatingPolicy, spec: CompiledSpec, evaluation: CelEvaluation): RuleOutcome {
  const base = baseValues(evaluation, { allowedImages: [], allowedValues: [] });
  const excepted = exceptionsFor(policy, evaluation.exceptions, base);
  if (excepted instanceof CelError) return outcome(ruleName, 'error', excepted.message);
  if (excepted.skips) {
    const message = `rule is ${excepted.result === 'pass' ? 'passed' : 'skipped'} due to policy exception: ${excepted.names.join(', ')}`;
    return { ...outcome('exception', excepted.result, message), exceptions: excepted.names };
  }
  const seen = baseValues(evaluation, excepted);
  const met = meets(spec.conditions, seen);
  if (met instanceof CelError)
    return policy.failurePolicy === 'Ignore'
      ? outcome('', 'skip', 'skip')
      : outcome('evaluation', 'error', met.message);
  if (!met) return outcome('', 'skip', 'skip');
  const values = withVariables(seen, spec.variables);
  for (const [index, validation] of spec.validations.entries()) {
    const result = validation.program.evaluateSlots(values, callCostLimit).value;
    if (result === true) continue;
    if (result !== false) {
      const message = result instanceof CelError ? result.message : `must be a bool, not ${typeNameOf(result)}`;
      return outcome(ruleName, 'error', message);
    }
    return outcome(ruleName, 'fail', messageOf(validation, values, index));
  }
  return outcome(ruleName, 'pass', 'success');
}

function messageOf({ message, messageProgram }: Validation, values: readonly CelValue[], index: number): string {
  if (messageProgram !== undefined) {
    const text = messageProgram.evaluateSlots(values, callCostLimit).value;
    if (typeof text === 'string') return text;
    return `failed to evaluate message expression: ${text instanceof CelError ? text.message : typeNameOf(text)}`;
  }
  return message === '' ? `CEL expression validation failed at index ${index}` : message;
}

export interface Allowed {
  readonly allowedImages: readonly string[];
  readonly allowedValues: readonly string[];
}

function baseValues(
  { request, namespace }: CelEvaluation,
  { allowedImages, allowedValues }: Allowed,
): readonly CelValue[] {
  const { object, oldObject, ...rest } = request;
  return [
    (object ?? null) as CelValue,
    (oldObject ?? null) as CelValue,
    {
      namespace: '',
      name: '',
      userInfo: {},
      dryRun: false,
      ...rest,
      object: object ?? null,
      oldObject: oldObject ?? null,
    } as CelValue,
    (namespace ?? null) as CelValue,
    { allowedImages, allowedValues } as CelValue,
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
function withVariables(base: readonly CelValue[], variables: readonly CelProgram[]): readonly CelValue[] {
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
