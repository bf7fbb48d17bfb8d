// SPDX-License-Identifier: Apache-2.0
// What a kustomization does to all its objects: names, namespace, labels, annotations, images, replicas. References between objects follow renames.

import type { JsonObject } from '../document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../document.ts';
import type { PatchedResource } from './patched-resource.ts';

/** Changes every object; places stay those of the objects. */
export function transform(
  resources: readonly PatchedResource[],
  kustomization: JsonObject,
): readonly PatchedResource[] {
  const prefix = asString(kustomization['namePrefix']) ?? '';
  const suffix = asString(kustomization['nameSuffix']) ?? '';
  const namespace = asString(kustomization['namespace']);
  const renames = new Map<string, string>();
  const renamed = resources.map((resource): PatchedResource => {
    const name = nameOf(resource.object);
    const isRenamed = (prefix !== '' || suffix !== '') && name !== undefined && !keepsName(resource.object);
    if (isRenamed) renames.set(name, `${prefix}${name}${suffix}`);
    const metadata = {
      ...asObject(resource.object['metadata']),
      ...(isRenamed ? { name: `${prefix}${name}${suffix}` } : {}),
      ...(namespace !== undefined && isNamespaced(resource.object) ? { namespace } : {}),
    };
    return { ...resource, object: { ...resource.object, metadata } };
  });
  return renamed.map((resource) => {
    let { object } = resource;
    if (renames.size > 0) object = asObject(followRenames(object, renames, 0)) ?? object;
    object = withLabels(object, kustomization);
    object = asObject(withImages(object, imagesOf(kustomization), 0)) ?? object;
    object = withReplicas(object, kustomization);
    return { ...resource, object };
  });
}

export function nameOf(object: JsonObject): string | undefined {
  return asString(asObject(object['metadata'])?.['name']);
}

function keepsName(object: JsonObject): boolean {
  return (
    object['kind'] === 'CustomResourceDefinition' || object['kind'] === 'Namespace' || object['kind'] === 'APIService'
  );
}

const clusterKinds =
  /^(?:Namespace|Node|PersistentVolume|StorageClass|CustomResourceDefinition|ClusterRole|ClusterRoleBinding|PriorityClass|IngressClass|RuntimeClass|APIService|MutatingWebhookConfiguration|ValidatingWebhookConfiguration|ValidatingAdmissionPolicy|ValidatingAdmissionPolicyBinding|Cluster[A-Z]\w*)$/;

function isNamespaced(object: JsonObject): boolean {
  return !clusterKinds.test(asString(object['kind']) ?? '');
}

const deepest = 60;

/** Members that name an object directly, and those whose `name` does. */
const namingMembers = new Set(['secretName', 'serviceAccountName', 'claimName', 'ingressClassName']);
const namingObjects = new Set([
  'configMapRef',
  'configMapKeyRef',
  'configMap',
  'secretRef',
  'secretKeyRef',
  'scaleTargetRef',
  'roleRef',
  'service',
]);

function followRenames(value: unknown, renames: ReadonlyMap<string, string>, depth: number): unknown {
  if (depth > deepest) return value;
  if (Array.isArray(value)) return value.map((item) => followRenames(item, renames, depth + 1));
  const object = asObject(value);
  if (object === undefined) return value;
  return Object.fromEntries(
    Object.entries(object).map(([key, member]) => {
      if (namingMembers.has(key) && typeof member === 'string') return [key, renames.get(member) ?? member];
      const followed = followRenames(member, renames, depth + 1);
      const named = asObject(followed);
      const name = asString(named?.['name']);
      if (key === 'subjects' && Array.isArray(followed)) return [key, followed.map((item) => withName(item, renames))];
      if (!namingObjects.has(key) || named === undefined || name === undefined) return [key, followed];
      return [key, { ...named, name: renames.get(name) ?? name }];
    }),
  );
}

function withName(item: unknown, renames: ReadonlyMap<string, string>): unknown {
  const object = asObject(item);
  const name = asString(object?.['name']) ?? '';
  return object?.['kind'] === 'ServiceAccount' && renames.has(name) ? { ...object, name: renames.get(name) } : item;
}

/** `commonLabels` also go to selectors and templates; `labels` only where it is said. */
function withLabels(object: JsonObject, kustomization: JsonObject): JsonObject {
  const common = asObject(kustomization['commonLabels']) ?? {};
  let plain = { ...common };
  let everywhere = { ...common };
  for (const item of asArray(kustomization['labels'])) {
    const row = asObject(item);
    const pairs = asObject(row?.['pairs']) ?? {};
    plain = { ...plain, ...pairs };
    if (row?.['includeSelectors'] === true || row?.['includeTemplates'] === true)
      everywhere = { ...everywhere, ...pairs };
  }
  const annotations = asObject(kustomization['commonAnnotations']) ?? {};
  const metadata = asObject(object['metadata']) ?? {};
  const result: Record<string, unknown> = { ...object };
  const isEmpty = (part: JsonObject): boolean => Object.keys(part).length === 0;
  if (!isEmpty(plain) || !isEmpty(annotations)) {
    result['metadata'] = {
      ...metadata,
      ...(isEmpty(plain) ? {} : { labels: { ...asObject(metadata['labels']), ...plain } }),
      ...(isEmpty(annotations) ? {} : { annotations: { ...asObject(metadata['annotations']), ...annotations } }),
    };
  }
  const spec = asObject(object['spec']);
  const template = asObject(spec?.['template']);
  if (isEmpty(everywhere) || spec === undefined) return result;
  const labelled: Record<string, unknown> = { ...spec };
  if (template !== undefined) {
    const inner = asObject(template['metadata']) ?? {};
    labelled['template'] = {
      ...template,
      metadata: { ...inner, labels: { ...asObject(inner['labels']), ...everywhere } },
    };
  }
  const selector = asObject(spec['selector']);
  if (object['kind'] === 'Service' && selector !== undefined) labelled['selector'] = { ...selector, ...everywhere };
  else if (selector?.['matchLabels'] !== undefined)
    labelled['selector'] = { ...selector, matchLabels: { ...asObject(selector['matchLabels']), ...everywhere } };
  result['spec'] = labelled;
  return result;
}

