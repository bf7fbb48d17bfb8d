// SPDX-License-Identifier: Apache-2.0
// Kustomize without the program: resources, components, patches of both kinds, generators and the common transformers, in the order in which
// Kustomize does them. What is not built here (Helm charts, remote bases, plugins, replacements) is named as a problem.
// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/. Pure: files are asked for by path.

import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { Document, DocumentPath, JsonObject } from '../document.ts';
import { asArray, asObject, asString, asStrings } from '../document.ts';
import { applyJsonPatch } from '../json-patch.ts';
import { parseKubernetesYaml } from '../kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../kubernetes-yaml/resources.ts';
import { resourcesOf } from '../kubernetes-yaml/resources.ts';
import { parseYaml, parseYamlDocument } from '../yaml.ts';
import type { Origin, PatchedResource } from './patched-resource.ts';
import { changed, patchedResource, resourceOf } from './patched-resource.ts';
import { strategicMerge } from './strategic-merge.ts';
import { generated, nameOf, transform } from './transform.ts';

export interface KustomizeFiles {
  /** Text of a file, by its path relative to the root. */
  read(path: string): string | undefined;
}

export interface KustomizeBuild {
  readonly resources: readonly KubernetesResource[];
  readonly problems: readonly Problem[];
  /** Files that were read, the kustomizations included. */
  readonly files: ReadonlySet<string>;
  /** Addresses that it builds on and that were not fetched; credentials are left out. */
  readonly remote: readonly string[];
}

export const kustomizationNames: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

const mostFolders = 500;
const mostResources = 50_000;

/** Builds the kustomization in a folder (`''` is the root). Never throws. */
export function buildKustomization(folder: string, files: KustomizeFiles): KustomizeBuild {
  const run: Run = { files, problems: [], read: new Set(), remote: [], folders: 0 };
  const resources = buildFolder(folder, run, { trail: [], from: { path: folder } });
  return { resources: resources.map(resourceOf), problems: run.problems, files: run.read, remote: run.remote };
}

interface Run {
  readonly files: KustomizeFiles;
  readonly problems: Problem[];
  readonly read: Set<string>;
  readonly remote: string[];
  folders: number;
}

interface Visit {
  /** Folders on the way here. */
  readonly trail: readonly string[];
  /** Where the folder is named. */
  readonly from: Location;
}

function read(run: Run, path: string): string | undefined {
  const text = run.files.read(path);
  if (text !== undefined) run.read.add(path);
  return text;
}

function buildFolder(
  folder: string,
  run: Run,
  { trail, from }: Visit,
  base: readonly PatchedResource[] = [],
): readonly PatchedResource[] {
  if (trail.includes(folder)) return told(run, 'cycle', `${folder} builds on itself`, from);
  run.folders += 1;
  if (run.folders > mostFolders) return told(run, 'limit', `more than ${mostFolders} kustomizations`, from);
  const path = kustomizationNames.map((name) => join(folder, name)).find((name) => read(run, name) !== undefined);
  if (path === undefined) return told(run, 'unresolved', `${folder} has no kustomization`, from);
  const document = parseYamlDocument(read(run, path) ?? '', path, { merge: 'on' });
  for (const problem of document.problems) run.problems.push(problem);
  const kustomization = asObject(document.value) ?? {};
  const here: Place = { folder, document, run, trail: [...trail, folder] };
  tellUnsupported(kustomization, here);
  let resources: readonly PatchedResource[] = [...base];
  for (const member of ['resources', 'bases'])
    for (const [index, item] of asArray(kustomization[member]).entries())
      resources = [...resources, ...resourcesFrom(asString(item) ?? '', here, document.locate([member, index]))];
  resources = [...resources, ...generatedResources(kustomization, here)];
  for (const [index, item] of asArray(kustomization['components']).entries()) {
    const component = resolve(folder, asString(item) ?? '');
    const visit = { trail: here.trail, from: document.locate(['components', index]) };
    if (component !== undefined) resources = buildFolder(component, run, visit, resources);
  }
  resources = patchAll(resources, kustomization, here);
  if (resources.length > mostResources) return told(run, 'limit', `more than ${mostResources} objects`, from);
  return transform(resources, kustomization);
}

interface Place {
  readonly folder: string;
  readonly document: Document;
  readonly run: Run;
  readonly trail: readonly string[];
}

function told(run: Run, kind: Problem['kind'], message: string, location: Location): readonly PatchedResource[] {
  run.problems.push({ kind, message: message.slice(0, 300), location, hidesFindings: kind !== 'unsupported' });
  return [];
}

