// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { byKey, judged, manifests, policyFor, service, signed } from '../../../test/support/signed-manifest.ts';
import type { JsonObject } from '../../formats/document.ts';
import { failOpenRemarks } from '../../policy/kyverno/fail-open.ts';

describe('objects and the manifests that were signed for them', () => {
  it('say what differs', () => {
    expect(judged(signed(service(), undefined, service({ ports: [{ port: 8080 }] })))).toContain(
      'spec.ports.0.port is 8080 and was signed as 80',
    );
  });

  it.each([
    ['managedFields', service({}, { managedFields: [{ manager: 'kubectl' }], uid: 'x', resourceVersion: '7' })],
    ['a status', { ...service(), status: { loadBalancer: {} } }],
    [
      'what was applied last',
      service({}, { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }),
    ],
    ['an address of the Service', service({ clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], type: 'ClusterIP' })],
    ['a namespace', service({}, { namespace: 'shop' })],
    ['what is empty', service({ externalIPs: [], loadBalancerSourceRanges: null })],
  ])('may gain %s', (_, actual) => {
    expect(judged(signed(service(), undefined, actual))).toMatch(/^pass /);
    expect(judged(signed(service(), undefined, actual), undefined, { hardening: 'strict' })).toMatch(/^pass /);
  });

  it('may lose the registry and the tag that an image has anyway, and no others', () => {
    const pod = (image: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'a', image }] },
    });

    expect(judged(signed(pod('nginx'), undefined, pod('nginx:latest')))).toMatch(/^pass /);
    expect(judged(signed(pod('nginx:1'), undefined, pod('docker.io/nginx:1')))).toMatch(/^pass /);
    expect(judged(signed(pod('nginx:1'), undefined, pod('evil.example/nginx:1')))).toMatch(/^fail /);
    expect(judged(signed(pod('ghcr.io/a:1'), undefined, pod('docker.io/ghcr.io/a:1')))).toMatch(/^fail /);
  });

  const network = (spec: JsonObject, apiVersion = 'networking.k8s.io/v1'): JsonObject => ({
    apiVersion,
    kind: 'NetworkPolicy',
    metadata: { name: 'closed' },
    spec: { podSelector: { matchLabels: { app: 'web' } }, ...spec },
  });
  const peer = { podSelector: { matchLabels: { app: 'web' } } };

  it.each([
    ['an empty one', { ingress: [] }, { ingress: [{}] }],
    ['one of a list that there was not', {}, { ingress: [{}] }],
    ['one with an empty list', { ingress: [] }, { ingress: [{ from: [] }] }],
    ['null', { ingress: [] }, { ingress: [null] }],
    ['one after others', { ingress: [{ from: [peer] }] }, { ingress: [{ from: [peer] }, {}] }],
    ['one less', { egress: [{}] }, { egress: [] }],
  ])('have as many elements in lists as were signed: %s', (_, one, other) => {
    expect(judged(signed(network(one), undefined, network(other)))).toMatch(/^fail .*gress/);
  });

  it.each([
    ['a selector that selects all', network({ ingress: [{ from: [{ ...peer, namespaceSelector: {} }] }] })],
    ['a list in a custom resource', network({ ingress: [{ from: [peer], ports: [] }] }, 'cilium.io/v2')],
    ['a map in a custom resource', network({ ingress: [{ from: [peer] }], resources: {} }, 'cilium.io/v2')],
  ])('may gain %s, but not with strict hardening (signed-fields-passed-over)', (_, actual) => {
    const object = { ...network({ ingress: [{ from: [peer] }] }), apiVersion: actual['apiVersion'] };

    expect(judged(signed(object, undefined, actual))).toMatch(/^pass /);
    expect(judged(signed(object, undefined, actual), undefined, { hardening: 'strict' })).toMatch(/^fail /);
  });

  it('may gain, also with strict hardening, what the API server writes into Pods', () => {
    const pod = (spec: JsonObject, container: JsonObject): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', creationTimestamp: null },
      spec: { containers: [{ name: 'a', image: 'a:1', ...container }], ...spec },
    });
    const [own, stored] = [
      pod({ nodeSelector: {} }, { env: [] }),
      pod({ securityContext: {} }, { resources: {}, imagePullPolicy: 'Always' }),
    ];

    expect(judged(signed(own, undefined, stored), undefined, { hardening: 'strict' })).toMatch(/^pass /);
  });

  it('with strict hardening (signed-fields-passed-over) are what they say where Kyverno passes fields over', () => {
    const [type, other] = [service({ type: 'ClusterIP' }), service({ type: 'LoadBalancer' })];
    const [here, there] = [service({}, { namespace: 'shop' }), service({}, { namespace: 'kube-system' })];

    expect(failOpenRemarks(policyFor(manifests([byKey()]))).map(({ code }) => code)).toContain(
      'signed-fields-passed-over',
    );
    for (const [object, actual] of [[type, other] as const, [here, there] as const]) {
      expect(judged(signed(object, undefined, actual))).toMatch(/^pass /);
      expect(judged(signed(object, undefined, actual), undefined, { hardening: 'strict' })).toMatch(/^fail /);
    }
  });

  it('differ where the policy says in ignoreFields, for the objects it names', () => {
    const actual = service({ ports: [{ port: 8080 }] }, { labels: { app: 'x', 'app.y': 'z' } });
    const ignoring = (fields: readonly string[], objects?: readonly JsonObject[]): string =>
      judged(
        signed(service(), undefined, actual),
        manifests([byKey()], { ignoreFields: [{ fields, ...(objects === undefined ? {} : { objects }) }] }),
      );

    expect(ignoring(['spec.ports.*.port', 'metadata.labels'])).toMatch(/^pass /);
    expect(ignoring(['spec.ports.*.port', 'metadata.labels'], [{ kind: 'Service', name: 'w*' }])).toMatch(/^pass /);
    expect(ignoring(['spec.ports.*.port', 'metadata.labels'], [{ kind: 'Deployment' }])).toMatch(/^fail /);
    expect(ignoring(['spec.port', 'metadata.labels'])).toMatch(/^fail /);
    expect(ignoring(['spec.ports', 'metadata.labels.app'])).toMatch(/^fail .*metadata.labels.app.y/);
  });
});
