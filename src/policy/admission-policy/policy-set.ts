// SPDX-License-Identifier: Apache-2.0
// ValidatingAdmissionPolicies and their bindings, compiled once. A policy with an expression that cannot be compiled is refused as a whole and
// reported: the API server does not take it either. Evaluation is in evaluate.ts.

import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { CelEnvironment } from '../cel/environment.ts';
import { kubernetesEnvironment } from '../cel/kubernetes.ts';
import type { CelProgram } from '../cel/program.ts';
import { compileCel } from '../cel/program.ts';
import type { CelType } from '../cel/types.ts';
import { boolType, dynType, nullType, printType, stringType } from '../cel/types.ts';

/** What compile reads of a document: formats/kubernetes-yaml gives such. */
export interface PolicyDocument {
  readonly object: JsonObject;
  /** Where the value of a member stands. */
  locateValue(path: DocumentPath): Location;
}

export interface CompiledVariable {
  readonly name: string;
  readonly program: CelProgram;
}

export interface CompiledValidation {
  readonly expression: string;
  readonly program: CelProgram;
  readonly message: string | undefined;
  readonly messageProgram: CelProgram | undefined;
  readonly reason: string;
  readonly location: Location;
}

export interface NamedProgram {
  readonly name: string;
  readonly program: CelProgram;
}

export interface CompiledPolicy {
  readonly name: string;
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly paramKind: { readonly apiVersion: string; readonly kind: string } | undefined;
  readonly matchConstraints: JsonObject | undefined;
  readonly matchConditions: readonly NamedProgram[];
  readonly variables: readonly CompiledVariable[];
  readonly validations: readonly CompiledValidation[];
  readonly auditAnnotations: readonly NamedProgram[];
}

export interface Binding {
  readonly name: string;
  readonly policy: CompiledPolicy;
  readonly paramRef: JsonObject | undefined;
  readonly matchResources: JsonObject | undefined;
  /** At least one. */
  readonly actions: readonly ValidationAction[];
}

export const validationActions = ['Deny', 'Warn', 'Audit'] as const;
export type ValidationAction = (typeof validationActions)[number];

export interface AdmissionPolicySet {
  readonly policies: readonly CompiledPolicy[];
  readonly bindings: readonly Binding[];
  readonly problems: readonly Problem[];
  /** Documents that are neither policies nor bindings. */
  readonly others: readonly PolicyDocument[];
}

export interface CompileAdmissionOptions {
  /** Version of Kubernetes, 1.N. */
  readonly minor?: number;
}

const group = 'admissionregistration.k8s.io/';
const baseVariables = ['object', 'oldObject', 'params', 'request', 'namespaceObject'].map((name) => ({
  name,
  type: dynType,
}));

/** Compiles documents. Never throws. */
export function compileAdmissionPolicies(
  documents: readonly PolicyDocument[],
  options: CompileAdmissionOptions = {},
): AdmissionPolicySet {
  const environment = kubernetesEnvironment({ ...options, variables: baseVariables });
  const policies: CompiledPolicy[] = [];
  const bindings: PolicyDocument[] = [];
  const problems: Problem[] = [];
  const others: PolicyDocument[] = [];
  for (const document of documents) {
    const { kind, apiVersion } = document.object;
    const isOurs = asString(apiVersion)?.startsWith(group) === true;
    if (isOurs && kind === 'ValidatingAdmissionPolicy') {
      const compiler = new PolicyCompiler(document, environment);
      const policy = compiler.compile();
      if (compiler.problems.length === 0) policies.push(policy);
      problems.push(...compiler.problems);
    } else if (isOurs && kind === 'ValidatingAdmissionPolicyBinding') {
      bindings.push(document);
    } else others.push(document);
  }
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  const read = bindings.map((document) => readBinding(document, byName));
  return {
    policies,
    bindings: read.flatMap(({ binding }) => binding ?? []),
    problems: [...problems, ...read.flatMap((item) => item.problems)],
    others,
  };
}

function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['name']) ?? '';
}

interface ReadBinding {
  /** Undefined when it binds nothing. */
  readonly binding: Binding | undefined;
  readonly problems: readonly Problem[];
}

/** A binding that would judge nothing in silence is a problem: no action that there is, or a policy that is not in the set. */
function readBinding(document: PolicyDocument, policies: ReadonlyMap<string, CompiledPolicy>): ReadBinding {
  const spec = asObject(document.object['spec']);
  const name = nameOf(document.object);
  const problems: Problem[] = [];
  const add = (kind: Problem['kind'], message: string, member: string): void => {
    const location = document.locateValue(['spec', member]);
    problems.push({ kind, message: `binding '${name}': ${message}`, location, hidesFindings: true });
  };
  const stated = asArray(spec?.['validationActions']);
  const actions = validationActions.filter((action) => stated.includes(action));
  if (actions.length === 0 || stated.some((action) => !validationActions.includes(action as ValidationAction)))
    add('schema', `validationActions must hold ${validationActions.join(', ')}, at least one`, 'validationActions');
  const policyName = asString(spec?.['policyName']) ?? '';
  const policy = policies.get(policyName);
  if (policy === undefined) add('unresolved', `there is no usable policy '${policyName}'`, 'policyName');
  if (policy === undefined || actions.length === 0) return { binding: undefined, problems };
  const paramRef = asObject(spec?.['paramRef']);
  const matchResources = asObject(spec?.['matchResources']);
  return { binding: { name, policy, paramRef, matchResources, actions }, problems };
}

