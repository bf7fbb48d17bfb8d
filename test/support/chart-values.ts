// SPDX-License-Identifier: Apache-2.0
// Sets of values that our chart is proved with, and those that its schema refuses.
import type { JsonObject } from '../../src/formats/document.ts';

const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: 'Namespaced' };

/** Each set by what it is about; all of them are accepted. */
export const chartValues: Readonly<Record<string, JsonObject>> = {
  'default values': {},
  'one replica that enforces': {
    admission: { replicas: 1, mode: 'enforce', onError: 'allow', modeFor: ['no-privileged-containers@shop=warn'] },
    webhooks: { failurePolicy: 'Fail', timeoutSeconds: 5 },
    podDisruptionBudget: { enabled: false },
  },
  'placement of Pods': {
    admission: {
      nodeSelector: { pool: 'system' },
      tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }] },
            ],
          },
        },
      },
      podLabels: { team: 'platform' },
      podAnnotations: { 'example.com/scrape': 'false', 'example.com/number': '10' },
      resources: { requests: { cpu: 0.5, memory: '256Mi' }, limits: { memory: '1Gi' } },
      heapMegabytes: 256,
      decisionLog: { enabled: false },
    },
    nameOverride: 'gate',
    terminationGracePeriodSeconds: 60,
  },
  'image by digest, with pull secrets': {
    image: { registry: 'registry.example', digest: `sha256:${'a'.repeat(64)}`, pullPolicy: 'Always' },
    imagePullSecrets: [{ name: 'pull' }],
  },
  'image by tag': { image: { tag: '1.2.3' } },
  'strict, with Events': {
    admission: { strict: true },
    events: { enabled: true },
    policiesFrom: { cluster: true, exceptions: ['platform'] },
  },
  'certificates of cert-manager': {
    certificate: { from: 'certManager', issuerRef: { name: 'internal', kind: 'ClusterIssuer' } },
    webhooks: { mutatingRules: [rule] },
  },
  'an own certificate': {
    certificate: {
      from: 'provided',
      secretName: 'own-tls',
      caBundle: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
    },
  },
  'horizontal scaling': {
    autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 6, targetCPUUtilizationPercentage: 60 },
  },
  'no network policies': { networkPolicy: { enabled: false } },
  'network policies for known API servers': {
    networkPolicy: { apiServerBlocks: ['10.0.0.0/8', '192.0.2.1/32'], apiServerPort: 443 },
    images: { verify: true, registryPorts: [5000, 8443] },
  },
  'service monitors': {
    serviceMonitor: { enabled: true, interval: '15s', labels: { release: 'prometheus' } },
    policiesFrom: { cluster: true },
  },
  'images with existing secrets': {
    images: {
      verify: true,
      trustedRoot: 'trust',
      keyTransparencyLog: 'not-asked',
      insecureRegistries: ['registry.example:5000'],
      budgetSeconds: 4,
      credentialsSecret: 'registries',
      pullSecrets: { enabled: true, namespaces: ['shop', 'ci'] },
    },
  },
  'pull secrets of all namespaces': { images: { verify: true, pullSecrets: { enabled: true } } },
  'policies of the cluster': {
    policiesFrom: {
      cluster: true,
      admissionPolicies: true,
      exceptions: ['platform', '*'],
      imagePolicySettings: 'cosign-system',
      services: ['checks.example:8443', 'http://plain.example'],
      servicePorts: [8443],
    },
    controller: {
      replicas: 1,
      decisionLog: { enabled: true, sizeLimit: '10Mi' },
      act: true,
      acts: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch', 'delete'] }],
      scanEvery: 5,
      nodeSelector: { pool: 'system' },
      tolerations: [{ operator: 'Exists' }],
    },
  },
  'policies of the cluster without scans and metrics': {
    policiesFrom: { cluster: true },
    controller: { scanEvery: 0, service: { enabled: false } },
  },
  'policies of the user': {
    policies: {
      'pod-basics.yaml': '',
      'mine.yaml': '# "quoted"\nkind: ConfigMap\n\n  indented: |\n    {{ not a template }}\n\ttab\n',
      'other.json': '{"a": [1, 2.5, 1e3]}',
    },
  },
  'rights and accounts of the user': {
    rbac: { create: false },
    serviceAccount: { create: false },
    policiesFrom: { cluster: true },
  },
  'accounts with annotations': { serviceAccount: { annotations: { 'example.com/role': 'arn:aws:iam::1:role/a' } } },
  'no registration': { webhooks: { enabled: false } },
  'exempt namespaces': {
    webhooks: { exemptNamespaces: ['ci', 'monitoring'], mutatingRules: [rule], validatingRules: [rule] },
  },
};

/** Each set by what is wrong with it. */
export const refusedChartValues: Readonly<Record<string, JsonObject>> = {
  'an unknown value': { admission: { replica: 3 } },
  'an unknown section': { webhook: {} },
  'no replica': { admission: { replicas: 0 } },
  'a text for a number': { admission: { replicas: '3' } },
  'a mode that is none': { admission: { mode: 'block' } },
  'a digest that is none': { image: { digest: 'sha256:abc' } },
  'a timeout that the API server does not take': { webhooks: { timeoutSeconds: 31 } },
  'every resource': { controller: { acts: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get'] }] } },
  'a verb that gives rights': {
    policiesFrom: { lookups: [{ apiGroups: [''], resources: ['pods'], verbs: ['escalate'] }] },
  },
  'a policy that is no text': { policies: { 'a.yaml': { kind: 'ClusterPolicy' } } },
  'a policy of another kind of file': { policies: { 'a.txt': 'x' } },
  'a mode without its policy': { admission: { modeFor: ['=warn'] } },
};
