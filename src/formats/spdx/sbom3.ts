// SPDX-License-Identifier: Apache-2.0
// What the elements of an SPDX 3 graph say, in the terms of the neutral SBOM model: profiles Core, Software and licensing.
// Vulnerabilities of the Security profile are no part of the neutral model.
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { PackageFacts, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SbomDocument } from '../../model/sbom.ts';
import type { JsonObject } from '../document.ts';
import { asStrings } from '../document.ts';
import { distributionOf, packageOfPurl, preferredName } from '../purl-package.ts';
import type { SbomEdge, SbomElement } from '../sbom-assemble.ts';
import { assembleSbom } from '../sbom-assemble.ts';
import { licensesOfExpression } from '../spdx-license-combine.ts';
import { lastPart, licenseText } from './licenses3.ts';
import { readSourceInfo } from './source-info.ts';
import type { Spdx3Document, Spdx3Reading } from './spdx3.ts';
import { idOf, idsOf, nodesOf, textOf, typeOf } from './spdx3.ts';

/** The neutral form of a graph that is already read. `path` stands for the document in locations. */
export function sbomOfSpdx3(reading: Spdx3Reading, path: string): SbomDocument {
  const document = reading.document;
  if (document === undefined) {
    return { format: 'spdx', specVersion: '', name: '', tools: [], lists: [], problems: reading.problems };
  }
  const problems: Problem[] = [...reading.problems];
  const view = new GraphView(document, reading, problems);
  const head = document.elements.find((node) => typeOf(node) === 'SpdxDocument');
  const creation = nodesOf(document, head ?? document.elements[0] ?? {}, 'creationInfo')[0];
  const created = creation === undefined ? undefined : textOf(creation, 'created');
  const serial = head === undefined ? undefined : idOf(head);
  return assembleSbom({
    document: {
      format: 'spdx',
      specVersion: document.specVersion,
      name: (head === undefined ? undefined : textOf(head, 'name')) ?? '',
      tools:
        creation === undefined
          ? []
          : nodesOf(document, creation, 'createdUsing').flatMap((tool) => asStrings(tool['name'])),
      ...(serial === undefined ? {} : { serial }),
      ...(created === undefined ? {} : { createdAt: created }),
    },
    documentId,
    path,
    elements: view.elements(),
    edges: [...rootsOf(document), ...document.elements.flatMap(edgesOf)],
    problems,
  });
}

/** Stands for the document and its bills of materials as the beginning of `describes`. */
const documentId = '';

const collectionTypes = new Set(['SpdxDocument', 'Bom', 'Bundle', 'software_Sbom']);

function isCollection(node: JsonObject | undefined): boolean {
  return node !== undefined && collectionTypes.has(typeOf(node));
}

/** Roots of the document, or of the bill of materials that is its root. */
function rootsOf(document: Spdx3Document): readonly SbomEdge[] {
  const collections = document.elements.filter(isCollection);
  const boms = collections.filter((node) => typeOf(node) === 'software_Sbom');
  const roots = (boms.length > 0 ? boms : collections).flatMap((node) => idsOf(node, 'rootElement'));
  return roots
    .filter((id) => !isCollection(document.byId.get(id)))
    .map((to) => ({ from: documentId, kind: 'describes', to }));
}

class GraphView {
  readonly #document: Spdx3Document;
  readonly #reading: Spdx3Reading;
  readonly #problems: Problem[];
  readonly #declared = new Map<string, string[]>();
  readonly #concluded = new Map<string, string[]>();

  constructor(document: Spdx3Document, reading: Spdx3Reading, problems: Problem[]) {
    this.#document = document;
    this.#reading = reading;
    this.#problems = problems;
    for (const node of document.elements) {
      const type = textOf(node, 'relationshipType');
      const table =
        type === 'hasDeclaredLicense' ? this.#declared : type === 'hasConcludedLicense' ? this.#concluded : undefined;
      if (table === undefined) continue;
      const texts = [...this.#licenseTexts(node)].filter(
        (text) => text !== '' && text !== 'NONE' && text !== 'NOASSERTION',
      );
      for (const from of idsOf(node, 'from')) table.set(from, [...(table.get(from) ?? []), ...texts]);
    }
  }

  elements(): SbomElement[] {
    return this.#document.elements.flatMap((node) => {
      const id = idOf(node);
      if (id === undefined) return [];
      const type = typeOf(node);
      if (type === 'software_File') return [this.#file(node, id)];
      return /^(?:software|ai|dataset)_[A-Za-z]{0,20}Package$/.test(type) ? [this.#package(node, id)] : [];
    });
  }

