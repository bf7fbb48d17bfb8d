// SPDX-License-Identifier: Apache-2.0
// Builds an SPDX 3.0.1 graph (profiles Core, Software, SimpleLicensing) from package lists. Files that list packages are software_File elements
// that contain them; one relationship object holds all targets of one kind, as the model intends.
import { hash } from 'node:crypto';
import type { Package, PackageList, Scope } from '../../model/package.ts';
import type { JsonObject } from '../document.ts';
import { combineLicenses } from '../spdx-license-combine.ts';
import { licenseListVersion } from '../spdx-license-ids.ts';
import type { DependencyEdge, SpdxContent } from './content.ts';
import {
  actorOf,
  addressOf,
  dependencyEdges,
  documentNamespace,
  groupId,
  isSystem,
  packageIds,
  spdxTime,
} from './content.ts';
import { printSourceInfo } from './source-info.ts';
import type { Spdx3Document } from './spdx3.ts';
import { spdx3Context } from './spdx3.ts';

/** Pure: the same content gives the same graph. */
export function buildSpdx3(content: SpdxContent): Pick<Spdx3Document, 'context' | 'graph'> {
  return { context: spdx3Context, graph: new GraphBuilder3(content).build() };
}

const creationId = '_:creationInfo';

const rootPurposes: Readonly<Record<string, string>> = {
  directory: 'source',
  git: 'source',
  file: 'file',
  image: 'container',
};

class GraphBuilder3 {
  readonly #content: SpdxContent;
  readonly #namespace: string;
  readonly #nodes: JsonObject[] = [];
  /** Nodes that several elements share, by id. */
  readonly #shared = new Map<string, JsonObject>();
  readonly #licenseWords = new Map<string, string>();

  constructor(content: SpdxContent) {
    this.#content = content;
    this.#namespace = documentNamespace(content);
  }

  build(): JsonObject[] {
    const { target, lists } = this.#content;
    const ids = lists.map(packageIds);
    const root = this.#id('DocumentRoot');
    this.#root(root);
    const groups = new Map<string, string[]>();
    const declared = new Map<string, string[]>();
    for (const [at, list] of lists.entries()) {
      const group = groupId(list);
      const members = groups.get(group) ?? [];
      if (!groups.has(group)) this.#group(list, group);
      groups.set(group, members);
      for (const item of list.packages) {
        const id = ids[at]?.get(item.id) ?? '';
        members.push(id);
        this.#package(item, id);
        const license = this.#license(item.licenses);
        if (license === undefined) continue;
        const packages = declared.get(license);
        if (packages === undefined) declared.set(license, [id]);
        else packages.push(id);
      }
    }
    this.#relate('DocumentRoot', 'contains', [...groups.keys()]);
    for (const [group, members] of groups) this.#relate(group, 'contains', members);
    this.#dependencies(dependencyEdges(lists, ids));
    for (const [license, packages] of declared) {
      for (const id of packages) this.#relate(id, 'hasDeclaredLicense', [license]);
    }
    const name = target.name === '' ? target.kind : target.name;
    return [this.#creation(), ...this.#document(name, root), ...this.#shared.values(), ...this.#nodes];
  }

  #id(part: string): string {
    return `${this.#namespace}#${part}`;
  }

