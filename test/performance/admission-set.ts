// SPDX-License-Identifier: Apache-2.0
// What the admission benches judge: 17 policies in Kyverno's patterns, 16 in CEL, one image policy, and Pods of some 4 KB of which each tenth breaks a rule.
// Their images lie in the registry of bench-registry.ts, signed by a key.
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';
import type { EngineDocument } from '../../src/policy/engine.ts';
import { policyEngines } from '../../src/policy/engines.ts';
import type { PolicySet } from '../../src/policy/policy-set.ts';
import { compilePolicySet } from '../../src/policy/policy-set.ts';
import type { TestManifest } from '../support/registry/content.ts';
import { imageOf } from '../support/registry/content.ts';

/** Bodies of `validate.pattern`: what a Pod must look like. Fields that must not be set to something have the anchor of Kyverno for that. */
const patterns: readonly string[] = [
  "{ spec: { containers: [{ image: '!*:latest' }] } }",
  "{ spec: { containers: [{ image: '*:*' }] } }",
  "{ spec: { containers: [{ image: 'registry.example/* | mirror.example/*' }] } }",
  "{ spec: { '=(hostNetwork)': false } }",
  "{ spec: { '=(hostPID)': false, '=(hostIPC)': false } }",
  "{ spec: { containers: [{ '=(securityContext)': { '=(privileged)': false } }] } }",
  '{ spec: { containers: [{ securityContext: { allowPrivilegeEscalation: false } }] } }',
  '{ spec: { containers: [{ securityContext: { readOnlyRootFilesystem: true } }] } }',
  "{ spec: { containers: [{ resources: { requests: { memory: '?*', cpu: '?*' } } }] } }",
  "{ spec: { containers: [{ resources: { limits: { memory: '<=8Gi' } } }] } }",
  "{ metadata: { labels: { app.kubernetes.io/name: '?*' } } }",
  "{ metadata: { labels: { team: 'payments | shop | search' } } }",
  "{ spec: { '=(volumes)': [{ 'X(hostPath)': 'null' }] } }",
  "{ spec: { '=(initContainers)': [{ image: '!*:latest' }], containers: [{ name: '?*' }] } }",
  "{ spec: { containers: [{ '=(ports)': [{ '=(hostPort)': 0 }] }] } }",
  '{ spec: { securityContext: { runAsNonRoot: true } } }',
  "{ spec: { serviceAccountName: '!default' } }",
];

const expressions: readonly string[] = [
  'variables.containers.all(c, !has(c.securityContext) || c.securityContext.?privileged.orValue(false) != true)',
  'variables.containers.all(c, !c.image.endsWith(":latest"))',
  'variables.containers.all(c, quantity(c.resources.limits.memory).isLessThan(quantity("64Gi")))',
  '!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath))',
  'variables.containers.all(c, c.name.matches("^[a-z][a-z0-9-]{0,62}$"))',
  'object.spec.?securityContext.?runAsNonRoot.orValue(false) == true',
  'variables.containers.all(c, c.?securityContext.?capabilities.?drop.orValue([]).exists(d, d == "ALL"))',
  'object.metadata.?labels["team"].orValue("") in ["payments", "shop", "search"]',
  'variables.containers.all(c, !has(c.env) || c.env.all(e, !e.name.endsWith("PASSWORD") || has(e.valueFrom)))',
  'variables.containers.all(c, c.image.startsWith("registry.example/"))',
  'object.spec.?securityContext.?seccompProfile.?type.orValue("") == "RuntimeDefault"',
  'variables.containers.all(c, has(c.livenessProbe) || has(c.startupProbe))',
  'variables.containers.all(c, !has(c.ports) || c.ports.all(p, !has(p.hostPort) || p.hostPort == 0))',
  'object.spec.?automountServiceAccountToken.orValue(true) == false',
  'size(variables.containers) <= 10 && variables.containers.map(c, c.name).all(n, size(n) < 64)',
  'request.userInfo.username != "" && !object.metadata.name.startsWith("kube-")',
];

/** `authority`: whose signature the images must have. */
function imagePolicy(authority: unknown): string {
  return `
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata: { name: signed }
spec:
  images: [{ glob: 'registry.example/**' }]
  authorities: [${JSON.stringify(authority)}]
`;
}

/** For benches that have no registry: who asks would measure the network. */
const anybody = { static: { action: 'pass' } };

function patternPolicy(pattern: string, index: number): string {
  return `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: pattern-${index} }
spec:
  validationFailureAction: Enforce
  background: false
  rules:
    - name: rule
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate: { message: 'pattern ${index} is broken', pattern: ${pattern} }
`;
}

function celPolicy(expression: string, index: number): string {
  return `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: cel-${index} }
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods] }]
  variables: [{ name: containers, expression: 'object.spec.containers + object.spec.?initContainers.orValue([])' }]
  validations: [{ expression: ${JSON.stringify(expression)}, message: cel ${index} is broken }]
`;
}

