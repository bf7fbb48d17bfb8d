// SPDX-License-Identifier: Apache-2.0
// What templates find beside their values: Chart, Release, Capabilities, Files. Without a cluster Helm 4.2 takes Kubernetes 1.36 and the kinds that it knows itself.
import type { JsonObject } from '../document.ts';
import { asArray, asObjects } from '../document.ts';
import { compileRe2 } from '../re2.ts';
import type { Chart } from './chart-files.ts';
import { text } from './functions/arguments.ts';
import { compareTexts, HelmObject, unknown } from './value.ts';
import { yamlText } from './yaml-text.ts';

/** Metadata of Chart.yaml with Go's names and what Go gives for what is not there. */
export function chartObject({ description, name }: Chart, place: 'root' | 'inside'): JsonObject {
  const field = (key: string, otherwise: unknown): unknown => description[key] ?? otherwise;
  return {
    Name: name,
    Home: field('home', ''),
    Sources: field('sources', []),
    Version: field('version', ''),
    Description: field('description', ''),
    Keywords: field('keywords', []),
    Maintainers: asObjects(description['maintainers']).map(({ name: who = '', email = '', url = '' }) => ({
      Name: who,
      Email: email,
      URL: url,
    })),
    Icon: field('icon', ''),
    APIVersion: field('apiVersion', ''),
    Condition: field('condition', ''),
    Tags: field('tags', ''),
    AppVersion: String(field('appVersion', '')),
    Deprecated: field('deprecated', false),
    Annotations: field('annotations', null),
    KubeVersion: field('kubeVersion', ''),
    Dependencies: asArray(description['dependencies']),
    Type: field('type', ''),
    IsRoot: place === 'root',
  };
}

export function releaseObject({ name, namespace }: { readonly name: string; readonly namespace: string }): JsonObject {
  return { Name: name, Namespace: namespace, Service: 'Helm', IsInstall: true, IsUpgrade: false, Revision: 1n };
}

const groups: Readonly<Record<string, string>> = {
  'admissionregistration.k8s.io': 'v1 v1alpha1 v1beta1',
  'internal.apiserver.k8s.io': 'v1alpha1',
  apps: 'v1 v1beta1 v1beta2',
  'authentication.k8s.io': 'v1 v1alpha1 v1beta1',
  'authorization.k8s.io': 'v1 v1beta1',
  autoscaling: 'v1 v2',
  batch: 'v1 v1beta1',
  'certificates.k8s.io': 'v1 v1beta1 v1alpha1',
  'coordination.k8s.io': 'v1alpha2 v1beta1 v1',
  'discovery.k8s.io': 'v1 v1beta1',
  'events.k8s.io': 'v1 v1beta1',
  extensions: 'v1beta1',
  'flowcontrol.apiserver.k8s.io': 'v1 v1beta1 v1beta2 v1beta3',
  'networking.k8s.io': 'v1 v1beta1',
  'node.k8s.io': 'v1 v1alpha1 v1beta1',
  policy: 'v1 v1beta1',
  'rbac.authorization.k8s.io': 'v1 v1beta1 v1alpha1',
  'resource.k8s.io': 'v1 v1beta2 v1beta1 v1alpha3',
  'scheduling.k8s.io': 'v1alpha2 v1beta1 v1',
  'storage.k8s.io': 'v1beta1 v1 v1alpha1',
  'storagemigration.k8s.io': 'v1beta1',
  'apiextensions.k8s.io': 'v1beta1 v1',
};
const versions = [
  'v1',
  ...Object.entries(groups).flatMap(([group, list]) => list.split(' ').map((version) => `${group}/${version}`)),
];

/** What `helm template` says of a cluster that it does not ask. */
export function capabilities(): HelmObject {
  const fields = { Version: 'v1.36.0', Major: '1', Minor: '36' };
  const kubernetes = new HelmObject(fields, { GitVersion: () => 'v1.36.0', String: () => 'v1.36.0' });
  return new HelmObject({
    KubeVersion: kubernetes,
    APIVersions: new HelmObject(
      {},
      { Has: (version) => versions.includes(text(version)), String: () => `[${versions.join(' ')}]` },
    ),
    HelmVersion: new HelmObject({
      Version: 'v4.2.4',
      GitCommit: '',
      GitTreeState: '',
      GoVersion: '',
      KubeClientVersion: 'v1.36',
    }),
  });
}

/** Which files of a chart were handed in: `configuration` are those that can hold manifests, and of others nobody knows whether they are there. */
export type KnownFiles = 'all' | 'configuration';

/** `.Files`. */
export function filesObject(files: ReadonlyMap<string, string>, known: KnownFiles): HelmObject {
  const isKnown = (path: string): boolean => known === 'all' || /\.(?:ya?ml|json|tpl)$/i.test(path);
  const get = (path: unknown): unknown => files.get(text(path)) ?? (isKnown(text(path)) ? '' : unknown);
  const named = (entries: readonly (readonly [string, string])[]): string =>
    yamlText(Object.fromEntries(entries.map(([path, content]) => [path.slice(path.lastIndexOf('/') + 1), content])));
  const all = [...files].sort(([left], [right]) => compareTexts(left, right));
  return new HelmObject(Object.fromEntries(all), {
    Get: get,
    GetBytes: get,
    Glob: (pattern) => {
      const test = globTest(text(pattern));
      return isKnown(text(pattern)) ? filesObject(new Map(all.filter(([path]) => test(path))), known) : unknown;
    },
    AsConfig: () => named(all),
    AsSecrets: () => named(all.map(([path, content]) => [path, Buffer.from(content).toString('base64')])),
    Lines: (path) => {
      const content = get(path);
      return typeof content === 'string' ? (content === '' ? [] : content.replace(/\n$/, '').split('\n')) : content;
    },
  });
}

/** Globs as gobwas/glob has them, with `/` between folders; what cannot be read matches everything. */
function globTest(pattern: string): (path: string) => boolean {
  const source = pattern.replace(/\*\*|[*?{},]|\[!?|[\\^$.|+()]/g, (sign) => {
    const meaning = { '**': '.*', '*': '[^/]*', '?': '[^/]', '{': '(?:', '}': ')', ',': '|', '[': '[', '[!': '[^' }[
      sign
    ];
    return meaning ?? `\\${sign}`;
  });
  const compiled = compileRe2(`^(?:${source})$`);
  return compiled.kind === 'fault' ? () => true : (path) => compiled.pattern.matcher(path).find();
}
