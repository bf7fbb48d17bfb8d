// SPDX-License-Identifier: Apache-2.0
// Kinds of policies that there are, whoever speaks them: what no engine takes must not pass for an object that was judged.
import type { JsonObject } from '../../formats/document.ts';
import { asString } from '../../formats/document.ts';

const dialects: readonly (readonly [group: RegExp, dialect: string])[] = [
  [/^(?:policies\.)?kyverno\.io\//, 'Kyverno'],
  [/^policy\.kyverno\.io\//, 'Kyverno'],
  [/^(?:templates|constraints|config|mutations|expansion)\.gatekeeper\.sh\//, 'Gatekeeper'],
  [/^policy\.sigstore\.dev\//, "Sigstore's policy-controller"],
  [/^admissionregistration\.k8s\.io\//, 'Kubernetes admission'],
  [/^(?:pod-security\.admission\.config|apiserver\.config)\.k8s\.io\//, 'Pod Security admission'],
];

/** Objects of these groups that are no policies. */
const noPolicies: ReadonlySet<string> = new Set([
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'EncryptionConfiguration',
]);

/** Name of the dialect of a policy document; undefined for everything else. */
export function policyDialectOf(object: JsonObject): string | undefined {
  const version = asString(object['apiVersion']) ?? '';
  if (noPolicies.has(asString(object['kind']) ?? '')) return undefined;
  return dialects.find(([group]) => group.test(version))?.[1];
}

const kinds: Readonly<Record<string, readonly string[]>> = {
  Kyverno: [
    'ClusterPolicy',
    'Policy',
    'ValidatingPolicy',
    'MutatingPolicy',
    'GeneratingPolicy',
    'DeletingPolicy',
    'ImageValidatingPolicy',
    'CleanupPolicy',
    'ClusterCleanupPolicy',
    'PolicyException',
    'GlobalContextEntry',
  ],
  'Kubernetes admission': [
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
  ],
  "Sigstore's policy-controller": ['ClusterImagePolicy', 'TrustRoot'],
};

/** Kinds that are taken of a dialect, for hints about misspelt ones. */
export function kindsOfDialect(dialect: string): readonly string[] {
  return kinds[dialect] ?? [];
}