const unsupported: readonly string[] = [
  'helmCharts',
  'helmChartInflationGenerator',
  'generators',
  'transformers',
  'validators',
  'replacements',
  'vars',
  'crds',
];

function tellUnsupported(kustomization: JsonObject, { document, run }: Place): void {
  for (const member of unsupported) {
    if (asArray(kustomization[member]).length === 0) continue;
    told(run, 'unsupported', `${member} of a kustomization needs the program kustomize`, document.locate([member]));
  }
}

function resourcesFrom(written: string, { folder, run, trail }: Place, location: Location): readonly PatchedResource[] {
  if (isRemote(written)) {
    run.remote.push(withoutCredentials(written));
    return told(run, 'unsupported', `${withoutCredentials(written)} is not fetched`, location);
  }
  const path = resolve(folder, written);
  if (path === undefined) return told(run, 'outside', `${written} leaves the root`, location);
  const text = read(run, path);
  if (text === undefined) return buildFolder(path, run, { trail, from: location });
  const documents = parseKubernetesYaml(text, path);
  for (const { problems } of documents) for (const problem of problems) run.problems.push(problem);
  const { resources, problems: unlisted } = resourcesOf(documents);
  for (const problem of unlisted) run.problems.push(problem);
  return resources.map(patchedResource);
}

function isRemote(written: string): boolean {
  return /^[a-z][a-z0-9+.-]{0,20}:\/\/|^git@|^github\.com\/|\?ref=|\.git(?:\/|$)/.test(written);
}

function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^/@]{1,200}@/, '//').slice(0, 200);
}

function generatedResources(kustomization: JsonObject, { folder, document, run }: Place): readonly PatchedResource[] {
  const find = (written: string): string | undefined => {
    const path = resolve(folder, written);
    return path === undefined ? undefined : read(run, path);
  };
  return generated(kustomization, find).map(({ object, member, index }) => {
    const locate = (): Location => document.locate([member, index]);
    return { object, origin: { path: [], locate, locateValue: locate }, changes: new Map() };
  });
}

interface Patch {
  readonly target: JsonObject | undefined;
  readonly content: unknown;
  readonly origin: Origin;
  readonly location: Location;
}

function patchAll(
  resources: readonly PatchedResource[],
  kustomization: JsonObject,
  place: Place,
): readonly PatchedResource[] {
  let current = resources;
  for (const patch of patchesOf(kustomization, place)) {
    let isUsed = false;
    current = current.flatMap((resource) => {
      if (!isTarget(resource.object, patch)) return [resource];
      isUsed = true;
      const result = applyPatch(resource, patch, place);
      return result === undefined ? [] : [result];
    });
    if (!isUsed) told(place.run, 'unresolved', 'a patch finds no object to change', patch.location);
  }
  return current;
}

function patchesOf(kustomization: JsonObject, place: Place): readonly Patch[] {
  const { document } = place;
  return [
    ...asArray(kustomization['patchesStrategicMerge']).flatMap((item, index) =>
      readPatches(asString(item) ?? '', undefined, {
        place,
        location: document.locate(['patchesStrategicMerge', index]),
      }),
    ),
    ...['patches', 'patchesJson6902'].flatMap((member) =>
      asArray(kustomization[member]).flatMap((item, index) => {
        const row = asObject(item);
        const written = asString(row?.['path']) ?? asString(row?.['patch']) ?? asString(item) ?? '';
        return readPatches(written, asObject(row?.['target']), { place, location: document.locate([member, index]) });
      }),
    ),
  ];
}

/** A path, or the patch itself. */
function readPatches(
  written: string,
  target: JsonObject | undefined,
  { place, location }: { readonly place: Place; readonly location: Location },
): readonly Patch[] {
  const path = written.includes('\n') || written.includes(':') ? undefined : resolve(place.folder, written);
  const text = path === undefined ? undefined : read(place.run, path);
  if (path !== undefined && text === undefined) {
    told(place.run, 'unresolved', `the patch ${written} is not there`, location);
    return [];
  }
  const documents = parseYaml(text ?? written, path ?? location.path, { merge: 'on' });
  return documents.flatMap((document) => {
    for (const problem of document.problems) place.run.problems.push(problem);
    if (document.value === undefined || document.value === null) return [];
    const locate = (at: DocumentPath): Location => (path === undefined ? location : document.locate(at));
    return [{ target, content: document.value, origin: { path: [], locate, locateValue: locate }, location }];
  });
}

