// SPDX-License-Identifier: Apache-2.0
// ValidatingPolicy and NamespacedValidatingPolicy (policies.kyverno.io): CEL with Kyverno's libraries, on Pods' controllers too. Compiled once.
// Not here: ValidatingAdmissionPolicy (admission-policy), whose expressions have declared types and no such libraries.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../formats/document.ts';
import type { Problem } from '../../../model/problem.ts';
import { callCostLimit } from '../../cel/kubernetes.ts';
import type { CelProgram } from '../../cel/program.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError, typeNameOf } from '../../cel/values.ts';
import type { PolicySource } from '../policy.ts';
import type { RuleOutcome } from '../rule.ts';
import { outcome } from '../rule.ts';
import { controllerSpecs, isCelGroup } from './autogen.ts';
import type { AuditAnnotation, CelCore, CelEvaluation } from './core.ts';
import { auditAnnotationsOf, baseValues, CelPolicyCompiler, itemsOf, meets, specFor, withVariables } from './core.ts';
import { exceptionsFor } from './exceptions.ts';
import type { CelHost } from './libraries.ts';

interface Validation {
  readonly program: CelProgram;
  readonly message: string;
  readonly messageProgram: CelProgram | undefined;
}

interface CompiledSpec extends CelCore {
  readonly validations: readonly Validation[];
  readonly auditAnnotations: readonly AuditAnnotation[];
}

type Mode = 'Kubernetes' | 'JSON';

export interface ValidatingPolicy {
  readonly kind: 'ValidatingPolicy' | 'NamespacedValidatingPolicy';
  readonly name: string;
  readonly namespace: string;
  /** `JSON`: of any JSON, given as the request's object. */
  readonly mode: Mode;
  readonly annotations: JsonObject;
  readonly actions: readonly string[];
  readonly failurePolicy: 'Fail' | 'Ignore';
  /** False: it judges in the background only. */
  readonly isForAdmission: boolean;
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

/** Reads one policy. Never throws. */
export function compileValidatingPolicy(source: PolicySource): ValidatingPolicyReading {
  return new Compiler(source).compile();
}

class Compiler extends CelPolicyCompiler {
  compile(): ValidatingPolicyReading {
    const { object } = this.source;
    const metadata = asObject(object['metadata']) ?? {};
    const spec = asObject(object['spec']) ?? {};
    const mode = asString(asObject(spec['evaluation'])?.['mode']) ?? 'Kubernetes';
    if (mode !== 'Kubernetes' && mode !== 'JSON')
      this.refuse(`evaluation mode ${mode} is not supported yet`, ['spec', 'evaluation', 'mode']);
    if (asArray(spec['validations']).length === 0) this.refuse('spec.validations must not be empty', ['spec']);
    const own = this.#spec(spec);
    const made = this.problems.length > 0 || mode === 'JSON' ? [] : controllerSpecs(spec);
    const specs = [own, ...made.map((each) => this.#spec(each))];
    if (this.problems.length > 0) return { policy: undefined, problems: this.problems };
    const actions = asStrings(spec['validationActions']);
    const kind = object['kind'] === 'ValidatingPolicy' ? 'ValidatingPolicy' : 'NamespacedValidatingPolicy';
    return {
      problems: [],
      policy: {
        kind,
        name: asString(metadata['name']) ?? '',
        namespace: kind === 'ValidatingPolicy' ? '' : (asString(metadata['namespace']) ?? 'default'),
        mode: mode === 'JSON' ? 'JSON' : 'Kubernetes',
        annotations: asObject(metadata['annotations']) ?? {},
        // Matches Kyverno: Deny is what is meant where nothing is said.
        actions: actions.length === 0 ? ['Deny'] : actions,
        failurePolicy: spec['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
        isForAdmission: asObject(asObject(spec['evaluation'])?.['admission'])?.['enabled'] !== false,
        specs,
        host: this.host,
      },
    };
  }

  #spec(spec: JsonObject): CompiledSpec {
    const { core, environment } = this.core(spec);
    const validations = itemsOf(spec, 'validations').flatMap(([item, path]): Validation[] => {
      const program = this.program(item['expression'], environment, [...path, 'expression']);
      const written = item['messageExpression'];
      const messageProgram =
        written === undefined ? undefined : this.program(written, environment, [...path, 'messageExpression']);
      return program === undefined ? [] : [{ program, message: asString(item['message']) ?? '', messageProgram }];
    });
    return { ...core, validations, auditAnnotations: this.auditAnnotations(spec, environment) };
  }
}

const ruleName = 'validation';

/** What a policy says of a request; undefined when it is not about it. */
export function evaluateValidatingPolicy(policy: ValidatingPolicy, evaluation: CelEvaluation): RuleOutcome | undefined {
  const spec = specFor(policy, evaluation);
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
  const checked = check(spec, values);
  const annotations = auditAnnotationsOf(spec.auditAnnotations, values);
  // What was refused stays refused, whatever an annotation says.
  if (annotations instanceof CelError) return checked ?? outcome(ruleName, 'error', annotations.message);
  const noted = Object.keys(annotations).length === 0 ? {} : { auditAnnotations: annotations };
  return { ...(checked ?? outcome(ruleName, 'pass', 'success')), ...noted };
}

/** The first validation that is not met. */
function check({ validations }: CompiledSpec, values: readonly CelValue[]): RuleOutcome | undefined {
  for (const [index, validation] of validations.entries()) {
    const result = validation.program.evaluateSlots(values, callCostLimit).value;
    if (result === true) continue;
    if (result !== false) {
      const message = result instanceof CelError ? result.message : `must be a bool, not ${typeNameOf(result)}`;
      return outcome(ruleName, 'error', message);
    }
    return outcome(ruleName, 'fail', messageOf(validation, values, index));
  }
  return undefined;
}

function messageOf({ message, messageProgram }: Validation, values: readonly CelValue[], index: number): string {
  if (messageProgram !== undefined) {
    const text = messageProgram.evaluateSlots(values, callCostLimit).value;
    if (typeof text === 'string') return text;
    return `failed to evaluate message expression: ${text instanceof CelError ? text.message : typeNameOf(text)}`;
  }
  return message === '' ? `CEL expression validation failed at index ${index}` : message;
}
