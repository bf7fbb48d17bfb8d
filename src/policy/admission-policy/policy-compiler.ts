// SPDX-License-Identifier: Apache-2.0
// One ValidatingAdmissionPolicy or MutatingAdmissionPolicy to programs. What the API server would not take is a problem with a place, and nothing of the
// policy is used.

import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { Problem } from '../../model/problem.ts';
import { leastCost } from '../cel/cost-estimate.ts';
import type { CelEnvironment } from '../cel/environment.ts';
import { callCostLimit, kubernetesEnvironment } from '../cel/kubernetes.ts';
import type { CelProgram } from '../cel/program.ts';
import { compileCel } from '../cel/program.ts';
import type { CelType } from '../cel/types.ts';
import { boolType, dynType, equalTypes, listOf, messageType, nullType, printType, stringType } from '../cel/types.ts';
import type {
  CompiledMutatingPolicy,
  CompiledMutation,
  CompiledPolicy,
  CompiledValidation,
  NamedProgram,
  PolicyDocument,
} from './compiled-policy.ts';
import { nameOf } from './compiled-policy.ts';
import { matchFaults } from './match-faults.ts';
import { patchTypes } from './patch-types.ts';
import { baseVariables, visibleTypes } from './visible-types.ts';

type Wanted = readonly CelType[] | 'anything';

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

const reasons: ReadonlySet<string> = new Set(['Forbidden', 'Invalid', 'RequestEntityTooLarge']);

export interface PolicyCompilerOptions {
  /** Version of Kubernetes, 1.N. */
  readonly minor?: number;
  /** Keep the value of every sub-expression. */
  readonly trace?: 'on' | 'off';
}

/** Environments that all policies of a set start from, so that they are built once. */
export class PolicyEnvironments {
  readonly trace: 'on' | 'off';
  readonly #options: PolicyCompilerOptions;
  readonly #made = new Map<string, CelEnvironment>();
  #plain: CelEnvironment | undefined;

  constructor(options: PolicyCompilerOptions) {
    this.#options = options;
    this.trace = options.trace ?? 'off';
  }

