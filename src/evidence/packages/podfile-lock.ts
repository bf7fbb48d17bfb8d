// SPDX-License-Identifier: Apache-2.0
// Podfile.lock of CocoaPods: YAML whose PODS list holds `Name (version)` or `Name (version): [needs]`.
import type { Document } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { withReach } from '../package-facts/reach.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const podfileLock = defineCataloger({
  id: 'podfile-lock',
  title: 'Podfile.lock',
  ecosystems: ['cocoapods'],
  kind: 'declared',
  files: ['**/Podfile.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['which target of the project needs a pod', 'licences'],
  },
  parse: parsePodfileLock,
});

interface Pod {
  readonly name: string;
  readonly version: string;
  readonly needs: readonly string[];
  readonly location: Location;
}

const podText = /^([^\s()]{1,300}) \(([^()]{1,200})\)$/;

function parsePodfileLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const problems: Problem[] = [...encoding, ...document.problems];
  const lock = asObject(document.value);
  if (lock === undefined) {
    if (document.problems.length === 0) problems.push(schemaProblem('no pods in it', { path: file.path, line: 1 }));
    return { packages: [], problems };
  }
  const pods = readPods(lock['PODS'], document, problems);
  const ids = new Map(pods.map((pod) => [pod.name, `${pod.name}@${pod.version}`]));
  const checkouts = asObject(lock['CHECKOUT OPTIONS']) ?? {};
  const checksums = asObject(lock['SPEC CHECKSUMS']) ?? {};
  const packages = new Map<string, Package>();
  for (const pod of pods) {
    const base = pod.name.split('/')[0] ?? pod.name;
    const facts = factsOf(asObject(checkouts[base]), asString(checksums[base]));
    const item = packageOfPod(pod, ids, facts);
    if (!packages.has(item.id)) packages.set(item.id, item);
  }
  const direct = new Map<string, Scope>();
  for (const wanted of asStrings(lock['DEPENDENCIES'])) {
    const id = ids.get(/^[^\s(]{1,300}/.exec(wanted)?.[0] ?? '');
    if (id !== undefined) direct.set(id, 'runtime');
  }
  return { packages: withReach([...packages.values()], direct), problems };
}

function schemaProblem(message: string, location: Location): Problem {
  return { kind: 'schema', message, location, hidesFindings: true };
}

function readPods(list: unknown, document: Document, problems: Problem[]): Pod[] {
  const pods: Pod[] = [];
  for (const [index, item] of asArray(list).entries()) {
    const location = document.locate(['PODS', index]);
    const rows: [string, unknown][] = typeof item === 'string' ? [[item, []]] : entriesOf(item);
    for (const [key, needs] of rows) {
      const [, name = '', version = ''] = podText.exec(key) ?? [];
      if (name === '') problems.push(schemaProblem(`not "name (version)": ${key.slice(0, 100)}`, location));
      else pods.push({ name, version, needs: asStrings(needs), location });
    }
  }
  return pods;
}

function packageOfPod(pod: Pod, ids: ReadonlyMap<string, string>, facts: PackageFacts): Package {
  const [name = '', ...subspec] = pod.name.split('/');
  // A subspec is part of a pod: the subpath of its purl (purl-spec, "cocoapods").
  const purl = formatPurl({ type: 'cocoapods', name, version: pod.version, subpath: subspec.join('/') });
  const needs = pod.needs.map((need) => ids.get(/^[^\s(]{1,300}/.exec(need)?.[0] ?? ''));
  return packageOf({
    name: pod.name,
    version: pod.version,
    type: 'cocoapods',
    ...(purl === undefined ? {} : { purl }),
    locations: [pod.location],
    dependsOn: [...new Set(needs.filter((id) => id !== undefined))],
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

function factsOf(checkout: Readonly<Record<string, unknown>> | undefined, checksum: string | undefined): PackageFacts {
  const repository = asString(checkout?.[':git']);
  const commit = asString(checkout?.[':commit']);
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(commit === undefined ? {} : { commit }),
    // sha1 of the specification, not of the pod's code.
    ...(checksum === undefined ? {} : { other: { specificationChecksum: checksum } }),
  };
}
