// SPDX-License-Identifier: Apache-2.0
// Minimal definitions of the kinds that policies and reports are installed as, for tests with a real API server. They check nothing of what is in them.
import type { JsonObject } from '../../src/formats/document.ts';

interface Defined {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Cluster' | 'Namespaced';
  /** A `status` subresource. */
  readonly hasStatus?: boolean;
}

export const policyDefinitions: readonly Defined[] = [
  {
    group: 'kyverno.io',
    version: 'v1',
    kind: 'ClusterPolicy',
    plural: 'clusterpolicies',
    scope: 'Cluster',
    hasStatus: true,
  },
  { group: 'kyverno.io', version: 'v1', kind: 'Policy', plural: 'policies', scope: 'Namespaced', hasStatus: true },
  { group: 'kyverno.io', version: 'v2', kind: 'PolicyException', plural: 'policyexceptions', scope: 'Namespaced' },
  {
    group: 'kyverno.io',
    version: 'v2',
    kind: 'ClusterCleanupPolicy',
    plural: 'clustercleanuppolicies',
    scope: 'Cluster',
    hasStatus: true,
  },
  {
    group: 'kyverno.io',
    version: 'v2',
    kind: 'GlobalContextEntry',
    plural: 'globalcontextentries',
    scope: 'Cluster',
    hasStatus: true,
  },
  {
    group: 'policies.kyverno.io',
    version: 'v1',
    kind: 'ValidatingPolicy',
    plural: 'validatingpolicies',
    scope: 'Cluster',
    hasStatus: true,
  },
  {
    group: 'policy.sigstore.dev',
    version: 'v1beta1',
    kind: 'ClusterImagePolicy',
    plural: 'clusterimagepolicies',
    scope: 'Cluster',
    hasStatus: true,
  },
];

export const reportDefinitions: readonly Defined[] = [
  { group: 'openreports.io', version: 'v1alpha1', kind: 'Report', plural: 'reports', scope: 'Namespaced' },
  { group: 'openreports.io', version: 'v1alpha1', kind: 'ClusterReport', plural: 'clusterreports', scope: 'Cluster' },
];

const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** An object of apiextensions.k8s.io/v1. */
export function definitionOf({ group, version, kind, plural, scope, hasStatus = false }: Defined): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // Groups of the project itself need the approval of its maintainers; these do not, but other names may come.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' },
    },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
              properties: { spec: anything, status: anything },
            },
          },
          ...(hasStatus ? { subresources: { status: {} } } : {}),
        },
      ],
    },
  };
}
