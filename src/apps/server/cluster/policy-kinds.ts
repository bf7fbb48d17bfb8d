// SPDX-License-Identifier: Apache-2.0
// Kinds of policies that may be installed in a cluster, and which of them are, in which version. A new kind is one line.
import type { KubeResource } from '../../../io/kube/client.ts';
import { settingsName } from '../../../policy/image-policy/settings.ts';

/** Where policies are taken from: custom resources, or the admission policies that the API server judges by itself as well. */
export type PolicyOrigin = 'cluster' | 'admission-policies';

export interface PolicyKind {
  readonly group: string;
  readonly kind: string;
  /** Versions that are read, the best one first. */
  readonly versions: readonly string[];
  readonly origin: PolicyOrigin;
  /** Where conditions stand below `status`; undefined: the kind has none. */
  readonly conditions: readonly string[] | undefined;
}

const kyverno = ['v1', 'v2beta1'];
const exception = ['v2', 'v2beta1'];
const cleanup = ['v2', 'v2beta1', 'v2alpha1'];
const cel = ['v1', 'v1beta1', 'v1alpha1'];

function line(
  group: string,
  kind: string,
  versions: readonly string[],
  rest: Partial<Pick<PolicyKind, 'origin' | 'conditions'>> = {},
): PolicyKind {
  return { group, kind, versions, origin: 'cluster', conditions: undefined, ...rest };
}

const plain = { conditions: ['conditions'] };
const nested = { conditions: ['conditionStatus', 'conditions'] };
const own = { origin: 'admission-policies' } as const;

export const policyKinds: readonly PolicyKind[] = [
  line('kyverno.io', 'ClusterPolicy', kyverno, plain),
  line('kyverno.io', 'Policy', kyverno, plain),
  line('kyverno.io', 'PolicyException', exception),
  line('kyverno.io', 'CleanupPolicy', cleanup, plain),
  line('kyverno.io', 'ClusterCleanupPolicy', cleanup, plain),
  // Whether its value can be had changes from minute to minute: metrics and logs tell.
  line('kyverno.io', 'GlobalContextEntry', ['v2', 'v2beta1', 'v2alpha1']),
  line('policies.kyverno.io', 'ValidatingPolicy', cel, nested),
  line('policies.kyverno.io', 'NamespacedValidatingPolicy', cel, nested),
  line('policies.kyverno.io', 'MutatingPolicy', cel, nested),
  line('policies.kyverno.io', 'NamespacedMutatingPolicy', cel, nested),
  line('policies.kyverno.io', 'GeneratingPolicy', cel, nested),
  line('policies.kyverno.io', 'NamespacedGeneratingPolicy', cel, nested),
  line('policies.kyverno.io', 'DeletingPolicy', cel, nested),
  line('policies.kyverno.io', 'NamespacedDeletingPolicy', cel, nested),
  line('policies.kyverno.io', 'ImageValidatingPolicy', cel, nested),
  line('policies.kyverno.io', 'NamespacedImageValidatingPolicy', cel, nested),
  line('policies.kyverno.io', 'PolicyException', cel),
  line('policy.sigstore.dev', 'ClusterImagePolicy', ['v1beta1', 'v1alpha1'], plain),
  line('policy.sigstore.dev', 'TrustRoot', ['v1alpha1'], plain),
  line('admissionregistration.k8s.io', 'ValidatingAdmissionPolicy', ['v1', 'v1beta1'], own),
  line('admissionregistration.k8s.io', 'ValidatingAdmissionPolicyBinding', ['v1', 'v1beta1'], own),
  line('admissionregistration.k8s.io', 'MutatingAdmissionPolicy', ['v1', 'v1beta1', 'v1alpha1'], own),
  line('admissionregistration.k8s.io', 'MutatingAdmissionPolicyBinding', ['v1', 'v1beta1', 'v1alpha1'], own),
];

export interface InstalledKind {
  readonly kind: PolicyKind;
  readonly resource: KubeResource;
  readonly hasStatus: boolean;
  /** Only this object of the kind. */
  readonly only?: { readonly namespace: string; readonly name: string };
}

/** policy-controller's own ConfigMap, as a kind of which there is one. */
export function settingsKind(namespace: string): InstalledKind {
  return {
    kind: { group: '', kind: 'ConfigMap', versions: ['v1'], origin: 'cluster', conditions: undefined },
    resource: { apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespaced: true },
    hasStatus: false,
    only: { namespace, name: settingsName },
  };
}

/** Those that the server has, each in the best version of it. A kind of which it has only versions that are not read is in `unread`. */
export function installedKinds(
  resources: readonly KubeResource[],
  origins: ReadonlySet<PolicyOrigin>,
): { readonly installed: readonly InstalledKind[]; readonly unread: readonly string[] } {
  const installed: InstalledKind[] = [];
  const unread: string[] = [];
  for (const kind of policyKinds) {
    if (!origins.has(kind.origin)) continue;
    const served = resources.filter(
      (resource) => resource.kind === kind.kind && resource.apiVersion.startsWith(`${kind.group}/`),
    );
    const versions = kind.versions.map((version) => `${kind.group}/${version}`);
    const best = versions
      .map((version) => served.find(({ apiVersion }) => apiVersion === version))
      .find((resource) => resource !== undefined);
    if (best !== undefined)
      installed.push({ kind, resource: best, hasStatus: best.subresources?.includes('status') === true });
    else if (served.length > 0) unread.push(`${kind.kind} (${served.map(({ apiVersion }) => apiVersion).join(', ')})`);
  }
  return { installed, unread };
}
