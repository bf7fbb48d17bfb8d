// SPDX-License-Identifier: Apache-2.0
// conan.lock of Conan 1 (a graph of nodes, with references or, before 1.25, package references) and Conan 2 (flat lists).
import type { Document, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package, Relationship, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { ConanReference } from '../package-facts/conan-reference.ts';
import { conanPackage, parseConanReference } from '../package-facts/conan-reference.ts';
import { strongerScope, withReach } from '../package-facts/reach.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const conanLock = defineCataloger({
  id: 'conan-lock',
  title: 'conan.lock',
  ecosystems: ['conan'],
  kind: 'declared',
  files: ['**/conan.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['edges and direct packages in lock files of Conan 2, which hold neither'],
  },
  parse: parseConanLock,
});

function parseConanLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const lock = asObject(document.value);
  if (lock === undefined) {
    if (document.value !== undefined) problems.push(schemaProblem('not an object', { path: file.path, line: 1 }));
    return { packages: [], problems };
  }
  const nodes = asObject(asObject(lock['graph_lock'])?.['nodes']);
  const packages = nodes === undefined ? readLists(lock, document, problems) : readGraph(nodes, document, problems);
  return { packages, problems };
}

function schemaProblem(message: string, location: Location): Problem {
  return { kind: 'schema', message, location, hidesFindings: true };
}

const lists: readonly (readonly [string, Scope])[] = [
  ['requires', 'runtime'],
  ['build_requires', 'build'],
  ['python_requires', 'build'],
  ['config_requires', 'build'],
];

/** Version 0.5: lists of references. The same reference may stand in two of them. */
function readLists(lock: JsonObject, document: Document, problems: Problem[]): Package[] {
  const found = new Map<string, Package>();
  for (const [field, scope] of lists) {
    for (const [index, value] of asArray(lock[field]).entries()) {
      const location = document.locate([field, index]);
      const reference = parseConanReference(asString(value) ?? '');
      if (reference === undefined) {
        problems.push(schemaProblem('not a Conan reference', location));
        continue;
      }
      const item = conanPackage(reference, { location, scope, groups: [field.replace('_', '-')] });
      const known = found.get(item.id);
      if (known === undefined) found.set(item.id, item);
      else found.set(item.id, joined(known, item));
    }
  }
  return [...found.values()];
}

function joined(known: Package, next: Package): Package {
  const groups = [...new Set([...(known.facts?.groups ?? []), ...(next.facts?.groups ?? [])])];
  return {
    ...known,
    scope: strongerScope(known.scope, next.scope),
    locations: [...known.locations, ...next.locations],
    facts: { ...known.facts, groups },
  };
}

interface Node {
  readonly key: string;
  readonly id: string;
  readonly reference: ConanReference;
  readonly location: Location;
  readonly requires: readonly string[];
  readonly buildRequires: readonly string[];
  readonly isConsumer: boolean;
}

/** Versions 0.1 to 0.4: numbered nodes; node 0 is the project the lock file was made for, with or without a reference. */
function readGraph(graph: JsonObject, document: Document, problems: Problem[]): Package[] {
  const nodes: Node[] = [];
  const wanted = new Map<string, Scope>();
  for (const [key, value] of entriesOf(graph)) {
    const node = asObject(value) ?? {};
    const written = asString(node['ref']) ?? asString(node['pref']);
    const location = document.locate(['graph_lock', 'nodes', key]);
    const isConsumer = key === '0' && (node['path'] !== undefined || written === undefined);
    const [requires, buildRequires] = [edges(node['requires']), edges(node['build_requires'])];
    if (isConsumer) {
      for (const target of buildRequires) wanted.set(target, 'build');
      for (const target of requires) wanted.set(target, 'runtime');
    }
    if (written === undefined) continue;
    const reference = parseConanReference(written);
    if (reference === undefined)
      problems.push(schemaProblem(`not a Conan reference: ${written.slice(0, 100)}`, location));
    else nodes.push({ key, id: idOf(reference, nodes), reference, location, requires, buildRequires, isConsumer });
  }
  const ids = new Map(nodes.map((node) => [node.key, node.id]));
  const packages = nodes.map((node) => {
    const dependsOn = [...node.requires, ...node.buildRequires]
      .map((key) => ids.get(key))
      .filter((id) => id !== undefined);
    const relationship: Relationship = node.isConsumer ? 'root' : 'unknown';
    return conanPackage(node.reference, {
      id: node.id,
      location: node.location,
      relationship,
      dependsOn: [...new Set(dependsOn)],
    });
  });
  const direct = new Map<string, Scope>();
  for (const [key, scope] of wanted) {
    const id = ids.get(key);
    if (id !== undefined) direct.set(id, scope);
  }
  return withReach(packages, direct);
}

/** A list of node numbers, or before 0.4 an object from reference to node number. */
function edges(value: unknown): readonly string[] {
  return Array.isArray(value) ? asStrings(value) : entriesOf(value).flatMap(([, key]) => asStrings(key));
}

/** Nodes for host and build may hold the same package twice. */
function idOf({ name, version }: ConanReference, nodes: readonly Node[]): string {
  const id = `${name}@${version}`;
  const same = nodes.filter((node) => node.reference.name === name && node.reference.version === version).length;
  return same === 0 ? id : `${id} (${same + 1})`;
}
