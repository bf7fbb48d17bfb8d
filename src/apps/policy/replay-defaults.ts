// SPDX-License-Identifier: Apache-2.0
// The few things an API server adds to objects before admission that the replayed policies look at.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';

/** `number` makes the identity of the object. */
export function withDefaults(object: JsonObject, number: number): JsonObject {
  const uid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const identified = { ...object, metadata: { uid, generation: 1, ...asObject(object['metadata']) } };
  const spec = asObject(object['spec']) ?? {};
  switch (object['kind']) {
    case 'Pod':
      return { ...identified, spec: withToken(podSpec(spec)) };
    case 'Role':
    case 'ClusterRole':
      return { rules: null, ...identified };
    case 'StorageClass':
      return { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...identified };
    case 'CronJob': {
      const job = asObject(spec['jobTemplate']) ?? {};
      const jobSpec = asObject(job['spec']) ?? {};
      return {
        ...identified,
        spec: { ...spec, jobTemplate: { metadata: noMetadata, ...job, spec: withTemplate(jobSpec) } },
      };
    }
    default:
      return spec['template'] !== undefined && isController(object)
        ? { ...identified, spec: withTemplate(spec) }
        : identified;
  }
}

const noMetadata: JsonObject = { creationTimestamp: null };
const controllers: readonly unknown[] = [
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'ReplicationController',
];

function isController({ kind }: JsonObject): boolean {
  return controllers.includes(kind);
}

function withTemplate(spec: JsonObject): JsonObject {
  const template = asObject(spec['template']) ?? {};
  const made = { metadata: noMetadata, ...template, spec: podSpec(asObject(template['spec']) ?? {}) };
  return { ...spec, template: made };
}

function podSpec(spec: JsonObject): JsonObject {
  const lists = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((key): [string, unknown][] =>
    spec[key] === undefined ? [] : [[key, asArray(spec[key]).map(withPullPolicy)]],
  );
  return { securityContext: {}, ...spec, ...Object.fromEntries(lists) };
}

function withPullPolicy(value: unknown): unknown {
  const container = asObject(value);
  if (container === undefined) return value;
  const image = asString(container['image']) ?? '';
  const name = image.slice(image.lastIndexOf('/') + 1);
  const isLatest = !name.includes(':') || name.endsWith(':latest');
  const ports = asArray(container['ports']).map((port) => ({ protocol: 'TCP', ...asObject(port) }));
  return {
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    resources: {},
    ...container,
    ...(ports.length === 0 ? {} : { ports }),
  };
}

/** The volume with the token of the service account. */
function withToken(spec: JsonObject): JsonObject {
  const serviceAccountName = spec['serviceAccountName'] ?? 'default';
  if (spec['automountServiceAccountToken'] === false) return { ...spec, serviceAccountName };
  const sources = [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }];
  const volume = { name: 'kube-api-access-token', projected: { sources } };
  const mount = { name: volume.name, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true };
  const mounted = (key: string): JsonObject =>
    spec[key] === undefined
      ? {}
      : {
          [key]: asArray(spec[key]).map((item) => {
            const container = asObject(item) ?? {};
            return { ...container, volumeMounts: [...asArray(container['volumeMounts']), mount] };
          }),
        };
  return {
    ...spec,
    serviceAccountName,
    ...mounted('containers'),
    ...mounted('initContainers'),
    volumes: [...asArray(spec['volumes']), volume],
  };
}
