// SPDX-License-Identifier: Apache-2.0
// SPDX 2.2 and 2.3 in JSON and YAML. The shapes come from shapes.ts; what is not there is kept under `unknown` and printed again in JSON.

import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { Document, DocumentPath, JsonObject } from '../document.ts';
import { asArray, asObject, asString, asStrings } from '../document.ts';
import { parseJson } from '../json.ts';
import { parseYamlDocument } from '../yaml.ts';
import type { SpdxDocument, SpdxFile, SpdxReading, SpdxRelationship } from './document.ts';
import { emptySpdxDocument } from './document.ts';
import type { ImpliedRelationship } from './implied.ts';
import { withImplied, withRangeReferences } from './implied.ts';
import type { MemberShape, ShapeName } from './shapes.ts';
import { shapes } from './shapes.ts';

/** Reads the JSON form. Never throws. */
export function parseSpdxJson(text: string, path: string): SpdxReading {
  return new ShapeReader(parseJson(text, path), 'typed').read();
}

/** Reads the YAML form (the JSON members as YAML). Never throws. */
export function parseSpdxYaml(text: string, path: string): SpdxReading {
  return new ShapeReader(parseYamlDocument(text, path, { resolver: 'strings' }), 'text').read();
}

/** Reads a value that is already parsed, for example the predicate of an attestation. */
export function spdxOfValue(source: Document): SpdxReading {
  return new ShapeReader(source, 'typed').read();
}

/** Members that are turned into relationships and therefore neither unknown nor part of the tree. */
const convenience: Partial<Record<ShapeName, readonly string[]>> = {
  document: ['documentDescribes'],
  package: ['hasFiles', 'files'],
};

const knownMembers: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(shapes).map(([shape, members]) => {
    const others = convenience[shape as ShapeName] ?? [];
    return [shape, new Set([...members.map((member) => member.name), ...others])];
  }),
);

class ShapeReader {
  readonly #source: Document;
  /** `text`: YAML read without types, where `false` and `12` arrive as strings. */
  readonly #scalars: 'typed' | 'text';
  readonly #problems: Problem[] = [];
  readonly #paths = new WeakMap<object, DocumentPath>();

  constructor(source: Document, scalars: 'typed' | 'text') {
    this.#source = source;
    this.#scalars = scalars;
  }

