// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../formats/kubernetes-yaml/resources.ts';
import { ReplayCluster } from './replay-cluster.ts';

function read(text: string): KubernetesResource {
  const [resource] = resourcesOf(parseKubernetesYaml(text, 'objects.yaml')).resources;
  if (resource === undefined) throw new Error('no document');
  return resource;
}

function clusterWith(...texts: readonly string[]): ReplayCluster {
  const cluster = new ReplayCluster({ now: () => 0, random: () => 0 });
  for (const text of texts) expect(cluster.write(read(text), 'apply')).toBeUndefined();
  return cluster;
}

const policy = (action: string): string => `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p}
spec:
  validationFailureAction: ${action}
  rules:
  - name: r
    match: {any: [{resources: {kinds: [ConfigMap]}}]}
    validate: {message: m, pattern: {data: {a: "1"}}}
`;
const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: shop}\ndata: {a: "2"}';
const generate = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: g}
spec:
  rules:
  - name: r
    match: {any: [{resources: {kinds: [Namespace]}}]}
    generate: {apiVersion: v1, kind: ConfigMap, name: made, namespace: "{{request.object.metadata.name}}", data: {data: {a: b}}}
`;

describe('a cluster in memory', () => {
  it('refuses what a policy refuses, and stores nothing', () => {
    const cluster = clusterWith(policy('Enforce'));

    expect(cluster.write(read(map), 'apply')).toContain('p/r: fail');
    expect(cluster.has(read(map).object)).toBe(false);
  });

  it('takes a policy that is patched at once', () => {
    const cluster = clusterWith(policy('Audit'), map);

    cluster.write(read(policy('Enforce')), 'patch');

    expect(cluster.write(read(map.replace('name: m', 'name: n')), 'apply')).toBeDefined();
  });

  it('has what policies generate', () => {
    const cluster = clusterWith(generate, 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}');

    expect(cluster.has({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made', namespace: 'shop' } })).toBe(
      true,
    );
  });

  it('refuses a policy that cannot be compiled', () => {
    const cluster = clusterWith();

    expect(cluster.write(read(policy('Enforce').replace('pattern', 'patern')), 'apply')).toContain('patern');
  });
});
