// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import { checkManifests } from '../check-manifests.ts';
import { manifestChecks } from '../checks/index.ts';
import type { ManifestProfile } from '../manifest-check.ts';

function dangling(profile: ManifestProfile, ...manifests: readonly string[]): readonly string[] {
  const { resources } = resourcesOf(parseKubernetesYaml(manifests.join('---\n'), 'a.yaml'));
  return checkManifests(resources, { checks: manifestChecks, profile, subject: 'tree', evidence: [] })
    .filter(({ outcome, rule }) => outcome === 'fail' && rule.includes('dangling'))
    .map(({ rule }) => rule.replace(/^misconfiguration\/(?:kube-linter-)?dangling-/, ''));
}

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop, labels: { app: web } }\nspec: { containers: [] }\n';
const service = (selector: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { selector: ${selector} }\n`;
const policy = (selector: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: web, namespace: shop }\nspec: { podSelector: ${selector} }\n`;
const ingress =
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, namespace: shop }\nspec: { defaultBackend: { service: { name: none, port: { number: 1 } } } }\n';
const scaler =
  'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: web, namespace: shop }\nspec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: none } }\n';

describe('references that lead nowhere', () => {
  it.each([
    ['a Service alone', [service('{ app: web }')], ['service']],
    ['a Service whose endpoints somebody else writes', [pod, service('{}')], ['service']],
    ['a policy that denies everything', [policy('{}')], ['networkpolicy']],
    ['a policy alone', [policy('{ matchLabels: { app: web } }')], ['networkpolicy']],
    ['an Ingress alone', [ingress], ['ingress']],
    ['an autoscaler alone', [scaler], ['horizontalpodautoscaler']],
  ])('are told of in the profile of KubeLinter only: %s', (_title, manifests, expected) => {
    expect(dangling('landwaiter', ...manifests)).toEqual([]);
    expect(dangling('kube-linter', ...manifests)).toEqual(expected);
  });

  it('are told of where the other end would stand among the manifests', () => {
    const manifests = [pod, service('{ app: wev }'), policy('{ matchLabels: { app: wev } }'), ingress, scaler];

    expect([...dangling('landwaiter', ...manifests)].sort()).toEqual([
      'horizontalpodautoscaler',
      'ingress',
      'networkpolicy',
      'service',
    ]);
  });
});