  read(): SpdxReading {
    const root = asObject(this.#source.value);
    if (root === undefined) {
      if (this.#source.problems.length === 0) this.#problem([], 'not an SPDX document: an object is expected', 'hides');
      return this.#reading(undefined);
    }
    if (typeof root['spdxVersion'] !== 'string') {
      this.#problem([], 'not an SPDX 2 document: spdxVersion is missing', 'hides');
      if (root['packages'] === undefined && root['SPDXID'] === undefined) return this.#reading(undefined);
    } else if (!/^SPDX-2\.[0-9]+$/.test(root['spdxVersion'])) {
      const message = `${JSON.stringify(root['spdxVersion'].slice(0, 40))} is not a version of SPDX 2; it is read as 2.3`;
      const location = this.#source.locate(['spdxVersion']);
      this.#problems.push({ kind: 'unsupported', message, location, hidesFindings: true });
    }
    const tree: SpdxDocument = { ...emptySpdxDocument, ...this.#object(root, 'document', []) };
    const files = this.#withNestedFiles(root, tree.files);
    const relationships = withImplied(tree.relationships, impliedRelationships(root, tree));
    this.#placeAdded(relationships);
    return this.#reading({ ...tree, files, relationships, snippets: withRangeReferences(tree.snippets) });
  }

  /** Some tools write the files of a package into the package. */
  #withNestedFiles(root: JsonObject, files: readonly SpdxFile[]): readonly SpdxFile[] {
    const known = new Set(files.map((file) => file.SPDXID));
    const nested: SpdxFile[] = [];
    for (const [index, item] of asArray(root['packages']).entries()) {
      for (const [at, file] of asArray(asObject(item)?.['files']).entries()) {
        const source = asObject(file);
        if (source === undefined || known.has(asString(source['SPDXID']))) continue;
        known.add(asString(source['SPDXID']));
        nested.push(this.#object(source, 'file', ['packages', index, 'files', at]));
      }
    }
    return [...files, ...nested];
  }

  #reading(document: SpdxDocument | undefined): SpdxReading {
    const locate = (element: object): Location => this.#source.locate(this.#paths.get(element) ?? []);
    return { document, problems: [...this.#source.problems, ...this.#problems], locate };
  }

  /** Implied relationships stand where the whole document stands. */
  #placeAdded(relationships: readonly SpdxRelationship[]): void {
    for (const relationship of relationships) {
      if (!this.#paths.has(relationship)) this.#paths.set(relationship, []);
    }
  }

  #object(source: JsonObject, shape: ShapeName, at: DocumentPath): Record<string, unknown> {
    if (shape === 'any') return { ...source };
    const result: Record<string, unknown> = {};
    for (const member of shapes[shape]) {
      const value = source[member.name];
      if (value === undefined || value === null) continue;
      const read = this.#member(value, member, at);
      if (read !== undefined) result[member.name] = read;
    }
    if (shape === 'externalReference' && typeof result['referenceCategory'] === 'string') {
      result['referenceCategory'] = result['referenceCategory'].replaceAll('_', '-');
    }
    const known = knownMembers.get(shape);
    const others = Object.keys(source).filter((name) => known?.has(name) !== true);
    if (others.length > 0) {
      const names = others.slice(0, 5).map((name) => name.slice(0, 40));
      this.#problem([...at, others[0] ?? ''], `not a member of SPDX 2.3: ${names.join(', ')}`, 'remark');
      result['unknown'] = Object.fromEntries(others.map((name) => [name, source[name]]));
    }
    this.#paths.set(result, at);
    return result;
  }

  /** Reads one member of the object at `at`; the path of the member is built only where it is needed. */
  #member(value: unknown, member: MemberShape, at: DocumentPath): unknown {
    switch (member.kind) {
      case 'text':
        if (typeof value === 'string') return value;
        break;
      case 'boolean':
        if (typeof value === 'boolean') return value;
        if (this.#scalars === 'text' && (value === 'true' || value === 'false')) return value === 'true';
        break;
      case 'integer':
        if (Number.isSafeInteger(value)) return value;
        if (this.#scalars === 'text' && typeof value === 'string' && /^[0-9]{1,15}$/.test(value)) return Number(value);
        break;
      case 'texts':
        if (Array.isArray(value)) return this.#texts(value, member, at);
        break;
      case 'object': {
        const source = asObject(value);
        if (source !== undefined && member.of !== undefined)
          return this.#object(source, member.of, [...at, member.name]);
        break;
      }
      case 'objects':
        if (Array.isArray(value)) return this.#objects(value, member, at);
        break;
    }
    this.#wrong(member, [...at, member.name]);
    return undefined;
  }

  #texts(values: readonly unknown[], member: MemberShape, at: DocumentPath): string[] | undefined {
    const texts = values.filter((item) => typeof item === 'string');
    if (texts.length < values.length) this.#wrong(member, [...at, member.name]);
    return texts.length === 0 ? undefined : texts;
  }

  #objects(values: readonly unknown[], member: MemberShape, at: DocumentPath): object[] | undefined {
    const objects: object[] = [];
    for (const [index, item] of values.entries()) {
      const source = asObject(item);
      if (source === undefined) this.#wrong(member, [...at, member.name, index]);
      else objects.push(this.#object(source, member.of ?? 'any', [...at, member.name, index]));
    }
    return objects.length === 0 ? undefined : objects;
  }

  #wrong(member: MemberShape, at: DocumentPath): void {
    const words = { text: 'a string', texts: 'strings', boolean: 'a boolean', integer: 'an integer' };
    const expected =
      member.kind === 'object' ? 'an object' : member.kind === 'objects' ? 'objects' : words[member.kind];
    const message = `${at.filter((step) => typeof step === 'string').join('.')}: ${expected} expected`;
    this.#problem(at, message, member.essential === true ? 'hides' : 'remark');
  }

  #problem(at: DocumentPath, message: string, weight: 'hides' | 'remark'): void {
    this.#problems.push({
      kind: 'schema',
      message,
      location: this.#source.locate(at),
      hidesFindings: weight === 'hides',
    });
  }
}

function impliedRelationships(root: JsonObject, tree: SpdxDocument): readonly ImpliedRelationship[] {
  const implied: ImpliedRelationship[] = [];
  const document = tree.SPDXID ?? 'SPDXRef-DOCUMENT';
  for (const to of asStrings(root['documentDescribes'])) implied.push({ from: document, type: 'DESCRIBES', to });
  for (const item of asArray(root['packages'])) {
    const source = asObject(item);
    const from = source?.['SPDXID'];
    if (typeof from !== 'string') continue;
    const nested = asArray(source?.['files']).map((file) => asString(asObject(file)?.['SPDXID']));
    for (const to of [...asStrings(source?.['hasFiles']), ...nested]) {
      if (to !== undefined) implied.push({ from, type: 'CONTAINS', to });
    }
  }
  return implied;
}

/** Prints the JSON form with the members in the order of shapes.ts and two spaces of indentation; ends with a line break. */
export function printSpdxJson(document: SpdxDocument): string {
  return `${JSON.stringify(plain(document as unknown as JsonObject, 'document'), null, 2)}\n`;
}

function plain(source: JsonObject, shape: ShapeName): JsonObject {
  if (shape === 'any') return source;
  const result: Record<string, unknown> = {};
  for (const member of shapes[shape]) {
    const value = source[member.name];
    if (value === undefined) continue;
    if (member.kind === 'object') result[member.name] = plain(value as JsonObject, member.of ?? 'any');
    else if (!Array.isArray(value)) result[member.name] = value;
    else if (value.length > 0) {
      const of = member.of;
      result[member.name] = of === undefined ? value : value.map((item) => plain(item as JsonObject, of));
    }
  }
  return { ...result, ...asObject(source['unknown']) };
}
