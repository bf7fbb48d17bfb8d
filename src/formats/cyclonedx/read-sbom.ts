// SPDX-License-Identifier: Apache-2.0
// From a CycloneDX document to the neutral SBOM model. What one component says is read in component.ts, the document itself in bom.ts.
import type { Problem } from '../../model/problem.ts';
import type { SbomDocument } from '../../model/sbom.ts';
import { asArray, asObject, asStrings, type DocumentPath, type JsonObject } from '../document.ts';
import { assembleSbom, type SbomEdge, type SbomElement } from '../sbom-assemble.ts';
import { type BomDocument, readBom } from './bom.ts';
import { elementOfComponent, text } from './component.ts';
import { dependencyGraphNamespace, readDependencyGraph } from './dependency-graph.ts';
import { foreignElementsOf } from './foreign-elements.ts';

const documentId = '\u0000document';

/** Reads CycloneDX 1.0-1.7, JSON, XML or protobuf text. Never throws. */
export function readCycloneDx(source: string, path: string): SbomDocument {
  const bom = readBom(source, path);
  return sbomOfBom(bom, path);
}

/** The neutral form of a document that is already read. */
export function sbomOfBom(bom: BomDocument, path: string): SbomDocument {
  const version = bom.minor === undefined ? text(bom.tree?.['specVersion']) : `1.${bom.minor}`;
  const tree = bom.tree;
  if (tree === undefined) {
    return { format: 'cyclonedx', specVersion: version, name: '', tools: [], lists: [], problems: bom.problems };
  }
  const collector = new Collector(bom);
  const metadata = asObject(tree['metadata']) ?? {};
  const described = asObject(metadata['component']);
  const rootId = described === undefined ? undefined : collector.add(described, ['metadata', 'component'], documentId);
  if (rootId !== undefined) collector.edges.push({ from: documentId, kind: 'describes', to: rootId });
  collector.addAll(tree, [], rootId ?? documentId);
  collector.addDependencies(tree);
  const serial = text(tree['serialNumber']);
  const createdAt = text(metadata['timestamp']);
  return assembleSbom({
    document: {
      format: 'cyclonedx',
      specVersion: version,
      name: '',
      tools: toolsOf(metadata['tools']),
      ...(serial === '' ? {} : { serial }),
      ...(createdAt === '' ? {} : { createdAt }),
    },
    documentId,
    path,
    elements: collector.elements,
    edges: collector.edges,
    problems: [...bom.problems, ...collector.problems],
  });
}

const maximumProblems = 1_000;

class Collector {
  readonly elements: SbomElement[] = [];
  readonly edges: SbomEdge[] = [];
  readonly problems: Problem[] = [];
  readonly #bom: BomDocument;
  readonly #byId = new Map<string, SbomElement>();
  #noted = 0;

  constructor(bom: BomDocument) {
    this.#bom = bom;
  }

  /** After many problems of a document the rest is only counted, in one last problem. */
  #note(path: DocumentPath, message: string, hidesFindings: boolean): void {
    this.#noted += 1;
    if (this.#noted <= maximumProblems) {
      this.problems.push({ kind: 'schema', message, location: this.#bom.locate(path), hidesFindings });
    } else {
      const rest = `${this.#noted - maximumProblems} further problems with components`;
      const hides = hidesFindings || this.problems[maximumProblems]?.hidesFindings === true;
      this.problems[maximumProblems] = {
        kind: 'schema',
        message: rest,
        location: this.#bom.locate([]),
        hidesFindings: hides,
      };
    }
  }

  /** Adds a component and those nested in it. Gives its id, or undefined when it is none. */
  add(component: JsonObject | undefined, path: DocumentPath, parent: string): string | undefined {
    if (component === undefined || (text(component['name']) === '' && text(component['purl']) === '')) {
      this.#note(path, 'a component has neither a name nor a package URL', true);
      return undefined;
    }
    const stated = text(component['bom-ref']) || text(component['purl']) || nameAndVersion(component);
    const id = this.#byId.has(stated) ? `${stated}#${this.elements.length}` : stated;
    if (id !== stated && text(component['bom-ref']) !== '')
      this.#note(path, `the bom-ref "${stated}" stands twice`, false);
    const { element, isBadPurl } = elementOfComponent(component, id);
    if (isBadPurl) {
      this.#note(
        [...path, 'purl'],
        `${element.name}: ${JSON.stringify(text(component['purl']).slice(0, 200))} is not a package URL`,
        true,
      );
    }
    this.elements.push(element);
    this.#byId.set(id, element);
    if (parent !== documentId) this.edges.push({ from: parent, kind: 'contains', to: id });
    this.addAll(component, path, id);
    return id;
  }

  /** Adds what the list `components` of an object holds. */
  addAll(owner: JsonObject, path: DocumentPath, parent: string): void {
    const { components } = owner;
    if (components !== undefined && !Array.isArray(components)) {
      this.#note([...path, 'components'], 'the components are not a list', true);
    }
    for (const [index, item] of asArray(components).entries()) {
      this.add(asObject(item), [...path, 'components', index], parent);
    }
  }

  /** `dependencies`, or the dependency graph extension with which 1.1 states them. */
  addDependencies(tree: Readonly<Record<string, unknown>>): void {
    for (const item of asArray(tree['dependencies'])) {
      const dependency = asObject(item);
      this.#depends(text(dependency?.['ref']), asStrings(dependency?.['dependsOn']));
    }
    const objects = [tree, ...asArray(tree['components']).map((item) => asObject(item) ?? {})];
    for (const element of objects.flatMap(foreignElementsOf)) {
      if (element.namespace !== dependencyGraphNamespace) continue;
      for (const { ref, dependsOn } of readDependencyGraph(element).dependencies) this.#depends(ref, dependsOn);
    }
  }

  #depends(from: string, targets: readonly string[]): void {
    for (const target of targets) {
      const scope = this.#byId.get(target)?.package?.scope;
      this.edges.push({ from, kind: 'depends-on', to: target, ...(scope === undefined ? {} : { scope }) });
    }
  }
}

function nameAndVersion(component: JsonObject): string {
  const version = text(component['version']);
  return version === '' ? text(component['name']) : `${text(component['name'])}@${version}`;
}

/** A list of tools until 1.4; since 1.5 also components and services. */
function toolsOf(tools: unknown): readonly string[] {
  const inventory = asObject(tools);
  const items =
    inventory === undefined ? asArray(tools) : [...asArray(inventory['components']), ...asArray(inventory['services'])];
  return items
    .map((item) => {
      const tool = asObject(item);
      return [text(tool?.['name']), text(tool?.['version'])].filter((word) => word !== '').join(' ');
    })
    .filter((name) => name !== '');
}
