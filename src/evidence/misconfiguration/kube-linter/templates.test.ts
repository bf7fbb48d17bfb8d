// SPDX-License-Identifier: Apache-2.0
// What templates say, in the corners that the examples of the built-in checks do not show.
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import { manifestSet } from '../check-manifests.ts';
import { TemplateParameters } from './template.ts';
import { kubeLinterTemplates } from './templates.ts';

function said(name: string, parameters: Readonly<Record<string, unknown>>, manifest: string): readonly string[] {
  const template = kubeLinterTemplates.find((one) => one.name === name);
  const run = template?.instantiate(new TemplateParameters(parameters), {});
  const { resources } = resourcesOf(parseKubernetesYaml(manifest, 'a.yaml'));
  const set = manifestSet(resources, {});
  return resources.flatMap(
    (resource) => run?.(resource, set).map(({ wording }) => wording?.['kube-linter'] ?? '') ?? [],
  );
}

const pod = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: ${spec}\n`;
const workload = (rest: string, kind = 'Deployment'): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: web }\nspec: ${rest}\n`;
const container = (members: string): string => pod(`{ containers: [{ name: app, ${members} }] }`);

describe('templates of KubeLinter', () => {
  it('are listed once each', () => {
    const names = kubeLinterTemplates.map(({ name }) => name);

    expect(names).toHaveLength(new Set(names).size);
  });

  it.each([
    [
      'run-as-non-root',
      {},
      container('securityContext: { runAsUser: 5, runAsGroup: 0 }'),
      ['container "app" has runAsGroup set to 0'],
    ],
    [
      'run-as-non-root',
      {},
      container('securityContext: { runAsNonRoot: true, runAsUser: 0 }'),
      ['container "app" is set to runAsNonRoot, but runAsUser set to 0'],
    ],
    [
      'privilege-escalation-container',
      {},
      container('securityContext: { capabilities: { add: [SYS_ADMIN] } }'),
      ['container "app" has SYS_ADMIN capability hence allows privilege escalation.'],
    ],
    [
      'verify-container-capabilities',
      { forbiddenCapabilities: ['all'], exceptions: ['KILL'] },
      container('securityContext: { capabilities: { add: [KILL, CHOWN], drop: [MKNOD] } }'),
      [
        'container "app" has ADD capability: "CHOWN", but no capabilities should be added at all and this capability is not included in the exceptions list',
        'container "app" has DROP capabilities: ["MKNOD"], but in fact all capabilities are required to be dropped',
      ],
    ],
    [
      'cpu-requirements',
      { requirementsType: 'any', lowerBoundMillis: 0, upperBoundMillis: 500 },
      container('resources: { requests: { cpu: 0.5 }, limits: { cpu: 2 } }'),
      ['container "app" has cpu request 500m'],
    ],
    [
      'memory-requirements',
      { requirementsType: 'limit', lowerBoundMB: 1024 },
      container('resources: { limits: { memory: 2Gi } }'),
      ['container "app" has memory limit 2Gi'],
    ],
    [
      'env-value-from',
      { ignoredSecrets: ['^ext-'] },
      container(
        'env: [{ name: A, valueFrom: { secretKeyRef: { name: ext-a, key: k } } }, { name: B, valueFrom: { secretKeyRef: { name: b, key: k } } }]',
      ),
      ['The container "app" is referring to an unknown secret "b"'],
    ],
    [
      'image-pull-policy',
      { forbiddenPolicies: ['Never'] },
      container('imagePullPolicy: Never'),
      ['container "app" has imagePullPolicy set to Never'],
    ],
    [
      'latest-tag',
      { allowList: ['^registry\\.example\\.com/'] },
      container('image: other/app:1'),
      [
        'The container "app" is using an invalid container image, "other/app:1". Please use images that satisfies the `AllowList` criteria : ["^registry\\\\.example\\\\.com/"]',
      ],
    ],
    [
      'minimum-replicas',
      { minReplicas: 3 },
      workload('{}'),
      ['object has 1 replica but minimum required replicas is 3'],
    ],
    ['minimum-replicas', { minReplicas: 3 }, workload('{}', 'DaemonSet'), []],
    [
      'anti-affinity',
      { minReplicas: 1 },
      workload('{ replicas: 2, template: { spec: { affinity: { podAntiAffinity: {} } } } }'),
      ['object has 2 replicas but does not specify preferred or required inter pod anti-affinity during scheduling'],
    ],
    [
      'anti-affinity',
      { minReplicas: 1 },
      workload(
        '{ template: { metadata: { labels: { app: web } }, spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: zone }, { topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: x } } }] } } } } }',
      ),
      [
        'anti-affinity\'s topology key does not match "zone"',
        'pod\'s labels "app=web" do not match with anti-affinity\'s labels "app=x"',
      ],
    ],
    [
      'update-configuration',
      { strategyTypeRegex: 'Rolling', maxPodsUnavailable: '1', minSurge: '10%' },
      workload('{ strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 2, maxSurge: 5% } } }'),
      [
        'object has a max unavailable of 2 but no more than 1 is required',
        'object has a max surge of 5% but at least 10% is required',
      ],
    ],
    [
      'update-configuration',
      { strategyTypeRegex: 'Rolling', maxPodsUnavailable: '1' },
      workload('{ strategy: { type: RollingUpdate } }'),
      ['object has no rolling update parameters defined'],
    ],
    [
      'mismatching-selector',
      {},
      workload('{ template: { metadata: { labels: { a: b } } } }'),
      ['object has no selector specified'],
    ],
    [
      'mismatching-selector',
      {},
      workload('{ selector: { matchLabels: { a: c } }, template: { metadata: { labels: { a: b } } } }'),
      [
        'labels in pod spec (map[a:b]) do not match labels in selector (&LabelSelector{MatchLabels:map[string]string{a: c,},MatchExpressions:[]LabelSelectorRequirement{},})',
      ],
    ],
    [
      'cluster-admin-role-binding',
      {},
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nroleRef: { kind: ClusterRole, name: cluster-admin }\nsubjects: [{ kind: ServiceAccount, name: a, namespace: b }]\n',
      ['cluster-admin role is bound to [{"kind":"ServiceAccount","name":"a","namespace":"b"}]'],
    ],
    [
      'access-to-resources',
      { resources: ['^secrets$'], verbs: ['^get$'], flagRolesNotFound: true },
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nroleRef: { kind: ClusterRole, name: none }\n',
      ['clusterrole "none" not found'],
    ],
    ['disallowed-api-obj', { version: '^v1$', kind: 'Pod' }, pod('{}'), ['disallowed API object found: /v1, Kind=Pod']],
    ['sorted-keys', { recursive: false }, 'apiVersion: v1\nkind: Pod\nspec: { b: 1, a: 2 }\n', []],
    [
      'sorted-keys',
      { recursive: true },
      'apiVersion: v1\nkind: X\nspec: { b: 1, "10": 2, "9": [{ z: 1, x: 2 }] }\n',
      [
        'Keys are not sorted at spec. Expected order: [10, 9, b], got: [b, 10, 9]',
        'Keys are not sorted at spec.9[0]. Expected order: [x, z], got: [z, x]',
      ],
    ],
    [
      'liveness-port',
      {},
      container('ports: [{ containerPort: 80, protocol: UDP }], livenessProbe: { tcpSocket: { port: 80 } }'),
      ['container "app" does not expose port 80 for the TCPSocket'],
    ],
    [
      'pdb-max-unavailable',
      {},
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: { maxUnavailable: 0% }\n',
      ['MaxUnavailable is set to 0'],
    ],
    [
      'pdb-min-available',
      {},
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: { minAvailable: 100% }\n',
      ['PDB has minimum available replicas set to 100 percent of replicas'],
    ],
    [
      'pdb-min-available',
      {},
      `apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: { minAvailable: 50%, selector: { matchLabels: { a: b } } }\n---\n${workload('{ selector: { matchLabels: { a: b } } }')}---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec: { minReplicas: 2, scaleTargetRef: { name: web } }\n`,
      [],
    ],
    [
      'target-port',
      {},
      'apiVersion: v1\nkind: Service\nmetadata: { name: s }\nspec: { ports: [{ targetPort: 99999 }, { targetPort: a--B- }] }\n',
      [
        'port targetPort "99999" in service "s" must be between 1 and 65535, inclusive',
        'port targetPort "a--B-" in service "s" must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'port targetPort "a--B-" in service "s" must not contain consecutive hyphens',
        'port targetPort "a--B-" in service "s" must not begin or end with a hyphen',
      ],
    ],
    [
      'dangling-networkpolicy',
      {},
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: { podSelector: { matchExpressions: [{ key: a, operator: In, values: [b] }] } }\n',
      ["no pods found matching networkpolicy's podSelector labels ({map[] [{a In [b]}]}) "],
    ],
  ] as const)('%s with %j', (name, parameters, manifest, expected) => {
    expect(said(name, parameters, manifest)).toEqual(expected);
  });
});