  #creation(): JsonObject {
    return {
      type: 'CreationInfo',
      '@id': creationId,
      specVersion: '3.0.1',
      created: spdxTime(this.#content.createdAt),
      createdBy: [this.#id('Agent-tool')],
      createdUsing: [this.#id('Tool')],
    };
  }

  #document(name: string, root: string): JsonObject[] {
    const { tool } = this.#content;
    return [
      { type: 'SoftwareAgent', spdxId: this.#id('Agent-tool'), creationInfo: creationId, name: tool.name },
      { type: 'Tool', spdxId: this.#id('Tool'), creationInfo: creationId, name: `${tool.name} ${tool.version}` },
      {
        type: 'SpdxDocument',
        spdxId: this.#id('Document'),
        creationInfo: creationId,
        name,
        profileConformance: ['core', 'software', 'simpleLicensing'],
        dataLicense: 'https://spdx.org/licenses/CC0-1.0',
        rootElement: [this.#id('Sbom')],
      },
      {
        type: 'software_Sbom',
        spdxId: this.#id('Sbom'),
        creationInfo: creationId,
        name,
        software_sbomType: [this.#content.target.kind === 'image' ? 'analyzed' : 'source'],
        rootElement: [root],
      },
    ];
  }

  #root(spdxId: string): void {
    const { target } = this.#content;
    this.#nodes.push({
      type: 'software_Package',
      spdxId,
      creationInfo: creationId,
      name: target.name === '' ? target.kind : target.name,
      ...(target.version === '' ? {} : { software_packageVersion: target.version }),
      software_primaryPurpose:
        (Object.hasOwn(rootPurposes, target.kind) ? rootPurposes[target.kind] : undefined) ?? 'other',
    });
  }

  #group(list: PackageList, id: string): void {
    const { distribution } = list;
    if (distribution === undefined || !isSystem(list)) {
      this.#nodes.push({ type: 'software_File', spdxId: this.#id(id), creationInfo: creationId, name: list.path });
      return;
    }
    const version = distribution.versionId === '' ? distribution.codename : distribution.versionId;
    this.#nodes.push({
      type: 'software_Package',
      spdxId: this.#id(id),
      creationInfo: creationId,
      name: distribution.id,
      ...(version === undefined || version === '' ? {} : { software_packageVersion: version }),
      software_primaryPurpose: 'operatingSystem',
    });
  }

  #package(item: Package, id: string): void {
    const facts = item.facts ?? {};
    const isProject = item.relationship === 'root' || item.relationship === 'workspace';
    const sourceInfo = printSourceInfo({ sources: item.sources ?? [], locations: item.locations });
    const supplier = this.#agent(facts.supplier ?? facts.vendor, 'Organization');
    const originator = this.#agent(facts.author, 'Person');
    const downloadUrl = addressOf(facts.downloadUrl);
    const homepage = addressOf(facts.homepage);
    this.#nodes.push({
      type: 'software_Package',
      spdxId: this.#id(id),
      creationInfo: creationId,
      name: item.name,
      ...(facts.description === undefined ? {} : { description: facts.description }),
      ...(item.version === '' ? {} : { software_packageVersion: item.version }),
      ...(item.purl === undefined ? {} : { software_packageUrl: item.purl }),
      software_primaryPurpose: isProject ? 'application' : 'library',
      ...(supplier === undefined ? {} : { suppliedBy: supplier }),
      ...(originator === undefined ? {} : { originatedBy: [originator] }),
      ...(downloadUrl === undefined ? {} : { software_downloadLocation: downloadUrl }),
      ...(homepage === undefined ? {} : { software_homePage: homepage }),
      ...(sourceInfo === undefined ? {} : { software_sourceInfo: sourceInfo }),
      ...(item.digests.length === 0 ? {} : { verifiedUsing: item.digests.map(hashOf) }),
      ...((item.cpes ?? []).length === 0 ? {} : { externalIdentifier: (item.cpes ?? []).map(identifierOf) }),
    });
  }

  /** One element for all packages of the same agent. */
  #agent(text: string | undefined, kind: 'Person' | 'Organization'): string | undefined {
    const actor = actorOf(text, kind);
    if (actor === undefined) return undefined;
    const id = this.#id(`Agent-${hash('sha256', `${kind}\n${actor.name}\n${actor.email ?? ''}`).slice(0, 16)}`);
    const email = { type: 'ExternalIdentifier', externalIdentifierType: 'email', identifier: actor.email };
    this.#shared.set(id, {
      type: kind,
      spdxId: id,
      creationInfo: creationId,
      name: actor.name,
      ...(actor.email === undefined ? {} : { externalIdentifier: [email] }),
    });
    return id;
  }

  /** Id part of the expression of the licences; undefined for none. */
  #license(texts: readonly string[]): string | undefined {
    const { expression, references } = combineLicenses(texts, this.#licenseWords);
    if (expression === 'NOASSERTION') return undefined;
    for (const { id, name } of references) {
      this.#licenseWords.set(id, name);
      this.#shared.set(this.#id(id), {
        type: 'simplelicensing_SimpleLicensingText',
        spdxId: this.#id(id),
        creationInfo: creationId,
        name: name.replace(/\s+/g, ' ').slice(0, 200),
        simplelicensing_licenseText: name.includes('\n') ? name : `The package names its licence "${name}".`,
      });
    }
    const part = `License-${hash('sha256', expression).slice(0, 16)}`;
    const custom = references.map(({ id }) => ({ type: 'DictionaryEntry', key: id, value: this.#id(id) }));
    this.#shared.set(this.#id(part), {
      type: 'simplelicensing_LicenseExpression',
      spdxId: this.#id(part),
      creationInfo: creationId,
      simplelicensing_licenseExpression: expression,
      simplelicensing_licenseListVersion: licenseListVersion,
      ...(custom.length === 0 ? {} : { simplelicensing_customIdToUri: custom }),
    });
    return part;
  }

  #dependencies(edges: readonly DependencyEdge[]): void {
    const groups = new Map<string, { readonly from: string; readonly scope: Scope; readonly to: string[] }>();
    for (const { from, to, scope } of edges) {
      const key = `${from}\n${scope}`;
      const group = groups.get(key) ?? { from, scope, to: [] };
      group.to.push(to);
      groups.set(key, group);
    }
    for (const { from, scope, to } of groups.values()) {
      if (scope === 'optional') this.#relate(from, 'hasOptionalDependency', to);
      else if (scope === 'peer') this.#relate(from, 'hasProvidedDependency', to);
      else this.#relate(from, 'dependsOn', to, scope);
    }
  }

  #relate(from: string, relationshipType: string, to: readonly string[], scope?: Scope): void {
    if (to.length === 0) return;
    const digest = hash('sha256', [from, relationshipType, scope ?? '', ...to].join('\n')).slice(0, 16);
    this.#nodes.push({
      type: scope === undefined ? 'Relationship' : 'LifecycleScopedRelationship',
      spdxId: this.#id(`Relationship-${digest}`),
      creationInfo: creationId,
      from: this.#id(from),
      relationshipType,
      ...(scope === undefined ? {} : { scope }),
      to: to.map((id) => this.#id(id)),
    });
  }
}

function hashOf(digest: string): JsonObject {
  const colon = digest.indexOf(':');
  return { type: 'Hash', algorithm: digest.slice(0, colon), hashValue: digest.slice(colon + 1) };
}

function identifierOf(cpe: string): JsonObject {
  const externalIdentifierType = cpe.startsWith('cpe:2.3:') ? 'cpe23' : 'cpe22';
  return { type: 'ExternalIdentifier', externalIdentifierType, identifier: cpe };
}
