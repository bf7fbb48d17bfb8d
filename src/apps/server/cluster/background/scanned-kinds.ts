// SPDX-License-Identifier: Apache-2.0
// Which kinds of a cluster policies are about: what they state, against what the server has.
import type { KubeResource } from '../../../../io/kube/client.ts';
import type { PolicyInterest } from '../../../../policy/engine.ts';
import type { PolicySet } from '../../../../policy/policy-set.ts';

/** Kinds that come and go all the time, or hold what others are scanned for. */
const never: ReadonlySet<string> = new Set([
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'endpointslices.discovery.k8s.io',
  'endpoints',
  'componentstatuses',
  'reports.openreports.io',
  'clusterreports.openreports.io',
  'policyreports.wgpolicyk8s.io',
  'clusterpolicyreports.wgpolicyk8s.io',
  'ephemeralreports.reports.kyverno.io',
  'clusterephemeralreports.reports.kyverno.io',
]);

/** Each is a watch, where kinds are watched. */
const mostKinds = 100;

export interface ScannedKinds {
  readonly kinds: readonly KubeResource[];
  /** More than are scanned: `limits.shop.example`. */
  readonly left: readonly string[];
}

/**
 * Each resource in the version that the server prefers. `resources` as discovery tells them, preferred versions first. A policy that is about everything
 * (no interests, or `*`) is about every kind that can be listed and watched. `most`: so many kinds; who only lists needs no limit.
 */
export function scannedKinds(
  interests: readonly PolicyInterest[],
  resources: readonly KubeResource[],
  most = mostKinds,
): ScannedKinds {
  const found = new Map<string, KubeResource>();
  for (const resource of resources) {
    const name = nameOf(resource);
    if (found.has(name) || never.has(name)) continue;
    const { verbs = [] } = resource;
    if (!verbs.includes('list') || !verbs.includes('watch')) continue;
    if (interests.some((interest) => isAbout(interest, resource))) found.set(name, resource);
  }
  const all = [...found.values()];
  return { kinds: all.slice(0, most), left: all.slice(most).map(nameOf) };
}

/** What the policies of a set are about, in all. */
export function interestsOf(set: PolicySet): readonly PolicyInterest[] {
  const facts = set.engines.flatMap(({ policies }) => policies);
  return facts.flatMap(({ interests }) => (interests.length === 0 ? [everything] : interests));
}

const everything: PolicyInterest = { groups: ['*'], resources: ['*'], operations: ['*'] };

/** `deployments.apps`, `pods`. */
export function nameOf(resource: KubeResource): string {
  const group = groupOf(resource);
  return group === '' ? resource.resource : `${resource.resource}.${group}`;
}

export function groupOf({ apiVersion }: Pick<KubeResource, 'apiVersion'>): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** Subresources are no objects of their own. */
function isAbout({ groups, resources, operations }: PolicyInterest, resource: KubeResource): boolean {
  if (!groups.includes('*') && !groups.includes(groupOf(resource))) return false;
  // What is there was created once; rules about nothing but deletions have nothing to say of it.
  if (operations.length > 0 && operations.every((operation) => operation === 'DELETE' || operation === 'CONNECT'))
    return false;
  return resources.some((pattern) => pattern === '*' || pattern === '*/*' || pattern === resource.resource);
}
