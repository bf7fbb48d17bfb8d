// SPDX-License-Identifier: Apache-2.0
// GeneratingPolicy and NamespacedGeneratingPolicy (policies.kyverno.io): the objects that their expressions hand to `generator.Apply`. Tells what ought to
// be there. Not here: writing it and keeping it so, which is a matter of the background.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { Problem } from '../../../model/problem.ts';
import { matchesResources } from '../../admission-policy/match-resources.ts';
import { callCostLimit } from '../../cel/kubernetes.ts';
import type { CelProgram } from '../../cel/program.ts';
import { CelError, typeNameOf } from '../../cel/values.ts';
import { copyForTarget } from '../generate-rule.ts';
import type { PolicySource } from '../policy.ts';
import type { RuleOutcome, RuleStatus } from '../rule.ts';
import { isCelGroup } from './autogen.ts';
import type { CelCore, CelEvaluation } from './core.ts';
import { baseValues, CelPolicyCompiler, itemsOf, meets, seenNamespaceLabels, withVariables } from './core.ts';
import { exceptionsFor } from './exceptions.ts';
import type { CelHost } from './libraries.ts';
import type { ObjectTemplate } from './object-template.ts';
import { compileTemplate, templatePath } from './object-template.ts';

type Generation =
  | { readonly kind: 'expression'; readonly program: CelProgram }
  | { readonly kind: 'template'; readonly make: ObjectTemplate };

export interface GeneratingPolicy extends CelCore {
  readonly kind: 'GeneratingPolicy' | 'NamespacedGeneratingPolicy';
  readonly name: string;
  readonly namespace: string;
  readonly annotations: JsonObject;
  readonly generations: readonly Generation[];
  readonly host: CelHost;
}

export interface GeneratingPolicyReading {
  readonly policy: GeneratingPolicy | undefined;
  readonly problems: readonly Problem[];
}

const kinds: readonly unknown[] = ['GeneratingPolicy', 'NamespacedGeneratingPolicy'];

export function isGeneratingPolicy(object: JsonObject): boolean {
  return kinds.includes(object['kind']) && isCelGroup(object['apiVersion']);
}

/** Reads one policy. Never throws. */
export function compileGeneratingPolicy(source: PolicySource): GeneratingPolicyReading {
  const compiler = new CelPolicyCompiler(source);
  const { object } = source;
  const metadata = asObject(object['metadata']) ?? {};
  const spec = asObject(object['spec']) ?? {};
  if (asArray(spec['generate']).length === 0) compiler.refuse('spec.generate must not be empty', ['spec']);
  const { core, environment } = compiler.core(spec, 'late');
  const generations = itemsOf(spec, 'generate').flatMap(([item, path]): Generation[] => {
    const template = asObject(item['template']);
    if (template === undefined) {
      const program = compiler.program(item['expression'], environment, [...path, 'expression']);
      return program === undefined ? [] : [{ kind: 'expression', program }];
    }
    const at = templatePath(path);
    const { interpolate } = template;
    if (interpolate !== undefined && interpolate !== '' && interpolate !== 'cel') {
      compiler.refuse('interpolate must be cel', [...path, 'template', 'interpolate']);
      return [];
    }
    const compile = (text: string): CelProgram | undefined => compiler.program(text, environment, at);
    const make = compileTemplate(asString(template['value']) ?? '', interpolate === 'cel' ? compile : undefined);
    if (typeof make !== 'string') return [{ kind: 'template', make }];
    compiler.refuse(make, at);
    return [];
  });
  if (compiler.problems.length > 0) return { policy: undefined, problems: compiler.problems };
  const kind = object['kind'] === 'GeneratingPolicy' ? 'GeneratingPolicy' : 'NamespacedGeneratingPolicy';
  return {
    problems: [],
    policy: {
      ...core,
      kind,
      name: asString(metadata['name']) ?? '',
      namespace: kind === 'GeneratingPolicy' ? '' : (asString(metadata['namespace']) ?? 'default'),
      annotations: asObject(metadata['annotations']) ?? {},
      generations,
      host: compiler.host,
    },
  };
}

function said(status: RuleStatus, message: string): RuleOutcome {
  return { rule: '', type: 'generate', status, message };
}

/** What ought to be there because of a request; undefined when the policy is not about it. */
export function evaluateGeneratingPolicy(policy: GeneratingPolicy, evaluation: CelEvaluation): RuleOutcome | undefined {
  const { request } = evaluation;
  if (request.operation === 'DELETE') return undefined;
  if (policy.namespace !== '' && request.namespace !== policy.namespace) return undefined;
  const of = { namespaceLabels: seenNamespaceLabels(evaluation) };
  const context = { of, rules: 'required', labels: 'known' } as const;
  if (!matchesResources(policy.matchConstraints, request, context)) return undefined;
  policy.host.data = evaluation.data;
  const base = baseValues(evaluation, { allowedImages: [], allowedValues: [] });
  const excepted = exceptionsFor(policy, evaluation.exceptions, base);
  if (excepted instanceof CelError) return said('error', excepted.message);
  if (excepted.skips)
    return {
      ...said('skip', `rule is skipped due to policy exception: ${excepted.names.join(', ')}`),
      rule: 'exception',
      exceptions: excepted.names,
    };
  const values = withVariables(base, policy.variables);
  const met = meets(policy.conditions, values);
  if (met instanceof CelError) return said('error', met.message);
  if (!met) return said('skip', 'conditions not met');
  const generated: JsonObject[] = [];
  policy.host.generate = (namespace, object) => {
    generated.push(copyForTarget(object, namespace));
  };
  try {
    for (const generation of policy.generations) {
      if (generation.kind === 'template') {
        const made = generation.make(values);
        if (made instanceof CelError) return said('error', made.message);
        generated.push(...made);
        continue;
      }
      const { value } = generation.program.evaluateSlots(values, callCostLimit);
      if (value instanceof CelError) return said('error', value.message);
      if (value !== true) return said('error', `must be a bool, not ${typeNameOf(value)}`);
    }
  } finally {
    policy.host.generate = undefined;
  }
  return generated.length === 0
    ? said('skip', 'nothing to generate')
    : { ...said('pass', 'resource generated'), generated };
}
