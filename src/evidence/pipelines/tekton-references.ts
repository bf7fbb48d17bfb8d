// SPDX-License-Identifier: Apache-2.0
// What objects of Tekton refer to: tasks of other places, bundles, and secrets. Used by systems/tekton.ts.
import { componentUse, inputsIn, splitReference } from './component-use.ts';
import type { ComponentUse, SecretUse } from './pipeline.ts';
import type { PlacedValue } from './placed-value.ts';
import { itemsOf, memberOf, membersOf, placedText, textOf } from './placed-value.ts';

/** A task or pipeline that a resolver fetches, or a bundle; also one of the cluster that is not in the tree. */
export function foreignReference(reference: PlacedValue | undefined): readonly ComponentUse[] {
  if (reference === undefined) return [];
  const resolver = textOf(memberOf(reference, 'resolver'));
  const bundle = placedText(memberOf(reference, 'bundle'));
  const name = textOf(memberOf(reference, 'name'));
  const { location } = reference;
  if (bundle !== undefined)
    return [componentUse('image', bundle, { ...imageParts(bundle.text), facts: { bundle: bundle.text } })];
  if (resolver === undefined)
    return name === undefined
      ? []
      : [{ kind: 'task', text: name, name, isLocal: true, inputs: inputsIn(undefined), location }];
  const params = new Map(
    itemsOf(memberOf(reference, 'params')).map((item) => [
      textOf(memberOf(item, 'name')) ?? '',
      textOf(memberOf(item, 'value')) ?? '',
    ]),
  );
  const version = params.get('version') ?? params.get('revision') ?? imageParts(params.get('bundle') ?? '').version;
  const wanted = params.get('url') ?? params.get('bundle') ?? params.get('name') ?? resolver;
  const facts: Record<string, string> = { resolver };
  for (const [key, value] of params)
    if (['url', 'pathInRepo', 'bundle', 'name', 'catalog'].includes(key)) facts[key] = value;
  return [
    {
      kind: 'task',
      text: `${resolver}:${wanted}`,
      name: params.get('name') ?? wanted,
      ...(version === undefined ? {} : { version }),
      isLocal: resolver === 'cluster',
      inputs: inputsIn(undefined),
      location,
      facts,
    },
  ];
}

function imageParts(text: string): { readonly name: string; readonly version?: string } {
  return text.includes('@') ? splitReference(text) : splitReference(text, ':');
}

/** `task: "[git-clone, .tekton/tasks/lint.yaml]"`, also with `-1`, `-2`: fetched from the hub or by URL when a run starts. */
export function remoteTasks(annotations: PlacedValue | undefined): readonly ComponentUse[] {
  return membersOf(annotations)
    .filter(([key]) => /^pipelinesascode\.tekton\.dev\/(?:task(?:-\d{1,3})?|pipeline)$/.test(key))
    .flatMap(([, value]) =>
      listOf(textOf(value) ?? '').map((text): ComponentUse => {
        const isLocal = !/^https?:/.test(text) && /[./]/.test(text) && /\.ya?ml$/.test(text);
        const parts = /^https?:/.test(text) ? { name: text } : splitReference(text, ':');
        return {
          kind: 'task',
          text,
          ...parts,
          isLocal,
          inputs: new Map(),
          location: value.location,
          facts: { resolver: /^https?:/.test(text) ? 'http' : 'hub' },
        };
      }),
    );
}

export function listOf(text: string): readonly string[] {
  return text
    .trim()
    .replace(/^\[/, '')
    .replace(/\]$/, '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `secretKeyRef` and `secretRef` anywhere below. */
export function secretsIn(value: PlacedValue | undefined): readonly SecretUse[] {
  const env = itemsOf(memberOf(value, 'env')).flatMap(
    (item) => memberOf(memberOf(item, 'valueFrom'), 'secretKeyRef') ?? [],
  );
  const from = itemsOf(memberOf(value, 'envFrom')).flatMap((item) => memberOf(item, 'secretRef') ?? []);
  return [...env, ...from].flatMap((item): SecretUse[] => {
    const name = textOf(memberOf(item, 'name'));
    const key = textOf(memberOf(item, 'key'));
    return name === undefined
      ? []
      : [{ name: key === undefined ? name : `${name}/${key}`, source: 'secret', location: item.location }];
  });
}

export function mountedSecrets(step: PlacedValue, volumes: readonly PlacedValue[]): readonly SecretUse[] {
  const mounted = new Set(
    itemsOf(memberOf(step, 'volumeMounts')).flatMap((item) => textOf(memberOf(item, 'name')) ?? []),
  );
  return volumes.flatMap((volume): SecretUse[] => {
    const secret = memberOf(volume, 'secret');
    const name = textOf(memberOf(secret, 'secretName'));
    return name === undefined || secret === undefined || !mounted.has(textOf(memberOf(volume, 'name')) ?? '')
      ? []
      : [{ name, source: 'mount', location: secret.location }];
  });
}

export function workspaceSecrets(workspaces: PlacedValue | undefined): readonly SecretUse[] {
  return itemsOf(workspaces).flatMap((item): SecretUse[] => {
    const secret = memberOf(item, 'secret');
    const name = textOf(memberOf(secret, 'secretName'));
    return name === undefined || secret === undefined ? [] : [{ name, source: 'mount', location: secret.location }];
  });
}
