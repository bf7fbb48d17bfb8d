// SPDX-License-Identifier: Apache-2.0
// What admission policies and bindings are after compilation: programs with the facts that evaluation needs. How they get there is in
// policy-compiler.ts and policy-set.ts.

import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import type { CelProgram } from '../cel/program.ts';

/** What compile reads of a document: formats/kubernetes-yaml gives such. */
export interface PolicyDocument {
  readonly object: JsonObject;
  /** Where the value of a member stands. */
  locateValue(path: DocumentPath): Location;
}

export interface NamedProgram {
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

export interface CompiledMutation {
  readonly patchType: 'ApplyConfiguration' | 'JSONPatch';
  readonly expression: string;
  readonly program: CelProgram;
  readonly location: Location;
}

interface PolicyCore {
  readonly name: string;
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly paramKind: ParamKind | undefined;
  readonly matchConstraints: JsonObject | undefined;
  readonly matchConditions: readonly NamedProgram[];
  /** In their order: each sees those before it. */
  readonly variables: readonly NamedProgram[];
}

export interface ParamKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A ValidatingAdmissionPolicy. */
export interface CompiledPolicy extends PolicyCore {
  readonly kind: 'validating';
  readonly validations: readonly CompiledValidation[];
  readonly auditAnnotations: readonly NamedProgram[];
}

/** A MutatingAdmissionPolicy. */
export interface CompiledMutatingPolicy extends PolicyCore {
  readonly kind: 'mutating';
  readonly mutations: readonly CompiledMutation[];
  readonly reinvocationPolicy: 'Never' | 'IfNeeded';
}

export const validationActions = ['Deny', 'Warn', 'Audit'] as const;
export type ValidationAction = (typeof validationActions)[number];

export interface BindingOf<Policy> {
  readonly name: string;
  readonly policy: Policy;
  readonly paramRef: JsonObject | undefined;
  readonly matchResources: JsonObject | undefined;
}

export interface Binding extends BindingOf<CompiledPolicy> {
  /** At least one. */
  readonly actions: readonly ValidationAction[];
}

export type MutatingBinding = BindingOf<CompiledMutatingPolicy>;

export function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['name']) ?? '';
}