/** The selector of the patch, else the kind and name that a strategic patch itself has. */
function isTarget(object: JsonObject, { target, content }: Patch): boolean {
  const patch = asObject(content);
  const wanted =
    target ??
    (patch === undefined
      ? {}
      : { kind: patch['kind'], name: nameOf(patch), namespace: asObject(patch['metadata'])?.['namespace'] });
  const [group = '', version = group] = (asString(object['apiVersion']) ?? '').split('/');
  const metadata = asObject(object['metadata']);
  return (
    matches(wanted['kind'], asString(object['kind'])) &&
    matches(wanted['name'], asString(metadata?.['name'])) &&
    matches(wanted['namespace'], asString(metadata?.['namespace'])) &&
    matches(wanted['group'], group === version ? '' : group) &&
    matches(wanted['version'], version) &&
    selects(asString(wanted['labelSelector']), asObject(metadata?.['labels'])) &&
    selects(asString(wanted['annotationSelector']), asObject(metadata?.['annotations']))
  );
}

/** Kustomize takes regular expressions; here `.*` and literal texts are understood, which is what is used. */
function matches(wanted: unknown, actual: string | undefined): boolean {
  const text = asString(wanted);
  if (text === undefined || text === '' || text === '.*') return true;
  const parts = text.replace(/^\^|\$$/g, '').split('|');
  return parts.some((part) => {
    const pieces = part.split('.*');
    const value = actual ?? '';
    if (pieces.length === 1) return value === part;
    const [first = '', ...rest] = pieces;
    const last = rest.pop() ?? '';
    if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
    let at = first.length;
    return rest.every((piece) => {
      const found = value.indexOf(piece, at);
      at = found + piece.length;
      return found !== -1 && at <= value.length - last.length;
    });
  });
}

function selects(selector: string | undefined, labels: JsonObject | undefined): boolean {
  if (selector === undefined) return true;
  return selector.split(',').every((part) => {
    const match = /^\s*([\w./-]{1,300})\s*(?:(==?|!=)\s*([\w./-]{0,300}))?\s*$/.exec(part);
    const value = match === null ? undefined : labels?.[match[1] ?? ''];
    if (match === null || match[2] === undefined) return value !== undefined;
    return (value === match[3]) === (match[2] !== '!=');
  });
}

function applyPatch(resource: PatchedResource, patch: Patch, { run }: Place): PatchedResource | undefined {
  const { content, origin, location } = patch;
  if (Array.isArray(content)) {
    const result = applyJsonPatch(resource.object, content);
    const object = asObject(result.value);
    if (object === undefined) {
      told(run, 'schema', `a patch cannot be applied: ${result.fault ?? 'it leaves no object'}`, location);
      return resource;
    }
    return changed(
      resource,
      object,
      result.touched.map(({ path, operation }) => [path, { ...origin, path: [operation, 'value'] }]),
    );
  }
  const merge = asObject(content);
  if (merge === undefined) return resource;
  const group = (asString(resource.object['apiVersion']) ?? '').split('/')[0] ?? '';
  const isBuiltIn = !group.includes('.') || group.endsWith('.k8s.io');
  const { value, changes } = strategicMerge(resource.object, merge, isBuiltIn ? 'built-in' : 'custom');
  if (value === undefined) return undefined;
  // The name of the object is what the patch was found by; a selector may be wider than that.
  const metadata = { ...asObject(value['metadata']), ...identityOf(resource.object) };
  return changed(
    resource,
    { ...value, metadata, kind: resource.object['kind'], apiVersion: resource.object['apiVersion'] },
    changes.map(([at, from]) => [at, { ...origin, path: from }]),
  );
}

function identityOf(object: JsonObject): JsonObject {
  const metadata = asObject(object['metadata']) ?? {};
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key === 'name' || key === 'namespace'));
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A path relative to the root; undefined when it leaves it. */
function resolve(folder: string, written: string): string | undefined {
  if (written.startsWith('/')) return undefined;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** Folders of kustomizations that no other one in the tree builds on: what is deployed. */
export function kustomizationRoots(paths: readonly string[], files: KustomizeFiles): readonly string[] {
  const folders = paths
    .filter((path) => kustomizationNames.includes(path.slice(path.lastIndexOf('/') + 1)))
    .map((path) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''));
  const used = new Set<string>();
  for (const folder of folders) {
    const path = kustomizationNames.map((name) => join(folder, name)).find((name) => files.read(name) !== undefined);
    const kustomization = asObject(parseYamlDocument(files.read(path ?? '') ?? '', path ?? '', {}).value);
    for (const member of ['resources', 'bases', 'components'])
      for (const written of asStrings(kustomization?.[member])) {
        const target = resolve(folder, written);
        if (target !== undefined) used.add(target);
      }
    if (kustomization?.['kind'] === 'Component') used.add(folder);
  }
  return folders.filter((folder) => !used.has(folder)).sort();
}
