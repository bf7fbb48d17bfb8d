// SPDX-License-Identifier: Apache-2.0
// Policies and Pods that the benchmarks of Kyverno's engine share, written like those that people have.
import type { JsonObject } from '../../src/formats/document.ts';
import type { EngineDocument } from '../../src/policy/engine.ts';

export function documentOf(object: JsonObject): EngineDocument {
  const place = { path: 'policies.yaml' };
  return { object, locate: () => place, locateValue: () => place };
}

const match = { any: [{ resources: { kinds: ['Pod'] } }] };

const patterns: readonly JsonObject[] = [
  { metadata: { labels: { 'app.kubernetes.io/name': '?*' } } },
  { spec: { containers: [{ image: '!*:latest' }] } },
  {
    spec: {
      '=(initContainers)': [{ '=(securityContext)': { '=(privileged)': 'false' } }],
      containers: [{ '=(securityContext)': { '=(privileged)': 'false' } }],
    },
  },
  { spec: { '=(hostNetwork)': false, '=(hostPID)': false, '=(hostIPC)': false } },
  { spec: { containers: [{ resources: { limits: { memory: '?*' } } }] } },
  { spec: { '=(volumes)': [{ 'X(hostPath)': 'null' }] } },
  { spec: { containers: [{ '(image)': '*/proxy*', resources: { limits: { memory: '<=2Gi' } } }] } },
  { spec: { '=(securityContext)': { '=(runAsUser)': '>0' } } },
];

const conditions: readonly JsonObject[] = [
  { key: '{{ request.object.spec.containers[].image }}', operator: 'AnyIn', value: ['*:latest'] },
  { key: '{{ request.object.metadata.labels.team || `none` }}', operator: 'Equals', value: 'nobody' },
];

const expressions: readonly string[] = [
  'object.spec.containers.all(c, !c.image.endsWith(":latest"))',
  '!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath))',
  'object.spec.containers.all(c, c.?securityContext.?privileged.orValue(false) == false)',
  'has(object.metadata.labels) && "app.kubernetes.io/name" in object.metadata.labels',
];

function clusterPolicy(name: string, validate: JsonObject): JsonObject {
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name, annotations: { 'policies.kyverno.io/severity': 'medium' } },
    spec: {
      validationFailureAction: 'Enforce',
      rules: [{ name: 'rule', match, validate: { message: 'not like this', ...validate } }],
    },
  };
}

export function patternPolicy(index: number): JsonObject {
  return clusterPolicy(`pattern-${index}`, { pattern: patterns[index % patterns.length] ?? {} });
}

export function denyPolicy(index: number): JsonObject {
  return clusterPolicy(`deny-${index}`, { deny: { conditions: { any: [conditions[index % conditions.length]] } } });
}

export function celPolicy(index: number): JsonObject {
  return {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'ValidatingPolicy',
    metadata: { name: `cel-${index}` },
    spec: {
      validationActions: ['Deny'],
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] },
        ],
      },
      validations: [{ expression: expressions[index % expressions.length], message: 'not like this' }],
    },
  };
}

export function podOf(index: number): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${index}`, namespace: 'shop', labels: { 'app.kubernetes.io/name': 'shop', team: 'blue' } },
    spec: {
      securityContext: { runAsUser: 1000, runAsNonRoot: true },
      containers: [
        { name: 'app', image: `registry.example/app:1.${index}`, resources: { limits: { cpu: '1', memory: '512Mi' } } },
        {
          name: 'proxy',
          image: 'registry.example/proxy:3',
          securityContext: { privileged: index % 10 === 0 },
          resources: { limits: { memory: '64Mi' } },
        },
      ],
      volumes: [{ name: 'data', emptyDir: {} }],
    },
  };
}