interface ImageRow {
  readonly name: string;
  readonly newName: string | undefined;
  readonly newTag: string | undefined;
  readonly digest: string | undefined;
}

function imagesOf(kustomization: JsonObject): readonly ImageRow[] {
  return asArray(kustomization['images']).flatMap((item): ImageRow[] => {
    const row = asObject(item);
    const name = asString(row?.['name']);
    if (row === undefined || name === undefined) return [];
    const tag = row['newTag'];
    return [
      {
        name,
        newName: asString(row['newName']),
        newTag: typeof tag === 'string' || typeof tag === 'number' ? String(tag) : undefined,
        digest: asString(row['digest']),
      },
    ];
  });
}

/** `image` of everything in a list called containers or initContainers. */
function withImages(value: unknown, rows: readonly ImageRow[], depth: number): unknown {
  if (rows.length === 0 || depth > deepest) return value;
  if (Array.isArray(value)) return value.map((item) => withImages(item, rows, depth + 1));
  const object = asObject(value);
  if (object === undefined) return value;
  return Object.fromEntries(
    Object.entries(object).map(([key, member]) => {
      const isList = (key === 'containers' || key === 'initContainers') && Array.isArray(member);
      if (!isList) return [key, withImages(member, rows, depth + 1)];
      return [key, (member as readonly unknown[]).map((item) => withImage(item, rows))];
    }),
  );
}

function withImage(container: unknown, rows: readonly ImageRow[]): unknown {
  const object = asObject(container);
  const image = asString(object?.['image']);
  if (object === undefined || image === undefined) return container;
  const match = /^([^@]{1,1000}?)(?::([\w.-]{1,200}))?(?:@(\S{1,300}))?$/.exec(image);
  const name = match?.[1] ?? image;
  const row = rows.find((item) => item.name === name);
  if (row === undefined) return container;
  const tag = row.newTag ?? (row.digest === undefined ? match?.[2] : undefined);
  const digest = row.digest ?? (row.newTag === undefined ? match?.[3] : undefined);
  const end = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return { ...object, image: `${row.newName ?? name}${end}` };
}

function withReplicas(object: JsonObject, kustomization: JsonObject): JsonObject {
  const row = asArray(kustomization['replicas'])
    .map(asObject)
    .find((item) => item !== undefined && item['name'] === nameOf(object));
  const spec = asObject(object['spec']);
  if (row === undefined || spec === undefined || !('template' in spec)) return object;
  return { ...object, spec: { ...spec, replicas: row['count'] } };
}

/** Objects of configMapGenerator and secretGenerator; names stay without the hash that Kustomize adds. */
export function generated(
  kustomization: JsonObject,
  read: (path: string) => string | undefined,
): readonly { readonly object: JsonObject; readonly member: string; readonly index: number }[] {
  return ['configMapGenerator', 'secretGenerator'].flatMap((member) =>
    asArray(kustomization[member]).flatMap((item, index) => {
      const row = asObject(item);
      const name = asString(row?.['name']);
      if (row === undefined || name === undefined) return [];
      const data = Object.fromEntries([
        ...asStrings(row['literals']).map(assignment),
        ...[...asStrings(row['envs']), ...asStrings(row['env'])].flatMap((path) => environmentLines(read(path) ?? '')),
        ...asStrings(row['files']).map((written) => {
          const [key = '', path = key] = written.split('=');
          return [key.slice(key.lastIndexOf('/') + 1), read(path) ?? ''] as const;
        }),
      ]);
      const isSecret = member === 'secretGenerator';
      const metadata = { name, ...entriesToNamespace(row) };
      const type = asString(row['type']);
      const object = {
        apiVersion: 'v1',
        kind: isSecret ? 'Secret' : 'ConfigMap',
        metadata,
        ...(isSecret ? { ...(type === undefined ? {} : { type }), stringData: data } : { data }),
      };
      return [{ object, member, index }];
    }),
  );
}

function entriesToNamespace(row: JsonObject): JsonObject {
  return Object.fromEntries(entriesOf(row).filter(([key]) => key === 'namespace'));
}

function assignment(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1).replace(/^(["'])(.*)\1$/, '$2')];
}

function environmentLines(text: string): readonly (readonly [string, string])[] {
  return text
    .split('\n')
    .filter((line) => /^\s{0,40}[A-Za-z_]/.test(line))
    .map((line) => assignment(line.trim()));
}
