// SPDX-License-Identifier: Apache-2.0
// Admission policies (validating and mutating) and their bindings, compiled once. A policy with an expression that cannot be compiled is refused as a whole
// and reported: the API server does not take it either. Evaluation is in evaluate.ts and mutate.ts.

import { asArray, asObject, asString } from '../../formats/document.ts';
import type { Problem } from '../../model/problem.ts';
import type {
  Binding,
  BindingOf,
  CompiledMutatingPolicy,
  CompiledPolicy,
  MutatingBinding,
  PolicyDocument,
  ValidationAction,
} from './compiled-policy.ts';
import { nameOf, validationActions } from './compiled-policy.ts';
import { matchFaults, selectorFaults } from './match-faults.ts';
import type { PolicyCompilerOptions } from './policy-compiler.ts';
import { PolicyCompiler, PolicyEnvironments } from './policy-compiler.ts';

export interface AdmissionPolicySet {
  readonly policies: readonly CompiledPolicy[];
  readonly bindings: readonly Binding[];
  readonly mutatingPolicies: readonly CompiledMutatingPolicy[];
  readonly mutatingBindings: readonly MutatingBinding[];
  readonly problems: readonly Problem[];
  /** Documents that are neither policies nor bindings. */
  readonly others: readonly PolicyDocument[];
}

export interface CompileAdmissionOptions extends PolicyCompilerOptions {
  /**
   * What a policy without any binding does: nothing, as in a cluster, or `apply`: as if a binding without conditions were there (validations deny) (command lines that judge
   * files by a policy alone).
   */
  readonly unbound?: 'ignore' | 'apply';
}

const group = 'admissionregistration.k8s.io/';
const ourKinds = [
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
];

/** Compiles documents. Never throws. */
export function compileAdmissionPolicies(
  documents: readonly PolicyDocument[],
  options: CompileAdmissionOptions = {},
): AdmissionPolicySet {
  const environments = new PolicyEnvironments(options);
  const problems: Problem[] = [];
  const ofKind = (kind: string): readonly PolicyDocument[] =>
    documents.filter((document) => isOurs(document) && document.object['kind'] === kind);
  const compiled = <Policy>(kind: string, compile: (compiler: PolicyCompiler) => Policy): Policy[] =>
    ofKind(kind).flatMap((document) => {
      const compiler = new PolicyCompiler(document, environments);
      const policy = compile(compiler);
      problems.push(...compiler.problems);
      return compiler.problems.length === 0 ? [policy] : [];
    });
  const policies = compiled('ValidatingAdmissionPolicy', (compiler) => compiler.validating());
  const mutatingPolicies = compiled('MutatingAdmissionPolicy', (compiler) => compiler.mutating());
  const read = ofKind('ValidatingAdmissionPolicyBinding').map((document) => readBinding(document, policies));
  const readMutating = ofKind('MutatingAdmissionPolicyBinding').map((document) =>
    readCommon(document, mutatingPolicies),
  );
  for (const binding of [...read, ...readMutating]) problems.push(...binding.problems);
  const bindings = read.flatMap(({ binding }) => binding ?? []);
  const mutatingBindings = readMutating.flatMap(({ binding }) => binding ?? []);
  if (options.unbound === 'apply') {
    bindings.push(
      ...unboundOf(policies, ofKind('ValidatingAdmissionPolicyBinding')).map((binding) => ({
        ...binding,
        actions: ['Deny'] as const,
      })),
    );
    mutatingBindings.push(...unboundOf(mutatingPolicies, ofKind('MutatingAdmissionPolicyBinding')));
  }
  return {
    policies,
    bindings,
    mutatingPolicies,
    mutatingBindings,
    problems,
    others: documents.filter((document) => !isOurs(document)),
  };
}

function isOurs({ object: { apiVersion, kind } }: PolicyDocument): boolean {
  return asString(apiVersion)?.startsWith(group) === true && ourKinds.includes(asString(kind) ?? '');
}

function policyNameOf(document: PolicyDocument): string {
  return asString(asObject(document.object['spec'])?.['policyName']) ?? '';
}

/** A binding for each policy that no document binds, usable or not. */
function unboundOf<Policy extends { readonly name: string }>(
  policies: readonly Policy[],
  documents: readonly PolicyDocument[],
): BindingOf<Policy>[] {
  const bound = new Set(documents.map(policyNameOf));
  return policies
    .filter(({ name }) => !bound.has(name))
    .map((policy) => ({ name: '', policy, paramRef: undefined, matchResources: undefined }));
}

interface ReadBinding<Read> {
  /** Undefined when it binds nothing. */
  readonly binding: Read | undefined;
  readonly problems: readonly Problem[];
}

function problemOf(
  document: PolicyDocument,
  kind: Problem['kind'],
  [message, member]: readonly [string, string],
): Problem {
  const location = document.locateValue(['spec', member]);
  return { kind, message: `binding '${nameOf(document.object)}': ${message}`, location, hidesFindings: true };
}

/** A binding to a policy that is not in the set is a problem: it would judge nothing in silence. */
function readCommon<Policy extends { readonly name: string }>(
  document: PolicyDocument,
  policies: readonly Policy[],
): ReadBinding<BindingOf<Policy>> {
  const spec = asObject(document.object['spec']);
  const policyName = policyNameOf(document);
  const policy = policies.find(({ name }) => name === policyName);
  if (policy === undefined) {
    const problem = problemOf(document, 'unresolved', [`there is no usable policy '${policyName}'`, 'policyName']);
    return { binding: undefined, problems: [problem] };
  }
  const paramRef = asObject(spec?.['paramRef']);
  const matchResources = asObject(spec?.['matchResources']);
  const problems = [
    ...(matchResources === undefined ? [] : matchFaults(matchResources, 'optional')).map(({ message }) =>
      problemOf(document, 'schema', [`matchResources: ${message}`, 'matchResources']),
    ),
    ...selectorFaults(paramRef?.['selector'], []).map(({ message }) =>
      problemOf(document, 'schema', [`paramRef: ${message}`, 'paramRef']),
    ),
  ];
  if (problems.length > 0) return { binding: undefined, problems };
  return { binding: { name: nameOf(document.object), policy, paramRef, matchResources }, problems };
}

/** So is one without an action that there is. */
function readBinding(document: PolicyDocument, policies: readonly CompiledPolicy[]): ReadBinding<Binding> {
  const stated = asArray(asObject(document.object['spec'])?.['validationActions']);
  const actions = validationActions.filter((action) => stated.includes(action));
  const { binding, problems } = readCommon(document, policies);
  if (actions.length > 0 && stated.every((action) => validationActions.includes(action as ValidationAction)))
    return { binding: binding === undefined ? undefined : { ...binding, actions }, problems };
  const message = `validationActions must hold ${validationActions.join(', ')}, at least one`;
  const problem = problemOf(document, 'schema', [message, 'validationActions']);
  return {
    binding: binding === undefined || actions.length === 0 ? undefined : { ...binding, actions },
    problems: [problem, ...problems],
  };
}
