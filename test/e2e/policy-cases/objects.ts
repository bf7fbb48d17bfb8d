// SPDX-License-Identifier: Apache-2.0
// The objects that policies of our own are asked about, and the shortest ways to write such a policy.
import type { JsonObject } from '../../../src/formats/document.ts';

export const usualPod: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web', 'team.example/name': 'shop' } },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'registry.example.com/shop/web:1.4',
        ports: [{ containerPort: 8080, name: 'http' }],
        resources: { limits: { cpu: '500m', memory: '1Gi' } },
        livenessProbe: { httpGet: { path: '/', port: 'http' } },
        readinessProbe: { httpGet: { path: '/', port: 8080 } },
        env: [{ name: 'A', value: '1' }, { name: 'B' }],
      },
      { name: 'side', image: 'side', securityContext: { runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } } },
    ],
  },
};

export const settings: JsonObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
  data: { level: '7', long: 'x'.repeat(2_000), 'a.b': 'c', quote: `it's "so"` },
};

export function checks(...expressions: readonly string[]): JsonObject {
  return { validations: expressions.map((expression) => ({ expression })) };
}

/** An expression that shows a value in its message, so that the value itself is compared. */
export function shows(expression: string): JsonObject {
  return { validations: [{ expression: 'false', messageExpression: expression }] };
}
