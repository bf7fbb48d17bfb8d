// SPDX-License-Identifier: Apache-2.0
// Reader of the RDF/XML form of SPDX 2.x, as far as scans need it: the nested form that the SPDX tools write. The elements are brought into the
// JSON shape and read by the JSON reader. Not read: snippets, reviews, striped graphs other than by rdf:about/rdf:resource/rdf:nodeID.
import type { Location } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { XmlElement } from '../xml.ts';
import { parseXml } from '../xml.ts';
import type { SpdxReading } from './document.ts';
import { spdxOfValue } from './json.ts';

/** Reads the RDF/XML form. Never throws. */
export function parseSpdxRdf(text: string, path: string): SpdxReading {
  const { root, problems } = parseXml(text, path);
  const locate = (): Location => ({ path });
  if (root === undefined || root.name !== 'RDF') {
    const message = 'not an SPDX document: the root element rdf:RDF is missing';
    const missing: Problem = { kind: 'schema', message, location: { path }, hidesFindings: true };
    return { document: undefined, problems: problems.length > 0 ? problems : [missing], locate };
  }
  const value = new RdfReader(root).document();
  const lines = (at: readonly (string | number)[]): Location => ({ path, line: lineOf(value, at) ?? 1 });
  const reading = spdxOfValue({ value: value?.json, problems, locate: lines });
  return reading;
}

interface RdfValue {
  readonly json: Record<string, unknown>;
  /** Lines of packages and files, in the order of the lists. */
  readonly lines: Readonly<Record<string, readonly number[]>>;
}

function lineOf(value: RdfValue | undefined, at: readonly (string | number)[]): number | undefined {
  const [list, index] = at;
  return typeof list === 'string' && typeof index === 'number' ? value?.lines[list]?.[index] : undefined;
}

/** Bounds the walk through references; the XML reader bounds nesting. */
const maxDepth = 100;

class RdfReader {
  readonly #byId = new Map<string, XmlElement>();
  readonly #root: XmlElement;
  readonly #packages: Record<string, unknown>[] = [];
  readonly #files: Record<string, unknown>[] = [];
  readonly #relationships: Record<string, unknown>[] = [];
  readonly #lines = { packages: [] as number[], files: [] as number[] };
  readonly #seen = new Set<XmlElement>();

  constructor(root: XmlElement) {
    this.#root = root;
    this.#index(root);
  }

