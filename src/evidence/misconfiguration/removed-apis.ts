// SPDX-License-Identifier: Apache-2.0
// API versions that Kubernetes no longer serves, with what replaced them: https://kubernetes.io/docs/reference/using-api/deprecation-guide/

export interface Removal {
  /** Version of Kubernetes that no longer has it. */
  readonly version: string;
  /** API version that has the kind now; absent when nothing has. */
  readonly replacement?: string;
}

interface Row {
  readonly from: readonly string[];
  readonly kinds: readonly string[];
  readonly version: string;
  readonly to?: string;
}

const rows: readonly Row[] = [
  {
    from: ['extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2'],
    kinds: ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet', 'ControllerRevision'],
    version: '1.16',
    to: 'apps/v1',
  },
  { from: ['extensions/v1beta1'], kinds: ['NetworkPolicy'], version: '1.16', to: 'networking.k8s.io/v1' },
  { from: ['extensions/v1beta1'], kinds: ['PodSecurityPolicy'], version: '1.16' },
  {
    from: ['admissionregistration.k8s.io/v1beta1'],
    kinds: ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
    version: '1.22',
    to: 'admissionregistration.k8s.io/v1',
  },
  {
    from: ['apiextensions.k8s.io/v1beta1'],
    kinds: ['CustomResourceDefinition'],
    version: '1.22',
    to: 'apiextensions.k8s.io/v1',
  },
  { from: ['apiregistration.k8s.io/v1beta1'], kinds: ['APIService'], version: '1.22', to: 'apiregistration.k8s.io/v1' },
  { from: ['authentication.k8s.io/v1beta1'], kinds: ['TokenReview'], version: '1.22', to: 'authentication.k8s.io/v1' },
  {
    from: ['authorization.k8s.io/v1beta1'],
    kinds: ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SubjectAccessReview', 'SelfSubjectRulesReview'],
    version: '1.22',
    to: 'authorization.k8s.io/v1',
  },
  {
    from: ['certificates.k8s.io/v1beta1'],
    kinds: ['CertificateSigningRequest'],
    version: '1.22',
    to: 'certificates.k8s.io/v1',
  },
  { from: ['coordination.k8s.io/v1beta1'], kinds: ['Lease'], version: '1.22', to: 'coordination.k8s.io/v1' },
  {
    from: ['extensions/v1beta1', 'networking.k8s.io/v1beta1'],
    kinds: ['Ingress'],
    version: '1.22',
    to: 'networking.k8s.io/v1',
  },
  { from: ['networking.k8s.io/v1beta1'], kinds: ['IngressClass'], version: '1.22', to: 'networking.k8s.io/v1' },
  {
    from: ['rbac.authorization.k8s.io/v1beta1', 'rbac.authorization.k8s.io/v1alpha1'],
    kinds: ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
    version: '1.22',
    to: 'rbac.authorization.k8s.io/v1',
  },
  { from: ['scheduling.k8s.io/v1beta1'], kinds: ['PriorityClass'], version: '1.22', to: 'scheduling.k8s.io/v1' },
  {
    from: ['storage.k8s.io/v1beta1'],
    kinds: ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
    version: '1.22',
    to: 'storage.k8s.io/v1',
  },
  { from: ['batch/v1beta1', 'batch/v2alpha1'], kinds: ['CronJob'], version: '1.25', to: 'batch/v1' },
  { from: ['discovery.k8s.io/v1beta1'], kinds: ['EndpointSlice'], version: '1.25', to: 'discovery.k8s.io/v1' },
  { from: ['events.k8s.io/v1beta1'], kinds: ['Event'], version: '1.25', to: 'events.k8s.io/v1' },
  { from: ['policy/v1beta1'], kinds: ['PodDisruptionBudget'], version: '1.25', to: 'policy/v1' },
  { from: ['policy/v1beta1'], kinds: ['PodSecurityPolicy'], version: '1.25' },
  { from: ['node.k8s.io/v1beta1'], kinds: ['RuntimeClass'], version: '1.25', to: 'node.k8s.io/v1' },
  { from: ['autoscaling/v2beta1'], kinds: ['HorizontalPodAutoscaler'], version: '1.25', to: 'autoscaling/v2' },
  { from: ['autoscaling/v2beta2'], kinds: ['HorizontalPodAutoscaler'], version: '1.26', to: 'autoscaling/v2' },
  {
    from: ['flowcontrol.apiserver.k8s.io/v1beta1'],
    kinds: ['FlowSchema', 'PriorityLevelConfiguration'],
    version: '1.26',
    to: 'flowcontrol.apiserver.k8s.io/v1',
  },
  { from: ['storage.k8s.io/v1beta1'], kinds: ['CSIStorageCapacity'], version: '1.27', to: 'storage.k8s.io/v1' },
  {
    from: ['flowcontrol.apiserver.k8s.io/v1beta2'],
    kinds: ['FlowSchema', 'PriorityLevelConfiguration'],
    version: '1.29',
    to: 'flowcontrol.apiserver.k8s.io/v1',
  },
  {
    from: ['flowcontrol.apiserver.k8s.io/v1beta3'],
    kinds: ['FlowSchema', 'PriorityLevelConfiguration'],
    version: '1.32',
    to: 'flowcontrol.apiserver.k8s.io/v1',
  },
];

const removals = new Map<string, Removal>(
  rows.flatMap(({ from, kinds, version, to }) =>
    from.flatMap((api) =>
      kinds.map((kind) => [`${api} ${kind}`, { version, ...(to === undefined ? {} : { replacement: to }) }] as const),
    ),
  ),
);

export function removalOf(apiVersion: string, kind: string): Removal | undefined {
  return removals.get(`${apiVersion} ${kind}`);
}