  with(params: 'declared' | 'hidden', authorizer: 'declared' | 'hidden'): CelEnvironment {
    const key = `${params} ${authorizer}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const { minor } = this.#options;
    this.#plain ??= kubernetesEnvironment({
      types: visibleTypes(patchTypes),
      ...(minor === undefined ? {} : { minor }),
    });
    const environment = this.#plain.extend(baseVariables({ params, authorizer }));
    this.#made.set(key, environment);
    return environment;
  }
}

export class PolicyCompiler {
  readonly problems: Problem[] = [];
  readonly #document: PolicyDocument;
  readonly #spec: JsonObject;
  readonly #trace: 'on' | 'off';
  #environment: CelEnvironment;
  /** That of messageExpressions, which have no authorizer. */
  #messageEnvironment: CelEnvironment;

  constructor(document: PolicyDocument, environments: PolicyEnvironments) {
    this.#document = document;
    this.#spec = asObject(document.object['spec']) ?? {};
    this.#trace = environments.trace;
    const params = asObject(this.#spec['paramKind']) === undefined ? 'hidden' : 'declared';
    this.#environment = environments.with(params, 'declared');
    this.#messageEnvironment = environments.with(params, 'hidden');
  }

  validating(): CompiledPolicy {
    const core = this.#core();
    const validations = this.#validations();
    const auditAnnotations = this.#named('auditAnnotations', {
      name: 'key',
      value: 'valueExpression',
      wanted: [stringType, nullType],
    });
    if (validations.length + auditAnnotations.length === 0 && this.problems.length === 0)
      this.#problem('validations or auditAnnotations must not be empty', ['spec']);
    return { kind: 'validating', ...core, validations, auditAnnotations };
  }

  mutating(): CompiledMutatingPolicy {
    const core = this.#core();
    const mutations = asArray(this.#spec['mutations']).flatMap((item, index) => this.#mutation(item, index) ?? []);
    if (mutations.length === 0 && this.problems.length === 0) this.#problem('mutations must not be empty', ['spec']);
    const reinvocation = this.#spec['reinvocationPolicy'];
    if (reinvocation !== undefined && reinvocation !== 'Never' && reinvocation !== 'IfNeeded')
      this.#problem('reinvocationPolicy must be Never or IfNeeded', ['spec', 'reinvocationPolicy']);
    return {
      kind: 'mutating',
      ...core,
      mutations,
      reinvocationPolicy: reinvocation === 'IfNeeded' ? 'IfNeeded' : 'Never',
    };
  }

  #core() {
    const paramKind = asObject(this.#spec['paramKind']);
    const constraints = asObject(this.#spec['matchConstraints']);
    if (constraints === undefined) this.#problem('matchConstraints is required', ['spec']);
    for (const { message, path } of constraints === undefined ? [] : matchFaults(constraints, 'required'))
      this.#problem(`matchConstraints: ${message}`, ['spec', 'matchConstraints', ...path]);
    const failurePolicy = this.#spec['failurePolicy'];
    if (failurePolicy !== undefined && failurePolicy !== 'Fail' && failurePolicy !== 'Ignore')
      this.#problem('failurePolicy must be Fail or Ignore', ['spec', 'failurePolicy']);
    // Variables may be used in all expressions but the matchConditions, and in the variables after them.
    const matchConditions = this.#named('matchConditions', { name: 'name', value: 'expression', wanted: [boolType] });
    return {
      name: nameOf(this.#document.object),
      failurePolicy: failurePolicy === 'Ignore' ? ('Ignore' as const) : ('Fail' as const),
      paramKind:
        paramKind === undefined
          ? undefined
          : { apiVersion: asString(paramKind['apiVersion']) ?? '', kind: asString(paramKind['kind']) ?? '' },
      matchConstraints: constraints,
      matchConditions,
      variables: this.#variables(),
    };
  }

  #problem(message: string, path: DocumentPath): undefined {
    const { object } = this.#document;
    this.problems.push({
      kind: 'schema',
      message: `${asString(object['kind']) ?? ''} ${nameOf(object)}: ${message}`,
      location: this.#document.locateValue(path),
      hidesFindings: true,
    });
    return undefined;
  }

  #program(
    value: unknown,
    path: DocumentPath,
    { wanted, environment }: { readonly wanted: Wanted; readonly environment?: CelEnvironment },
  ): CelProgram | undefined {
    const text = asString(value);
    if (text === undefined || text.trim() === '') return this.#problem('an expression is required', path);
    const compiled = compileCel(text, environment ?? this.#environment, { trace: this.#trace });
    if (compiled.kind === 'fault') {
      const [fault] = compiled.faults;
      return this.#problem(`${fault?.message ?? 'cannot be compiled'} (at character ${fault?.offset ?? 0})`, path);
    }
    const { type, expression } = compiled.program;
    // What costs more than one call may in any case can never be evaluated.
    if (leastCost(expression.root) > callCostLimit)
      return this.#problem(`costs more than ${callCostLimit} in any case, which no evaluation may`, path);
    if (wanted === 'anything' || wanted.some((each) => equalTypes(each, type))) return compiled.program;
    return this.#problem(`must evaluate to ${wanted.map(printType).join(' or ')} but got ${printType(type)}`, path);
  }

  #variables(): NamedProgram[] {
    const variables: NamedProgram[] = [];
    for (const [index, item] of asArray(this.#spec['variables']).entries()) {
      const path = ['spec', 'variables', index];
      const variable = asObject(item);
      const name = asString(variable?.['name']) ?? '';
      if (!variableName.test(name) || variables.some((other) => other.name === name)) {
        this.#problem(`the name of a variable must be an identifier that no other has, not '${name}'`, path);
        continue;
      }
      const program = this.#program(variable?.['expression'], [...path, 'expression'], { wanted: 'anything' });
      if (program !== undefined) variables.push({ name, program });
      const declared = [{ name: `variables.${name}`, type: program?.type ?? dynType, evaluation: 'lazy' as const }];
      this.#environment = this.#environment.extend(declared);
      this.#messageEnvironment = this.#messageEnvironment.extend(declared);
    }
    return variables;
  }

  #validations(): CompiledValidation[] {
    return asArray(this.#spec['validations']).flatMap((item, index) => {
      const path = ['spec', 'validations', index];
      const validation = asObject(item);
      const program = this.#program(validation?.['expression'], [...path, 'expression'], { wanted: [boolType] });
      this.#checkWords(validation, path);
      const written = validation?.['messageExpression'];
      const messageProgram =
        written === undefined
          ? undefined
          : this.#program(written, [...path, 'messageExpression'], {
              wanted: [stringType],
              environment: this.#messageEnvironment,
            });
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

  /** What the API server refuses besides expressions (pkg/apis/admissionregistration/validation). */
  #checkWords(validation: JsonObject | undefined, path: DocumentPath): void {
    const [message, reason] = [asString(validation?.['message']), asString(validation?.['reason'])];
    if (message !== undefined && /[\r\n]/.test(message.trim()))
      this.#problem('message must not contain line breaks', [...path, 'message']);
    if (reason !== undefined && !reasons.has(reason))
      this.#problem(`reason "${reason.slice(0, 50)}" is not one of ${[...reasons].join(', ')}`, [...path, 'reason']);
  }

  #mutation(item: unknown, index: number): CompiledMutation | undefined {
    const path = ['spec', 'mutations', index];
    const mutation = asObject(item);
    const patchType = mutation?.['patchType'];
    if (patchType !== 'ApplyConfiguration' && patchType !== 'JSONPatch')
      return this.#problem('patchType must be ApplyConfiguration or JSONPatch', path);
    const member = patchType === 'JSONPatch' ? 'jsonPatch' : 'applyConfiguration';
    const text = asObject(mutation?.[member])?.['expression'];
    const place = [...path, member, 'expression'];
    const wanted = patchType === 'JSONPatch' ? listOf(messageType('JSONPatch')) : messageType('Object');
    const program = this.#program(text, place, { wanted: [wanted] });
    if (program === undefined) return undefined;
    return {
      patchType,
      expression: (asString(text) ?? '').trim(),
      program,
      location: this.#document.locateValue(place),
    };
  }

  #named(
    list: string,
    keys: { readonly name: string; readonly value: string; readonly wanted: Wanted },
  ): NamedProgram[] {
    return asArray(this.#spec[list]).flatMap((item, index) => {
      const entry = asObject(item);
      const program = this.#program(entry?.[keys.value], ['spec', list, index, keys.value], { wanted: keys.wanted });
      return program === undefined ? [] : [{ name: asString(entry?.[keys.name]) ?? '', program }];
    });
  }
}