  document(): RdfValue | undefined {
    const head = this.#find(this.#root, 'SpdxDocument');
    if (head === undefined) return undefined;
    const about = identityOf(head) ?? '';
    const creation = this.#objects(head, 'creationInfo')[0];
    const json: Record<string, unknown> = {
      spdxVersion: text(head, 'specVersion'),
      dataLicense: this.#license(head, 'dataLicense'),
      SPDXID: idIn(about) ?? 'SPDXRef-DOCUMENT',
      name: text(head, 'name'),
      documentNamespace: about.replace(/#.*$/s, ''),
      comment: text(head, 'comment'),
      creationInfo:
        creation === undefined
          ? undefined
          : {
              created: text(creation, 'created'),
              creators: texts(creation, 'creator'),
              licenseListVersion: text(creation, 'licenseListVersion'),
              comment: text(creation, 'comment'),
            },
      hasExtractedLicensingInfos: this.#objects(head, 'hasExtractedLicensingInfo').map((info) => ({
        licenseId: text(info, 'licenseId'),
        extractedText: text(info, 'extractedText'),
        name: text(info, 'name'),
        comment: text(info, 'comment'),
        seeAlsos: texts(info, 'seeAlso'),
      })),
    };
    this.#element(head, 0);
    for (const described of this.#objects(head, 'describesPackage'))
      this.#relate(head, 'DESCRIBES', identityOf(described) ?? '');
    for (const element of this.#root.children) this.#element(element, 0);
    const lists = { packages: this.#packages, files: this.#files, relationships: this.#relationships };
    return { json: withoutUndefined({ ...json, ...lists }), lines: this.#lines };
  }

  #index(element: XmlElement): void {
    const id = identityOf(element);
    // A node with content wins over a mere mention.
    if (id !== undefined && (!this.#byId.has(id) || element.children.length > 0)) this.#byId.set(id, element);
    for (const child of element.children) this.#index(child);
  }

  #find(element: XmlElement, name: string): XmlElement | undefined {
    if (element.name === name) return element;
    for (const child of element.children) {
      const found = this.#find(child, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The resources that a property holds: nested, or named by rdf:resource or rdf:nodeID. */
  #objects(element: XmlElement, property: string): XmlElement[] {
    return element.children
      .filter((child) => child.name === property)
      .flatMap((child) => {
        const named = this.#byId.get(child.attributes['resource'] ?? child.attributes['nodeID'] ?? '');
        const nested = child.children.map((inner) =>
          inner.children.length > 0 ? inner : (this.#byId.get(identityOf(inner) ?? '') ?? inner),
        );
        return nested.length > 0 ? nested : named === undefined ? [] : [named];
      });
  }

  /** Takes a package, file or document and everything that is nested in it. */
  #element(element: XmlElement, depth: number): void {
    if (depth > maxDepth || this.#seen.has(element)) return;
    this.#seen.add(element);
    if (element.name === 'Package') {
      this.#packages.push(this.#package(element));
      this.#lines.packages.push(element.line);
    } else if (element.name === 'File') {
      this.#files.push(this.#file(element));
      this.#lines.files.push(element.line);
    } else if (element.name !== 'SpdxDocument') return;
    for (const relationship of this.#objects(element, 'relationship')) {
      const target = relationship.children.find((child) => child.name === 'relatedSpdxElement');
      const related = this.#objects(relationship, 'relatedSpdxElement')[0];
      const to =
        related === undefined
          ? (target?.attributes['resource'] ?? target?.text.trim() ?? '')
          : (identityOf(related) ?? '');
      const type = resource(relationship, 'relationshipType').replace(/^relationshipType_/, '');
      this.#relate(element, constantCase(type), to, text(relationship, 'comment'));
      if (related !== undefined) this.#element(related, depth + 1);
    }
    for (const file of this.#objects(element, 'hasFile')) {
      this.#relate(element, 'CONTAINS', identityOf(file) ?? '');
      this.#element(file, depth + 1);
    }
    for (const inner of this.#objects(element, 'describesPackage')) this.#element(inner, depth + 1);
  }

  #relate(from: XmlElement, type: string, to: string, comment?: string): void {
    const spdxElementId = idIn(identityOf(from) ?? '');
    const relatedSpdxElement = idIn(to) ?? to;
    this.#relationships.push(withoutUndefined({ spdxElementId, relationshipType: type, relatedSpdxElement, comment }));
  }

  #package(element: XmlElement): Record<string, unknown> {
    const analyzed = text(element, 'filesAnalyzed');
    return withoutUndefined({
      ...this.#common(element),
      name: text(element, 'name'),
      versionInfo: text(element, 'versionInfo'),
      packageFileName: text(element, 'packageFileName'),
      supplier: text(element, 'supplier'),
      originator: text(element, 'originator'),
      downloadLocation: text(element, 'downloadLocation'),
      filesAnalyzed: analyzed === undefined ? undefined : analyzed === 'true',
      homepage:
        text(element, 'homepage') ??
        element.children.find((child) => child.name === 'homepage')?.attributes['resource'],
      sourceInfo: text(element, 'sourceInfo'),
      licenseDeclared: this.#license(element, 'licenseDeclared'),
      summary: text(element, 'summary'),
      description: text(element, 'description'),
      primaryPackagePurpose:
        constantCase(resource(element, 'primaryPackagePurpose').replace(/^purpose_/, '')) || undefined,
      externalRefs: this.#objects(element, 'externalRef').map((reference) =>
        withoutUndefined({
          referenceCategory: constantCase(
            resource(reference, 'referenceCategory').replace(/^referenceCategory_/, ''),
          ).replaceAll('_', '-'),
          referenceType: lastSegment(resourceAddress(reference, 'referenceType')),
          referenceLocator: text(reference, 'referenceLocator'),
          comment: text(reference, 'comment'),
        }),
      ),
    });
  }

  #file(element: XmlElement): Record<string, unknown> {
    const fileTypes = element.children
      .filter((child) => child.name === 'fileType')
      .map((child) =>
        lastSegment(child.attributes['resource'] ?? '')
          .replace(/^fileType_/, '')
          .toUpperCase(),
      );
    return withoutUndefined({
      ...this.#common(element),
      fileName: text(element, 'fileName'),
      fileTypes,
      noticeText: text(element, 'noticeText'),
    });
  }

  #common(element: XmlElement): Record<string, unknown> {
    return {
      SPDXID: idIn(identityOf(element) ?? ''),
      checksums: this.#objects(element, 'checksum').map((checksum) => ({
        algorithm: algorithmOf(resource(checksum, 'algorithm')),
        checksumValue: text(checksum, 'checksumValue') ?? '',
      })),
      licenseConcluded: this.#license(element, 'licenseConcluded'),
      licenseComments: text(element, 'licenseComments'),
      copyrightText: text(element, 'copyrightText') ?? keyword(resource(element, 'copyrightText')),
      comment: text(element, 'comment'),
      attributionTexts: texts(element, 'attributionText'),
    };
  }

  #license(element: XmlElement, property: string): string | undefined {
    const holder = element.children.find((child) => child.name === property);
    if (holder === undefined) return undefined;
    const address = holder.attributes['resource'];
    if (address !== undefined && !this.#byId.has(address)) return keyword(lastSegment(address));
    const node = this.#objects(element, property)[0];
    return node === undefined ? undefined : this.#expression(node, 0);
  }

  #expression(node: XmlElement, depth: number): string {
    if (depth > 20) return '';
    const join = (operator: string): string => {
      const members = node.children
        .filter((child) => child.name === 'member')
        .map((member) => {
          const inner = this.#objects({ ...node, children: [member] }, 'member')[0];
          return inner === undefined
            ? lastSegment(member.attributes['resource'] ?? '')
            : this.#expression(inner, depth + 1);
        });
      return members.length > 1 ? `(${members.join(` ${operator} `)})` : (members[0] ?? '');
    };
    if (node.name === 'ConjunctiveLicenseSet') return join('AND');
    if (node.name === 'DisjunctiveLicenseSet') return join('OR');
    return text(node, 'licenseId') ?? lastSegment(identityOf(node) ?? '');
  }
}

