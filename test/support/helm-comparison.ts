// SPDX-License-Identifier: Apache-2.0
// What the real Helm renders, as objects, and how it differs from what our own renderer gives.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';
import type { Helm } from './helm-program.ts';

export type HelmRendering =
  | { readonly kind: 'objects'; readonly objects: readonly JsonObject[] }
  | { readonly kind: 'refused'; readonly message: string };

export interface HelmTemplate {
  readonly chart: string;
  readonly values: JsonObject;
  readonly release: { readonly name: string; readonly namespace: string };
  /** Folder for the file of values. */
  readonly folder: string;
  readonly words?: readonly string[];
}

let files = 0;

/** Path of a new file with these values. */
export function valuesFile(folder: string, values: JsonObject): string {
  files += 1;
  const path = join(folder, `values-${files}.json`);
  writeFileSync(path, JSON.stringify(values));
  return path;
}

/** `helm template`: all objects, hooks included. */
export async function helmTemplate(
  helm: Helm,
  { chart, values, release, folder, words = [] }: HelmTemplate,
): Promise<HelmRendering> {
  const { name, namespace } = release;
  const run = await helm.run(
    'template',
    name,
    chart,
    '--namespace',
    namespace,
    '--values',
    valuesFile(folder, values),
    ...words,
  );
  if (run.status !== 0) return { kind: 'refused', message: run.stderr.trim() };
  const documents = parseKubernetesYaml(run.stdout, 'helm');
  const problem = documents.flatMap(({ problems }) => problems)[0];
  if (problem !== undefined) throw new Error(`what Helm wrote cannot be read: ${problem.message}\n${run.stdout}`);
  return { kind: 'objects', objects: resourcesOf(documents).resources.map(({ object }) => object) };
}

/** Sentences; none when both are the same objects, in any order. */
export function differencesOf(helm: readonly JsonObject[], ours: readonly JsonObject[]): readonly string[] {
  const [theirs, own] = [byName(helm), byName(ours)];
  const names = [...new Set([...theirs.keys(), ...own.keys()])].sort();
  return names.flatMap((name) => {
    const [left, right] = [theirs.get(name), own.get(name)];
    if (left === undefined) return [`${name} is not in what Helm renders`];
    if (right === undefined) return [`${name} is only in what Helm renders`];
    if (left.length !== right.length) return [`${name}: Helm has ${left.length}, we have ${right.length}`];
    return left.flatMap((object, index) => valueDifferences(object, right[index], name));
  });
}

function byName(objects: readonly JsonObject[]): ReadonlyMap<string, readonly JsonObject[]> {
  const found = new Map<string, JsonObject[]>();
  for (const object of objects) {
    const { name, namespace } = asObject(object['metadata']) ?? {};
    const key = `${asString(object['apiVersion'])} ${asString(object['kind'])} ${asString(namespace) ?? ''}/${asString(name)}`;
    found.set(key, [...(found.get(key) ?? []), object]);
  }
  return found;
}

function valueDifferences(left: unknown, right: unknown, path: string): readonly string[] {
  if (isDeepStrictEqual(left, right)) return [];
  const [leftObject, rightObject] = [asObject(left), asObject(right)];
  if (leftObject !== undefined && rightObject !== undefined)
    return [...new Set([...Object.keys(leftObject), ...Object.keys(rightObject)])]
      .sort()
      .flatMap((key) => valueDifferences(leftObject[key], rightObject[key], `${path}.${key}`));
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length)
    return asArray(left).flatMap((item, index) => valueDifferences(item, right[index], `${path}[${index}]`));
  return [`${path}: Helm ${JSON.stringify(left)}, we ${JSON.stringify(right)}`];
}
