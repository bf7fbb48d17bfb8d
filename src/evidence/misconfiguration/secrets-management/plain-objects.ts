// SPDX-License-Identifier: Apache-2.0
// Secrets that stand readable in Kubernetes objects: Secrets themselves, variables of containers, ConfigMaps.

import { asArray, asObject, asString, entriesOf } from '../../../formats/document.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import { isPlaceholder, isSecretName, secretAssignments } from '../secret-names.ts';
import { nameOfResource, podTemplateOf } from '../workload.ts';
import type { PlainSecret } from './plain-secret.ts';
import { isSops, namespaceOf } from './way.ts';

export function plainSecretsOf(resource: KubernetesResource): readonly PlainSecret[] {
  if (isSops(resource)) return [];
  if (resource.kind === 'Secret' && resource.apiVersion === 'v1') return secretObject(resource);
  if (resource.kind === 'ConfigMap') return configMap(resource);
  return environment(resource);
}

function plain(
  resource: KubernetesResource,
  found: Pick<PlainSecret, 'place' | 'name'> & { readonly at: readonly (string | number)[] },
): PlainSecret {
  const { place, name, at } = found;
  return {
    place,
    name,
    resource: nameOfResource(resource),
    namespace: namespaceOf(resource),
    location: resource.locate(at),
  };
}

const pullTypes = new Set(['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']);

/** One for each Secret: all its members move together. What holds only placeholders, or is filled by a controller, is none. */
function secretObject(resource: KubernetesResource): readonly PlainSecret[] {
  const { object } = resource;
  const members = [
    ...entriesOf(object['stringData']).map(([name, value]) => ({
      name,
      text: asString(value) ?? '',
      at: ['stringData', name],
    })),
    ...entriesOf(object['data']).map(([name, value]) => ({
      name,
      text: decoded(asString(value) ?? ''),
      at: ['data', name],
    })),
  ];
  const first = members.find(({ text }) => !isPlaceholder(text));
  if (first === undefined) return [];
  const place = pullTypes.has(asString(object['type']) ?? '') ? 'pull-secret' : 'secret-object';
  return [plain(resource, { place, name: first.name, at: first.at })];
}

const longestValue = 10_000;

function decoded(text: string): string {
  const compact = text.slice(0, longestValue).replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]{1,10000}={0,2}$/.test(compact)) return text;
  return Buffer.from(compact, 'base64').toString('latin1');
}

function configMap(resource: KubernetesResource): readonly PlainSecret[] {
  return entriesOf(resource.object['data']).flatMap(([key, value]) => {
    if (typeof value !== 'string') return [];
    const names = isSecretName(key) ? (isPlaceholder(value) ? [] : [key]) : secretAssignments(value);
    return names.slice(0, 20).map((name) => plain(resource, { place: 'config-map', name, at: ['data', key] }));
  });
}

function environment(resource: KubernetesResource): readonly PlainSecret[] {
  const pod = podTemplateOf(resource);
  if (pod === undefined) return [];
  return pod.containers.flatMap(({ container, at }) =>
    asArray(container['env']).flatMap((item, index) => {
      const variable = asObject(item);
      const name = asString(variable?.['name']) ?? '';
      const value = variable?.['value'];
      const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
      if (!isSecretName(name) || isPlaceholder(text)) return [];
      return [plain(resource, { place: 'environment', name, at: [...at, 'env', index, 'value'] })];
    }),
  );
}
