// SPDX-License-Identifier: Apache-2.0
// A translated ValidatingPolicy as the ValidatingAdmissionPolicy and binding that a cluster has without Kyverno. Controllers of Pods get policies of their
// own; what asks for Kyverno's functions is refused.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../formats/document.ts';
import { controllerSpecs } from '../cel/autogen.ts';
import { CannotCarryOver } from './cel-text.ts';

/** Names that only Kyverno's libraries have. */
const foreign =
  /\b(?:resource\.(?:Get|List)|globalContext\.Get|http\.(?:Get|Post)|json\.Unmarshal|image\.GetMetadata)\(/;

export type AdmissionTranslation =
  | { readonly kind: 'policies'; readonly objects: readonly JsonObject[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Never throws. */
export function admissionPoliciesOf(policy: JsonObject): AdmissionTranslation {
  try {
    return { kind: 'policies', objects: objectsOf(policy) };
  } catch (thrown) {
    if (!(thrown instanceof CannotCarryOver)) throw thrown;
    return { kind: 'refused', reason: thrown.message };
  }
}

function objectsOf(policy: JsonObject): readonly JsonObject[] {
  if (policy['kind'] !== 'ValidatingPolicy')
    throw new CannotCarryOver(`a ${asString(policy['kind']) ?? 'policy'}, which has no counterpart in Kubernetes`);
  const spec = asObject(policy['spec']) ?? {};
  const [found] = foreign.exec(JSON.stringify(spec)) ?? [];
  if (found !== undefined) throw new CannotCarryOver(`${found.slice(0, -1)}, which only Kyverno has`);
  const metadata = asObject(policy['metadata']) ?? {};
  const name = asString(metadata['name']) ?? '';
  return [spec, ...controllerSpecs(spec)].flatMap((each, index) =>
    pairOf(
      each,
      { ...metadata, name: index === 0 ? name : `${name}-controllers${index === 1 ? '' : `-${index}`}` },
      spec,
    ),
  );
}

function pairOf(spec: JsonObject, metadata: JsonObject, original: JsonObject): readonly JsonObject[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const { matchConstraints, matchConditions, variables, validations, auditAnnotations, failurePolicy } = spec;
  const written = { failurePolicy, matchConstraints, matchConditions, variables, validations, auditAnnotations };
  const members = Object.entries(written).filter(([, value]) => value !== undefined);
  const policy: JsonObject = {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata,
    spec: Object.fromEntries(members),
  };
  const binding: JsonObject = {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: metadata['name'] },
    spec: { policyName: metadata['name'], validationActions: actionsOf(asArray(original['validationActions'])) },
  };
  return [policy, binding];
}

function actionsOf(actions: readonly unknown[]): readonly string[] {
  const stated = asStrings(actions);
  return stated.length === 0 ? ['Audit'] : stated;
}