  *#licenseTexts(relationship: JsonObject): Iterable<string> {
    const nodes = nodesOf(this.#document, relationship, 'to');
    for (const node of nodes) yield licenseText(this.#document, node);
    // Listed licences need not be in the graph.
    for (const id of idsOf(relationship, 'to')) {
      if (!this.#document.byId.has(id) && /^https?:\/\/spdx\.org\/licenses\//.test(id)) yield lastPart(id);
    }
  }

  #file(node: JsonObject, id: string): SbomElement {
    const name = (textOf(node, 'name') ?? '').replace(/^\.\//, '');
    return { id, role: 'file', name, version: '', purpose: 'file', digests: this.#digests(node) };
  }

  #package(node: JsonObject, id: string): SbomElement {
    const name = textOf(node, 'name') ?? '';
    const version = textOf(node, 'software_packageVersion') ?? '';
    const written = textOf(node, 'software_primaryPurpose') ?? 'library';
    const purpose = written.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const common = { id, name, version, purpose };
    if (purpose === 'operating-system')
      return { ...common, role: 'group', distribution: distributionOf(name, version) };
    const purls = [
      ...asStrings(node['software_packageUrl']),
      ...this.#identifiers(node, /^packageUr[lL]$|^packageURL$/),
    ];
    const known = purls
      .map((purl) => ({ purl, found: packageOfPurl(purl) }))
      .find((candidate) => candidate.found !== undefined);
    if (purls.length > 0 && known === undefined) {
      const message = `${name}: ${JSON.stringify(purls[0]?.slice(0, 80))} is not a package URL`;
      this.#problems.push({ kind: 'schema', message, location: this.#reading.locate(node), hidesFindings: true });
    }
    const { purl, found } = known ?? {};
    const source = readSourceInfo(textOf(node, 'software_sourceInfo'));
    const sources = source.sources.length > 0 ? source.sources : (found?.sources ?? []);
    const cpes = this.#identifiers(node, /^cpe2[23]$/);
    const facts = this.#facts(node, found?.facts ?? {});
    const distribution = found?.distribution;
    return {
      ...common,
      role: 'package',
      ...(purl === undefined ? {} : { purl }),
      package: packageOf({
        name: found === undefined ? name : preferredName(name, found),
        version: found === undefined || found.version === '' ? version : found.version,
        type: found?.type ?? 'generic',
        ...(purl === undefined ? {} : { purl }),
        locations: source.locations,
        licenses: this.#licenses(id),
        digests: this.#digests(node),
        ...(sources.length === 0 ? {} : { sources }),
        ...(cpes.length === 0 ? {} : { cpes }),
        ...(Object.keys(facts).length === 0 ? {} : { facts }),
      }),
      ...(distribution === undefined ? {} : { distribution }),
    };
  }

  #identifiers(node: JsonObject, type: RegExp): string[] {
    return nodesOf(this.#document, node, 'externalIdentifier')
      .filter((identifier) => type.test((textOf(identifier, 'externalIdentifierType') ?? '').slice(0, 40)))
      .flatMap((identifier) => asStrings(identifier['identifier']));
  }

  #licenses(id: string): readonly string[] {
    const texts = this.#declared.get(id) ?? [];
    const chosen = texts.length > 0 ? texts : (this.#concluded.get(id) ?? []);
    return chosen.flatMap((text) => licensesOfExpression(text, this.#words()));
  }

  #wordsTable: ReadonlyMap<string, string> | undefined;

  /** Names of the texts that expressions refer to, from their `customIdToUri` maps and from the texts' own names. */
  #words(): ReadonlyMap<string, string> {
    if (this.#wordsTable !== undefined) return this.#wordsTable;
    const words = new Map<string, string>();
    for (const node of this.#document.elements) {
      for (const entry of nodesOf(this.#document, node, 'simplelicensing_customIdToUri')) {
        const target = this.#document.byId.get(textOf(entry, 'value') ?? '');
        const name = target === undefined ? undefined : textOf(target, 'name');
        const key = textOf(entry, 'key');
        if (name !== undefined && key !== undefined) words.set(key, name);
      }
    }
    this.#wordsTable = words;
    return words;
  }

  #digests(node: JsonObject): readonly Digest[] {
    return nodesOf(this.#document, node, 'verifiedUsing')
      .map((hash) => digestOf(textOf(hash, 'algorithm') ?? '', textOf(hash, 'hashValue') ?? ''))
      .filter((digest) => digest !== undefined);
  }

  #facts(node: JsonObject, known: PackageFacts): PackageFacts {
    const agent = (name: string): string | undefined => {
      const found = nodesOf(this.#document, node, name)[0];
      return found === undefined ? undefined : textOf(found, 'name');
    };
    const values: Record<string, string | undefined> = {
      description: textOf(node, 'description') ?? textOf(node, 'summary'),
      homepage: textOf(node, 'software_homePage'),
      downloadUrl: textOf(node, 'software_downloadLocation'),
      supplier: agent('suppliedBy'),
      author: agent('originatedBy'),
    };
    const said = Object.entries(values).filter(
      ([, value]) => value !== undefined && value !== 'NOASSERTION' && value !== 'NONE',
    );
    return { ...known, ...Object.fromEntries(said) };
  }
}

/** Relationship types of the model that say something about packages; all point from the dependent to what is needed. */
const kinds: ReadonlyMap<string, { readonly kind: SbomEdge['kind']; readonly scope?: Scope }> = new Map([
  ['describes', { kind: 'describes' }],
  ['contains', { kind: 'contains' }],
  ['dependsOn', { kind: 'depends-on' }],
  ['hasDynamicLink', { kind: 'depends-on' }],
  ['hasStaticLink', { kind: 'depends-on' }],
  ['hasPrerequisite', { kind: 'depends-on' }],
  ['hasOptionalDependency', { kind: 'depends-on', scope: 'optional' }],
  ['hasOptionalComponent', { kind: 'depends-on', scope: 'optional' }],
  ['hasProvidedDependency', { kind: 'depends-on', scope: 'peer' }],
  ['hasEvidence', { kind: 'evident-by' }],
]);

const lifecycleScopes: Readonly<Record<string, Scope>> = { build: 'build', development: 'development', test: 'test' };

function edgesOf(node: JsonObject): readonly SbomEdge[] {
  const rule = kinds.get(textOf(node, 'relationshipType') ?? '');
  if (rule === undefined) return [];
  const lifecycle = textOf(node, 'scope') ?? '';
  const scope = Object.hasOwn(lifecycleScopes, lifecycle) ? lifecycleScopes[lifecycle] : rule.scope;
  const froms = rule.kind === 'describes' ? [documentId] : idsOf(node, 'from');
  return froms.flatMap((from) =>
    idsOf(node, 'to').map((to) => ({ from, kind: rule.kind, to, ...(scope === undefined ? {} : { scope }) })),
  );
}
