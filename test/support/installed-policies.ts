// SPDX-License-Identifier: Apache-2.0
// Kinds of policies that a test server has, policies of them, and Pods that they judge.
import type { JsonObject } from '../../src/formats/document.ts';
import type { KubeResource } from '../../src/io/kube/client.ts';
import type { KubeObject } from './kube-server.ts';

export const admission = 'admissionregistration.k8s.io/v1';
const kindOf = (
  kind: string,
  apiVersion: string,
  resource: string,
  more: Partial<KubeResource> = {},
): KubeResource => ({
  apiVersion,
  kind,
  resource,
  namespaced: false,
  subresources: ['status'],
  ...more,
});
export const clusterPolicy = kindOf('ClusterPolicy', 'kyverno.io/v1', 'clusterpolicies');
export const exceptions = kindOf('PolicyException', 'kyverno.io/v2', 'policyexceptions', {
  namespaced: true,
  subresources: [],
});
export const cleanups = kindOf('ClusterCleanupPolicy', 'kyverno.io/v2', 'clustercleanuppolicies');
export const imagePolicy = kindOf('ImageValidatingPolicy', 'policies.kyverno.io/v1', 'imagevalidatingpolicies');
export const sigstore = kindOf('ClusterImagePolicy', 'policy.sigstore.dev/v1beta1', 'clusterimagepolicies');
export const configMaps: KubeResource = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
};
export const vap = kindOf('ValidatingAdmissionPolicy', admission, 'validatingadmissionpolicies');
export const vapBinding = kindOf('ValidatingAdmissionPolicyBinding', admission, 'validatingadmissionpolicybindings');

/** Pods of the namespace `shop` need a label. */
export const policy = (name: string, label: string, more: object = {}): KubeObject => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name, generation: 1 },
  spec: {
    validationFailureAction: 'Enforce',
    rules: [
      {
        name: 'label',
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        validate: { message: `needs ${label}`, pattern: { metadata: { labels: { [label]: '?*' } } } },
        ...more,
      },
    ],
  },
});
export const broken = (name: string): KubeObject => policy(name, 'x', { validate: { nonsense: true } });
export const podWith = (...labels: readonly string[]): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', labels: Object.fromEntries(labels.map((label) => [label, 'a'])) },
  spec: { containers: [{ name: 'a', image: 'a' }] },
});