/** YAML of so many policies in all, by turns patterns and CEL: 33 and the image policy for the benches of speed. */
export function policyText(count = patterns.length + expressions.length, authority: unknown = anybody): string {
  const each = patterns.length + expressions.length;
  const texts = Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / each);
    const at = index % each;
    const pattern = patterns[at];
    const name = round * each + at;
    return pattern === undefined
      ? celPolicy(expressions[at - patterns.length] ?? 'true', name)
      : patternPolicy(pattern, name);
  });
  return [...texts, imagePolicy(authority)].join('---');
}

export function documentsOf(text: string): readonly EngineDocument[] {
  return resourcesOf(parseKubernetesYaml(text, 'policies.yaml')).resources;
}

/** Throws when a policy cannot be compiled: a bench that judges less than it says measures nothing. */
export function compiledSet(text: string, judging: 'remembered' | 'anew' = 'remembered'): PolicySet {
  const remember = judging === 'remembered' ? ({ remember: 'passes' } as const) : {};
  const set = compilePolicySet(documentsOf(text), policyEngines, { unbound: 'apply', ...remember });
  const [problem] = set.problems.filter(({ hidesFindings }) => hidesFindings);
  if (problem !== undefined) throw new Error(problem.message);
  return set;
}

/** Below `registry.example/`. */
export const imageRepository = 'shop';

/** Images of the sample Pods, by the names of their containers. */
export const sampleImages: readonly string[] = ['prepare', 'app', 'proxy'];

/** The image of that name: the same content in each process. */
export function benchImage(name: string): TestManifest {
  return imageOf({ layers: [name] });
}

function imageName(name: string): string {
  return `registry.example/${imageRepository}/${name}:1.4.2@${benchImage(name).digest}`;
}

export interface SampleReview {
  readonly body: string;
  readonly allowed: boolean;
}

/** In each body wherever a number stands that is another one for each Pod: in its name and its uid. */
export const serial = '000000000000';

/** AdmissionReviews of some 4 KB as API servers send them, each of a Pod of another workload; each tenth is privileged. */
export function sampleReviews(count: number): readonly SampleReview[] {
  return Array.from({ length: count }, (_, index) => {
    const isBad = index % 10 === 9;
    return { body: reviewOf(pod(index, isBad), index), allowed: !isBad };
  });
}

/** The review of a Pod whose program is an image of its own. */
export function reviewOfImage(name: string, index: number): string {
  const object = pod(index, false) as { readonly spec: object };
  const containers = [{ ...container('app', false), image: imageName(name) }];
  return reviewOf({ ...object, spec: { ...object.spec, initContainers: [], containers } }, index);
}

function reviewOf(object: Readonly<Record<string, unknown>>, index: number): string {
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: `00000000-0000-4000-8000-${serial}`,
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      requestKind: { group: '', version: 'v1', kind: 'Pod' },
      requestResource: { group: '', version: 'v1', resource: 'pods' },
      name: podName(index),
      namespace: `shop-${index % 20}`,
      operation: 'CREATE',
      userInfo: {
        username: 'system:serviceaccount:kube-system:replicaset-controller',
        uid: 'b8e5a1c6-0000-4000-8000-000000000000',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
      },
      object,
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  });
}

function podName(workload: number): string {
  return `web-${workload}-7d9f8b6c5-${serial}`;
}

function pod(index: number, isPrivileged: boolean): Readonly<Record<string, unknown>> {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name: podName(index),
      generateName: `web-${index}-7d9f8b6c5-`,
      namespace: `shop-${index % 20}`,
      labels: { 'app.kubernetes.io/name': `web-${index}`, 'pod-template-hash': '7d9f8b6c5', team: 'shop' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `web-${index}-7d9f8b6c5`, uid: 'a', controller: true },
      ],
      managedFields: [
        {
          manager: 'kube-controller-manager',
          operation: 'Update',
          apiVersion: 'v1',
          time: '2026-07-01T00:00:00Z',
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:team': {} } }, 'f:spec': { 'f:containers': {} } },
        },
      ],
    },
    spec: {
      volumes: [
        { name: 'data', emptyDir: {} },
        { name: 'settings', configMap: { name: 'web', defaultMode: 420 } },
      ],
      initContainers: [container('prepare', false)],
      containers: [container('app', isPrivileged, 512 + index), container('proxy', false)],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'web',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
    },
    status: {},
  };
}

function container(name: string, isPrivileged: boolean, mebibytes = 512): Readonly<Record<string, unknown>> {
  return {
    name,
    image: imageName(name),
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
    ],
    resources: { limits: { cpu: '1', memory: `${mebibytes}Mi` }, requests: { cpu: '100m', memory: '128Mi' } },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
    livenessProbe: { httpGet: { path: '/livez', port: 8080, scheme: 'HTTP' }, periodSeconds: 10 },
    terminationMessagePath: '/dev/termination-log',
    imagePullPolicy: 'IfNotPresent',
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      ...(isPrivileged ? { privileged: true } : {}),
    },
  };
}
