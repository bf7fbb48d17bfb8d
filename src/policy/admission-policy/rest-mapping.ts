// SPDX-License-Identifier: Apache-2.0
// The resources of the kinds that Kubernetes has built in, as its discovery gives them: group, versions, plural and scope. Kinds that are not here
// (custom resources) are mapped by the rule of apimachinery's meta.UnsafeGuessKindToResource.

interface GroupKinds {
  readonly versions: readonly string[];
  /** `Kind` or `Kind=resource` where the guess would be wrong. */
  readonly namespaced: string;
  readonly cluster: string;
}

const groups: Readonly<Record<string, GroupKinds>> = {
  '': {
    versions: ['v1'],
    namespaced:
      'Pod Service Endpoints=endpoints ConfigMap Secret ServiceAccount PersistentVolumeClaim ReplicationController ResourceQuota LimitRange Event PodTemplate Binding',
    cluster: 'Namespace Node PersistentVolume ComponentStatus',
  },
  apps: {
    versions: ['v1', 'v1beta2', 'v1beta1'],
    namespaced: 'Deployment StatefulSet DaemonSet ReplicaSet ControllerRevision',
    cluster: '',
  },
  extensions: {
    versions: ['v1beta1'],
    namespaced: 'Deployment DaemonSet ReplicaSet Ingress NetworkPolicy',
    cluster: 'PodSecurityPolicy',
  },
  batch: { versions: ['v1', 'v1beta1'], namespaced: 'Job CronJob', cluster: '' },
  autoscaling: { versions: ['v2', 'v1', 'v2beta2', 'v2beta1'], namespaced: 'HorizontalPodAutoscaler', cluster: '' },
  policy: { versions: ['v1', 'v1beta1'], namespaced: 'PodDisruptionBudget Eviction', cluster: 'PodSecurityPolicy' },
  'networking.k8s.io': {
    versions: ['v1', 'v1beta1'],
    namespaced: 'Ingress NetworkPolicy',
    cluster: 'IngressClass IPAddress ServiceCIDR',
  },
  'rbac.authorization.k8s.io': {
    versions: ['v1', 'v1beta1', 'v1alpha1'],
    namespaced: 'Role RoleBinding',
    cluster: 'ClusterRole ClusterRoleBinding',
  },
  'storage.k8s.io': {
    versions: ['v1', 'v1beta1', 'v1alpha1'],
    namespaced: 'CSIStorageCapacity=csistoragecapacities',
    cluster: 'StorageClass VolumeAttachment CSIDriver CSINode VolumeAttributesClass',
  },
  'coordination.k8s.io': { versions: ['v1', 'v1beta1', 'v1alpha2'], namespaced: 'Lease LeaseCandidate', cluster: '' },
  'discovery.k8s.io': { versions: ['v1', 'v1beta1'], namespaced: 'EndpointSlice', cluster: '' },
  'events.k8s.io': { versions: ['v1', 'v1beta1'], namespaced: 'Event', cluster: '' },
  'scheduling.k8s.io': { versions: ['v1', 'v1beta1'], namespaced: '', cluster: 'PriorityClass' },
  'node.k8s.io': { versions: ['v1', 'v1beta1'], namespaced: '', cluster: 'RuntimeClass' },
  'certificates.k8s.io': {
    versions: ['v1', 'v1beta1', 'v1alpha1'],
    namespaced: '',
    cluster: 'CertificateSigningRequest ClusterTrustBundle',
  },
  'admissionregistration.k8s.io': {
    versions: ['v1', 'v1beta1', 'v1alpha1'],
    namespaced: '',
    cluster:
      'ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding',
  },
  'apiextensions.k8s.io': { versions: ['v1', 'v1beta1'], namespaced: '', cluster: 'CustomResourceDefinition' },
  'apiregistration.k8s.io': { versions: ['v1', 'v1beta1'], namespaced: '', cluster: 'APIService' },
  'flowcontrol.apiserver.k8s.io': {
    versions: ['v1', 'v1beta3', 'v1beta2'],
    namespaced: '',
    cluster: 'FlowSchema PriorityLevelConfiguration',
  },
  'resource.k8s.io': {
    versions: ['v1', 'v1beta2', 'v1beta1'],
    namespaced: 'ResourceClaim ResourceClaimTemplate',
    cluster: 'DeviceClass=deviceclasses ResourceSlice',
  },
  'authentication.k8s.io': { versions: ['v1'], namespaced: '', cluster: 'TokenReview SelfSubjectReview' },
  'authorization.k8s.io': {
    versions: ['v1'],
    namespaced: 'LocalSubjectAccessReview',
    cluster: 'SubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview',
  },
};

