// SPDX-License-Identifier: Apache-2.0
// The kinds of objects that scopes of KubeLinter name: groups such as DeploymentLike, single kinds with their API group, and Any.

import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';

const apps = ['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet'].map((kind) => `apps/${kind}`);
const jobs = ['batch/Job', 'batch/CronJob'];

/** Objects by `group/Kind`; the core group has an empty name. */
const groupKinds = {
  DeploymentLike: [...apps, 'apps.openshift.io/DeploymentConfig', '/Pod', '/ReplicationController', ...jobs],
  JobLike: jobs,
  Deployment: ['apps/Deployment'],
  DaemonSet: ['apps/DaemonSet'],
  StatefulSet: ['apps/StatefulSet'],
  ReplicaSet: ['apps/ReplicaSet'],
  DeploymentConfig: ['apps.openshift.io/DeploymentConfig'],
  Pod: ['/Pod'],
  ReplicationController: ['/ReplicationController'],
  Job: ['batch/Job'],
  CronJob: ['batch/CronJob'],
  Service: ['/Service'],
  ServiceAccount: ['/ServiceAccount'],
  PersistentVolumeClaim: ['/PersistentVolumeClaim'],
  Ingress: ['networking.k8s.io/Ingress'],
  NetworkPolicy: ['networking.k8s.io/NetworkPolicy'],
  HorizontalPodAutoscaler: ['autoscaling/HorizontalPodAutoscaler'],
  PodDisruptionBudget: ['policy/PodDisruptionBudget'],
  Role: ['rbac.authorization.k8s.io/Role'],
  ClusterRole: ['rbac.authorization.k8s.io/ClusterRole'],
  RoleBinding: ['rbac.authorization.k8s.io/RoleBinding'],
  ClusterRoleBinding: ['rbac.authorization.k8s.io/ClusterRoleBinding'],
  ScaledObject: ['keda.sh/ScaledObject'],
  SecurityContextConstraints: ['security.openshift.io/SecurityContextConstraints'],
  ServiceMonitor: ['monitoring.coreos.com/ServiceMonitor'],
  Central: ['platform.stackrox.io/Central'],
  SecuredCluster: ['platform.stackrox.io/SecuredCluster'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type NamedKind = keyof typeof groupKinds;
export type ObjectKind = NamedKind | 'Any';

export const objectKinds: readonly ObjectKind[] = [...(Object.keys(groupKinds) as (keyof typeof groupKinds)[]), 'Any'];

export function isObjectKind(name: string): name is ObjectKind {
  return name === 'Any' || Object.hasOwn(groupKinds, name);
}

export function isOfKind(resource: KubernetesResource, kinds: readonly ObjectKind[]): boolean {
  const name = `${groupOf(resource)}/${resource.kind}`;
  return kinds.some((kind) => kind === 'Any' || (groupKinds[kind] as readonly string[]).includes(name));
}

/** Kinds without their groups, for the `kinds` of a check. */
export function plainKinds(kinds: readonly NamedKind[]): readonly string[] {
  const names = kinds.flatMap((kind): readonly string[] => groupKinds[kind]);
  return [...new Set(names.map((name) => name.slice(name.indexOf('/') + 1)))];
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf({ apiVersion }: KubernetesResource): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** `v1` of `apps/v1`. */
export function versionOf({ apiVersion }: KubernetesResource): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

export const deploymentLike: readonly string[] = plainKinds(['DeploymentLike']);