type Wanted = readonly CelType[] | 'anything';

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

class PolicyCompiler {
  readonly problems: Problem[] = [];
  readonly #document: PolicyDocument;
  #environment: CelEnvironment;

  constructor(document: PolicyDocument, environment: CelEnvironment) {
    this.#document = document;
    this.#environment = environment;
  }

  compile(): CompiledPolicy {
    const spec = asObject(this.#document.object['spec']);
    const name = nameOf(this.#document.object);
    const paramKind = asObject(spec?.['paramKind']);
    if (asObject(spec?.['matchConstraints']) === undefined) this.#problem('matchConstraints is required', ['spec']);
    // Variables may be used in all expressions but the matchConditions, and in the variables after them.
    const matchConditions = this.#named(spec, 'matchConditions', {
      name: 'name',
      value: 'expression',
      wanted: [boolType],
    });
    const variables = this.#variables(spec);
    const validations = this.#validations(spec);
    const auditAnnotations = this.#named(spec, 'auditAnnotations', {
      name: 'key',
      value: 'valueExpression',
      wanted: [stringType, nullType],
    });
    if (validations.length + auditAnnotations.length === 0 && this.problems.length === 0)
      this.#problem('validations or auditAnnotations must not be empty', ['spec']);
    return {
      name,
      failurePolicy: spec?.['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
      paramKind:
        paramKind === undefined
          ? undefined
          : { apiVersion: asString(paramKind['apiVersion']) ?? '', kind: asString(paramKind['kind']) ?? '' },
      matchConstraints: asObject(spec?.['matchConstraints']),
      matchConditions,
      variables,
      validations,
      auditAnnotations,
    };
  }

  #problem(message: string, path: DocumentPath): undefined {
    const name = nameOf(this.#document.object);
    this.problems.push({
      kind: 'schema',
      message: `ValidatingAdmissionPolicy ${name}: ${message}`,
      location: this.#document.locateValue(path),
      hidesFindings: true,
    });
    return undefined;
  }

  #program(value: unknown, path: DocumentPath, wanted: Wanted): CelProgram | undefined {
    const text = asString(value);
    if (text === undefined || text.trim() === '') return this.#problem('an expression is required', path);
    const compiled = compileCel(text, this.#environment);
    if (compiled.kind === 'fault') {
      const [fault] = compiled.faults;
      return this.#problem(`${fault?.message ?? 'cannot be compiled'} (at character ${fault?.offset ?? 0})`, path);
    }
    const { type } = compiled.program;
    if (wanted === 'anything' || type.kind === 'dyn' || wanted.some(({ kind }) => kind === type.kind))
      return compiled.program;
    return this.#problem(`must evaluate to ${wanted.map(printType).join(' or ')}, not ${printType(type)}`, path);
  }

  #variables(spec: JsonObject | undefined): CompiledVariable[] {
    const variables: CompiledVariable[] = [];
    for (const [index, item] of asArray(spec?.['variables']).entries()) {
      const path = ['spec', 'variables', index];
      const variable = asObject(item);
      const name = asString(variable?.['name']) ?? '';
      if (!variableName.test(name) || variables.some((other) => other.name === name)) {
        this.#problem(`the name of a variable must be an identifier that no other has, not '${name}'`, path);
        continue;
      }
      const program = this.#program(variable?.['expression'], [...path, 'expression'], 'anything');
      if (program !== undefined) variables.push({ name, program });
      this.#environment = this.#environment.extend([
        { name: `variables.${name}`, type: program?.type ?? dynType, evaluation: 'lazy' },
      ]);
    }
    return variables;
  }

  #validations(spec: JsonObject | undefined): CompiledValidation[] {
    return asArray(spec?.['validations']).flatMap((item, index) => {
      const path = ['spec', 'validations', index];
      const validation = asObject(item);
      const program = this.#program(validation?.['expression'], [...path, 'expression'], [boolType]);
      const written = validation?.['messageExpression'];
      const messageProgram =
        written === undefined ? undefined : this.#program(written, [...path, 'messageExpression'], [stringType]);
      if (program === undefined) return [];
      return [
        {
          expression: (asString(validation?.['expression']) ?? '').trim(),
          program,
          message: asString(validation?.['message']),
          messageProgram,
          reason: asString(validation?.['reason']) ?? 'Invalid',
          location: this.#document.locateValue([...path, 'expression']),
        },
      ];
    });
  }

  #named(
    spec: JsonObject | undefined,
    list: string,
    keys: { readonly name: string; readonly value: string; readonly wanted: Wanted },
  ): NamedProgram[] {
    return asArray(spec?.[list]).flatMap((item, index) => {
      const entry = asObject(item);
      const program = this.#program(entry?.[keys.value], ['spec', list, index, keys.value], keys.wanted);
      return program === undefined ? [] : [{ name: asString(entry?.[keys.name]) ?? '', program }];
    });
  }
}