function identityOf(element: XmlElement): string | undefined {
  return element.attributes['about'] ?? element.attributes['ID'] ?? element.attributes['nodeID'];
}

/** `https://example.com/doc#SPDXRef-a` gives `SPDXRef-a`. */
function idIn(address: string): string | undefined {
  const hash = address.lastIndexOf('#');
  const id = hash === -1 ? address : address.slice(hash + 1);
  return id === '' ? undefined : id;
}

function lastSegment(address: string): string {
  return address.slice(Math.max(address.lastIndexOf('#'), address.lastIndexOf('/')) + 1);
}

function resourceAddress(element: XmlElement, property: string): string {
  return element.children.find((child) => child.name === property)?.attributes['resource'] ?? '';
}

function resource(element: XmlElement, property: string): string {
  return lastSegment(resourceAddress(element, property));
}

/** `noassertion` and `none` are individuals of the vocabulary. */
function keyword(name: string): string | undefined {
  if (name === '') return undefined;
  return name === 'noassertion' ? 'NOASSERTION' : name === 'none' ? 'NONE' : name;
}

/** `dependsOn` gives `DEPENDS_ON`. */
function constantCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** `checksumAlgorithm_sha256` gives `SHA256`. */
function algorithmOf(name: string): string {
  return name.replace(/^checksumAlgorithm_/, '').toUpperCase();
}

function texts(element: XmlElement, property: string): string[] {
  return element.children
    .filter((child) => child.name === property && child.attributes['resource'] === undefined)
    .map((child) => child.text.trim());
}

function text(element: XmlElement, property: string): string | undefined {
  const found = texts(element, property)[0];
  return found === '' ? undefined : found;
}

function withoutUndefined(parts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
