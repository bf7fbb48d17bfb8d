// SPDX-License-Identifier: Apache-2.0
// SPDX 3.0 and 3.0.1 as the JSON-LD that the official context gives: a graph of objects with compact names (`software_Package`).
// Objects are kept as they are written, unknown types included; this file finds them by id and type. It is no general JSON-LD processor:
// prefixes or expanded property names of another context are not read. https://spdx.github.io/spdx-spec/v3.0.1/serializations/
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { Document, DocumentPath, JsonObject } from '../document.ts';
import { asArray, asObject, asString, asStrings } from '../document.ts';
import { parseJson } from '../json.ts';

export interface Spdx3Document {
  /** `@context`, normally the address of the official one. */
  readonly context: unknown;
  /** `specVersion` of the first CreationInfo, else of the context's address; empty when neither tells. */
  readonly specVersion: string;
  /** The members of `@graph` in order. */
  readonly graph: readonly JsonObject[];
  /** Every object with an id, embedded ones too; the first of a double id. */
  readonly byId: ReadonlyMap<string, JsonObject>;
  /** Every element (object with a `spdxId`, or a member of the graph), embedded ones too. */
  readonly elements: readonly JsonObject[];
}

export interface Spdx3Reading {
  readonly document: Spdx3Document | undefined;
  readonly problems: readonly Problem[];
  locate(element: object): Location;
}

/** true for a parsed JSON value that claims to be SPDX 3. */
export function isSpdx3(value: unknown): boolean {
  const root = asObject(value);
  return asStrings(root?.['@context']).some((context) =>
    /spdx\.org\/rdf\/(?:v?3|3\.[0-9.]+)/.test(context.slice(0, 200)),
  );
}

/** Reads one document. Never throws. */
export function parseSpdx3(text: string, path: string): Spdx3Reading {
  return spdx3OfValue(parseJson(text, path));
}

/** Reads a value that is already parsed. */
export function spdx3OfValue(source: Document): Spdx3Reading {
  const problems: Problem[] = [...source.problems];
  const paths = new WeakMap<object, DocumentPath>();
  const locate = (element: object): Location => source.locate(paths.get(element) ?? []);
  const schema = (at: DocumentPath, message: string): void => {
    problems.push({ kind: 'schema', message, location: source.locate(at), hidesFindings: true });
  };
  const root = asObject(source.value);
  if (root === undefined || !isSpdx3(root)) {
    if (problems.length === 0) schema([], 'not an SPDX 3 document: @context does not name the SPDX 3 context');
    return { document: undefined, problems, locate };
  }
  const graph: JsonObject[] = [];
  if (root['@graph'] === undefined) {
    const { '@context': _, ...single } = root;
    graph.push(single);
    paths.set(single, []);
  } else if (!Array.isArray(root['@graph'])) schema(['@graph'], '@graph: an array expected');
  for (const [index, item] of asArray(root['@graph']).entries()) {
    const node = asObject(item);
    if (node === undefined) schema(['@graph', index], '@graph: objects expected');
    else if (typeOf(node) === '') schema(['@graph', index], 'an object of the graph has no type');
    if (node === undefined) continue;
    graph.push(node);
    paths.set(node, ['@graph', index]);
  }
  const byId = new Map<string, JsonObject>();
  const elements: JsonObject[] = [];
  for (const node of graph) {
    elements.push(node);
    collect(node, { byId, elements, paths, at: paths.get(node) ?? [] });
  }
  return {
    document: { context: root['@context'], specVersion: versionOf(root, graph), graph, byId, elements },
    problems,
    locate,
  };
}

interface Collection {
  readonly byId: Map<string, JsonObject>;
  readonly elements: JsonObject[];
  readonly paths: WeakMap<object, DocumentPath>;
  readonly at: DocumentPath;
}

/** Finds embedded objects too; the depth is bounded by the JSON reader. */
function collect(node: JsonObject, into: Collection): void {
  const id = idOf(node);
  if (id !== undefined && !into.byId.has(id)) into.byId.set(id, node);
  for (const [name, value] of Object.entries(node)) {
    for (const [index, item] of (Array.isArray(value) ? value : [value]).entries()) {
      const inner = asObject(item);
      if (inner === undefined) continue;
      const at = Array.isArray(value) ? [...into.at, name, index] : [...into.at, name];
      if (typeof inner['spdxId'] === 'string') into.elements.push(inner);
      into.paths.set(inner, at);
      collect(inner, { ...into, at });
    }
  }
}

function versionOf(root: JsonObject, graph: readonly JsonObject[]): string {
  for (const node of graph) {
    const creation = typeOf(node) === 'CreationInfo' ? node : asObject(node['creationInfo']);
    const version = asString(creation?.['specVersion']);
    if (version !== undefined) return version;
  }
  for (const context of asStrings(root['@context'])) {
    const version = /\/rdf\/v?(3(?:\.[0-9]{1,3}){1,2})\//.exec(context.slice(0, 200))?.[1];
    if (version !== undefined) return version;
  }
  return '';
}

/** Compact class name: `software_Package`, `Relationship`; also from a full address; empty when there is none. */
export function typeOf(node: JsonObject): string {
  const written = asStrings(node['type'])[0] ?? asStrings(node['@type'])[0] ?? '';
  const address = /^https:\/\/spdx\.org\/rdf\/[0-9.v]{1,12}\/terms\/([A-Za-z]{1,40})\/([A-Za-z]{1,60})$/.exec(written);
  if (address === null) return written;
  const [, profile = '', name = ''] = address;
  return profile === 'Core' ? name : `${profile.toLowerCase()}_${name}`;
}

/** `spdxId` of an element, `@id` of any other object. */
export function idOf(node: JsonObject): string | undefined {
  return asString(node['spdxId']) ?? asString(node['@id']);
}

/** A single text; the first of several. */
export function textOf(node: JsonObject, name: string): string | undefined {
  return asStrings(node[name])[0];
}

/** Ids that a member names, whether written as an id, a list of ids, or embedded objects. */
export function idsOf(node: JsonObject, name: string): readonly string[] {
  const value = node[name];
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => {
    const inner = asObject(item);
    return inner === undefined ? asStrings(item) : asStrings(idOf(inner));
  });
}

/** Objects that a member embeds or names by id. */
export function nodesOf(document: Spdx3Document, node: JsonObject, name: string): readonly JsonObject[] {
  const value = node[name];
  return (Array.isArray(value) ? value : [value]).flatMap((item) => {
    const inner = asObject(item) ?? (typeof item === 'string' ? document.byId.get(item) : undefined);
    return inner === undefined ? [] : [inner];
  });
}

/** Prints the graph as it is kept; ends with a line break. */
export function printSpdx3(document: Pick<Spdx3Document, 'context' | 'graph'>): string {
  return `${JSON.stringify({ '@context': document.context, '@graph': document.graph }, null, 2)}\n`;
}

export const spdx3Context = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld';