export interface RestMapping {
  readonly resource: string;
  /** `unknown` for kinds that are not built in. */
  readonly scope: 'Namespaced' | 'Cluster' | 'unknown';
}

/** `Ingress` to `ingresses`, `NetworkPolicy` to `networkpolicies`. */
function guessResource(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith('s')) return `${lower}es`;
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

function mappingsOf(list: string, scope: RestMapping['scope']): [string, RestMapping][] {
  return list
    .split(' ')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [kind = '', resource] = entry.split('=');
      return [kind, { resource: resource ?? guessResource(kind), scope }];
    });
}

const byGroup: ReadonlyMap<string, ReadonlyMap<string, RestMapping>> = new Map(
  Object.entries(groups).map(([group, { namespaced, cluster }]) => [
    group,
    new Map([...mappingsOf(namespaced, 'Namespaced'), ...mappingsOf(cluster, 'Cluster')]),
  ]),
);

/** Resource and scope of a kind. */
export function restMapping(group: string, kind: string): RestMapping {
  return byGroup.get(group)?.get(kind) ?? { resource: guessResource(kind), scope: 'unknown' };
}

/** Groups that serve a built-in kind, with its resource and scope; none for custom kinds. */
export function mappingsOfKind(kind: string): readonly (RestMapping & { readonly group: string })[] {
  return [...byGroup].flatMap(([group, kinds]) => {
    const mapping = kinds.get(kind);
    return mapping === undefined ? [] : [{ ...mapping, group }];
  });
}

/** The built-in kind that a group serves under a resource's name. */
export function kindOfResource(group: string, resource: string): string | undefined {
  for (const [kind, mapping] of byGroup.get(group) ?? []) if (mapping.resource === resource) return kind;
  return undefined;
}

/** Groups that have served the same built-in kinds: objects of one are objects of the other (matchPolicy: Equivalent). */
const equivalentGroups: Readonly<Record<string, readonly string[]>> = {
  deployments: ['apps', 'extensions'],
  daemonsets: ['apps', 'extensions'],
  replicasets: ['apps', 'extensions'],
  ingresses: ['networking.k8s.io', 'extensions'],
  networkpolicies: ['networking.k8s.io', 'extensions'],
  podsecuritypolicies: ['policy', 'extensions'],
  events: ['', 'events.k8s.io'],
};

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Groups and versions of each built-in resource, by its group; every rule of every policy asks for them. */
const servedByGroup: ReadonlyMap<string, ReadonlyMap<string, readonly GroupVersion[]>> = new Map(
  [...byGroup].map(([group, kinds]) => {
    const served = (groups[group]?.versions ?? []).map((version) => ({ group, version }));
    return [group, new Map([...kinds.values()].map(({ resource }) => [resource, served]))];
  }),
);

/** Groups and versions under which the API server serves a built-in resource, itself included. */
export function equivalentsOf(resource: string, own: GroupVersion): readonly GroupVersion[] {
  const names = Object.hasOwn(equivalentGroups, resource) ? equivalentGroups[resource] : undefined;
  const among = names?.includes(own.group) === true ? names : [own.group];
  return [own, ...among.flatMap((group) => servedByGroup.get(group)?.get(resource) ?? [])];
}
