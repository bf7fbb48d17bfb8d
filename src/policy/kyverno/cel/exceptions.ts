// SPDX-License-Identifier: Apache-2.0
// PolicyException of policies.kyverno.io: resources, images or values that a CEL policy lets through.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../formats/document.ts';
import { callCostLimit, kubernetesEnvironment } from '../../cel/kubernetes.ts';
import type { CelProgram } from '../../cel/program.ts';
import { compileCel } from '../../cel/program.ts';
import { dynType } from '../../cel/types.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError } from '../../cel/values.ts';
import { isCelGroup } from './autogen.ts';

export interface CelException {
  readonly name: string;
  readonly policies: readonly { readonly name: string; readonly kind: string }[];
  readonly conditions: readonly CelProgram[];
  readonly images: readonly string[];
  readonly allowedValues: readonly string[];
  readonly result: 'pass' | 'skip';
}

export type CompiledCelException =
  | { readonly kind: 'exception'; readonly exception: CelException }
  | { readonly kind: 'invalid'; readonly message: string };

export function isCelException(object: JsonObject): boolean {
  return object['kind'] === 'PolicyException' && isCelGroup(object['apiVersion']);
}

const environment = kubernetesEnvironment({
  variables: ['object', 'oldObject', 'request', 'namespaceObject', 'exceptions'].map((name) => ({
    name,
    type: dynType,
  })),
});

export function compileCelException(object: JsonObject): CompiledCelException {
  const metadata = asObject(object['metadata']) ?? {};
  const spec = asObject(object['spec']) ?? {};
  const conditions: CelProgram[] = [];
  for (const item of asArray(spec['matchConditions'])) {
    const compiled = compileCel(asString(asObject(item)?.['expression']) ?? '', environment);
    if (compiled.kind === 'fault')
      return { kind: 'invalid', message: compiled.faults[0]?.message ?? 'a condition cannot be compiled' };
    conditions.push(compiled.program);
  }
  return {
    kind: 'exception',
    exception: {
      name: [asString(metadata['namespace']), asString(metadata['name'])]
        .filter((part) => part !== undefined)
        .join('/'),
      policies: asArray(spec['policyRefs']).map((item) => {
        const { name, kind } = asObject(item) ?? {};
        return { name: asString(name) ?? '', kind: asString(kind) ?? '' };
      }),
      conditions,
      images: asStrings(spec['images']),
      allowedValues: asStrings(spec['allowedValues']),
      result: spec['reportResult'] === 'pass' ? 'pass' : 'skip',
    },
  };
}

export interface Excepted {
  /** The whole policy is passed over. */
  readonly skips: boolean;
  readonly result: 'pass' | 'skip';
  readonly names: readonly string[];
  readonly allowedImages: readonly string[];
  readonly allowedValues: readonly string[];
}

/**
 * What the exceptions for a policy come to; those with images or values leave the decision to its expressions. An exception whose conditions cannot be
 * evaluated is an error; with `failurePolicy: Ignore`, which would let the error through, it excepts nothing and the policy judges (as in Kyverno).
 */
export function exceptionsFor(
  policy: { readonly name: string; readonly kind: string; readonly failurePolicy?: 'Fail' | 'Ignore' },
  exceptions: readonly CelException[],
  base: readonly CelValue[],
): Excepted | CelError {
  const matching: CelException[] = [];
  for (const exception of exceptions) {
    if (!exception.policies.some(({ name, kind }) => name === policy.name && (kind === '' || kind === policy.kind)))
      continue;
    const results = exception.conditions.map((program) => program.evaluateSlots(base, callCostLimit).value);
    if (results.includes(false)) continue;
    const odd = results.find((result) => result !== true);
    if (odd !== undefined && policy.failurePolicy === 'Ignore') continue;
    if (odd !== undefined)
      return odd instanceof CelError ? odd : new CelError('a condition of an exception must be a bool');
    matching.push(exception);
  }
  const allowedImages = matching.flatMap(({ images }) => images);
  const allowedValues = matching.flatMap((exception) => exception.allowedValues);
  return {
    skips: matching.length > 0 && allowedImages.length === 0 && allowedValues.length === 0,
    result: matching[0]?.result ?? 'skip',
    names: matching.map(({ name }) => name),
    allowedImages,
    allowedValues,
  };
}
