// SPDX-License-Identifier: Apache-2.0
// What the elements of an SPDX 2.x document say, in the terms of the neutral SBOM model. Conventions of tools that the specification leaves
// open (Trivy, Syft, GitHub) are read where they can be told apart; each is named at its place.
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SbomDocument } from '../../model/sbom.ts';
import { distributionOf, packageOfPurl, preferredName } from '../purl-package.ts';
import type { SbomEdge, SbomElement } from '../sbom-assemble.ts';
import { assembleSbom } from '../sbom-assemble.ts';
import { licensesOfExpression } from '../spdx-license-combine.ts';
import type { SpdxChecksum, SpdxDocument, SpdxFile, SpdxPackage, SpdxReading, SpdxRelationship } from './document.ts';
import { readSourceInfo } from './source-info.ts';

/** The neutral form of a document that is already read. `path` stands for the document in locations. */
export function sbomOfSpdx(reading: SpdxReading, path: string): SbomDocument {
  const document = reading.document;
  if (document === undefined) {
    return { format: 'spdx', specVersion: '', name: '', tools: [], lists: [], problems: reading.problems };
  }
  const problems: Problem[] = [...reading.problems];
  const words = licenseWords(document);
  const elements = [
    ...document.packages.map((item) => elementOfPackage(item, { words, problems, location: reading.locate(item) })),
    ...document.files.map(elementOfFile),
  ].map(asPlace(document.relationships));
  const { created, creators = [] } = document.creationInfo ?? {};
  return assembleSbom({
    document: {
      format: 'spdx',
      specVersion: (document.spdxVersion ?? '').replace(/^SPDX-/, ''),
      name: document.name ?? '',
      tools: creators.filter((creator) => creator.startsWith('Tool:')).map(toolName),
      ...(document.documentNamespace === undefined ? {} : { serial: document.documentNamespace }),
      ...(created === undefined ? {} : { createdAt: created }),
    },
    documentId: bareId(document.SPDXID ?? 'SPDXRef-DOCUMENT'),
    path,
    elements,
    edges: document.relationships.flatMap(edgeOf),
    problems,
  });
}

/**
 * What descends from another package and says nothing but a name is the place where that package was put: it groups, and is no package
 * of its own. Matches OSV-Scanner, whose vendored copies are written so.
 */
function asPlace(relationships: readonly SpdxRelationship[]): (element: SbomElement) => SbomElement {
  const descendants = new Set<string>();
  for (const { spdxElementId, relationshipType = '', relatedSpdxElement } of relationships) {
    if (relationshipType.toUpperCase() === 'DESCENDANT_OF') descendants.add(bareId(spdxElementId));
    if (relationshipType.toUpperCase() === 'ANCESTOR_OF') descendants.add(bareId(relatedSpdxElement));
  }
  return (element) => {
    const isNamed = element.version !== '' || element.purl !== undefined || element.package?.cpes !== undefined;
    return descendants.has(element.id) && !isNamed && element.role === 'package'
      ? { ...element, role: 'group' }
      : element;
  };
}

function bareId(id: string | undefined): string {
  return (id ?? '').replace(/^SPDXRef-/, '');
}

/** `Tool: trivy-0.56.2` gives `trivy 0.56.2`. */
function toolName(creator: string): string {
  return creator
    .slice('Tool:'.length)
    .trim()
    .replace(/-v?(?=[0-9][^-]*$)/, ' ');
}

/** The words behind each reference: the name where there is one, else a text that fits on a line. */
function licenseWords(document: SpdxDocument): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const { licenseId, name, extractedText } of document.hasExtractedLicensingInfos) {
    const text = [name, extractedText].find(
      (item) => item !== undefined && stated(item) !== undefined && !item.includes('\n'),
    );
    if (licenseId !== undefined && text !== undefined) words.set(licenseId, text.slice(0, 300));
  }
  return words;
}

/** Undefined for the three ways of saying nothing. */
function stated(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === 'NONE' || text === 'NOASSERTION' ? undefined : text;
}

interface PackageContext {
  readonly words: ReadonlyMap<string, string>;
  readonly problems: Problem[];
  readonly location: Location;
}

function elementOfPackage(item: SpdxPackage, context: PackageContext): SbomElement {
  const id = bareId(item.SPDXID);
  const name = item.name ?? '';
  const version = stated(item.versionInfo) ?? '';
  const purpose = (item.primaryPackagePurpose ?? purposeOfId(id)).toLowerCase().replaceAll('_', '-');
  const common = { id, name, version, purpose };
  if (purpose === 'operating-system') return { ...common, role: 'group', distribution: distributionOf(name, version) };
  const purls = (item.externalRefs ?? []).filter(isPurl).map((reference) => (reference.referenceLocator ?? '').trim());
  const known = purls
    .map((purl) => ({ purl, found: packageOfPurl(purl) }))
    .find((candidate) => candidate.found !== undefined);
  if (purls.length > 0 && known === undefined) {
    const message = `${name}: ${JSON.stringify(purls[0]?.slice(0, 80))} is not a package URL`;
    context.problems.push({ kind: 'schema', message, location: context.location, hidesFindings: true });
  }
  if (purls.length === 0 && isGroup(id)) {
    const path = groupPath(item);
    return { ...common, role: 'group', ...(path === undefined ? {} : { path }) };
  }
  const { purl, found } = known ?? {};
  const source = readSourceInfo(item.sourceInfo);
  const sources = [...source.sources, ...(found?.sources ?? [])].slice(0, Math.max(source.sources.length, 1));
  const cpes = (item.externalRefs ?? []).filter(isCpe).map((reference) => (reference.referenceLocator ?? '').trim());
  const facts = factsOf(item, found?.facts ?? {});
  const built: Package = packageOf({
    name: found === undefined ? name : preferredName(name, found),
    version: found === undefined || found.version === '' ? version : found.version,
    type: found?.type ?? 'generic',
    ...(purl === undefined ? {} : { purl }),
    locations: locationsOf(item, source.locations),
    licenses: licensesOf(item, context.words),
    digests: digestsOf(item.checksums),
    ...(sources.length === 0 ? {} : { sources }),
    ...(cpes.length === 0 ? {} : { cpes }),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
  const distribution = found?.distribution;
  return {
    ...common,
    role: 'package',
    ...(purl === undefined ? {} : { purl }),
    package: built,
    ...(distribution === undefined ? {} : { distribution }),
  };
}

/** Trivy puts the kind of an element into its id, also before SPDX 2.3 had purposes; Syft calls the root `DocumentRoot-`. */
function purposeOfId(id: string): string {
  if (id.startsWith('OperatingSystem-')) return 'OPERATING-SYSTEM';
  if (id.startsWith('ContainerImage-') || id.startsWith('DocumentRoot-Image-')) return 'CONTAINER';
  if (id.startsWith('Application-')) return 'APPLICATION';
  if (/^(?:Filesystem|Repository|DocumentRoot-Directory)-/.test(id)) return 'SOURCE';
  return id.startsWith('DocumentRoot-File-') ? 'FILE' : 'LIBRARY';
}

function isGroup(id: string): boolean {
  return /^(?:Application|Filesystem|Repository|ContainerImage|DocumentRoot)-/.test(id);
}

/** What Trivy calls applications that are many files of one language. */
const aggregates = new Set(['Node.js', 'Java', 'Python', 'Ruby', 'Conda', 'PHP', 'Rust', 'Julia']);

/**
 * Trivy up to 0.56: the name is the kind of application and `sourceInfo` the file. Later: the name is the file, or the kind again where
 * there is no one file; an annotation `Type: ` holds the kind.
 */
function groupPath(item: SpdxPackage): string | undefined {
  if (item.sourceInfo !== undefined && item.sourceInfo !== '')
    return aggregates.has(item.sourceInfo) ? undefined : item.sourceInfo;
  const kind = remarks(item)
    .find((remark) => remark.startsWith('Type: '))
    ?.slice('Type: '.length);
  const name = item.name ?? '';
  return name === '' || name === kind || aggregates.has(name) ? undefined : name;
}

/** Trivy's properties: attribution texts before 0.51, annotations since. */
function remarks(item: SpdxPackage): readonly string[] {
  return [...(item.attributionTexts ?? []), ...(item.annotations ?? []).map((annotation) => annotation.comment ?? '')];
}

function isPurl(reference: { readonly referenceType?: string; readonly referenceLocator?: string }): boolean {
  const type = reference.referenceType ?? '';
  return type === 'purl' || type.endsWith('/purl');
}

function isCpe(reference: { readonly referenceType?: string; readonly referenceLocator?: string }): boolean {
  return /(?:^|\/)cpe2[23]Type$/.test((reference.referenceType ?? '').slice(-60));
}

function locationsOf(item: SpdxPackage, found: readonly Location[]): readonly Location[] {
  const remark = remarks(item).find((text) => text.startsWith('LayerDiffID: '));
  const layer = remark?.slice('LayerDiffID: '.length).trim();
  if (layer === undefined) return found;
  return found.length === 0 ? [{ path: '', layer }] : found.map((location) => ({ ...location, layer }));
}

function licensesOf(item: SpdxPackage, words: ReadonlyMap<string, string>): readonly string[] {
  return licensesOfExpression(stated(item.licenseDeclared) ?? item.licenseConcluded, words);
}

function digestsOf(checksums: readonly SpdxChecksum[] | undefined): readonly Digest[] {
  return (checksums ?? [])
    .map(({ algorithm = '', checksumValue = '' }) => digestOf(algorithm, checksumValue.trim()))
    .filter((digest) => digest !== undefined);
}

function factsOf(item: SpdxPackage, known: PackageFacts): PackageFacts {
  const repository = (item.externalRefs ?? []).find((reference) => reference.referenceType === 'vcs')?.referenceLocator;
  const values: Record<string, string | undefined> = {
    description: stated(item.description) ?? stated(item.summary),
    homepage: stated(item.homepage),
    downloadUrl: stated(item.downloadLocation),
    repository,
    supplier: actorName(item.supplier),
    author: actorName(item.originator),
  };
  return { ...known, ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) };
}

/** `Organization: Example (mail@example.com)` gives `Example (mail@example.com)`. */
function actorName(actor: string | undefined): string | undefined {
  return stated(
    stated(actor)
      ?.replace(/^(?:Organization|Person):\s*/, '')
      .trim(),
  );
}

function elementOfFile(file: SpdxFile): SbomElement {
  return {
    id: bareId(file.SPDXID),
    role: 'file',
    name: (file.fileName ?? '').replace(/^\.\//, ''),
    version: '',
    purpose: 'file',
    digests: digestsOf(file.checksums),
  };
}

interface EdgeRule {
  readonly kind: SbomEdge['kind'];
  readonly direction: 'forward' | 'backward';
  readonly scope?: Scope;
}

const forward = (kind: SbomEdge['kind'], scope?: Scope): EdgeRule => ({
  kind,
  direction: 'forward',
  ...(scope === undefined ? {} : { scope }),
});
const backward = (kind: SbomEdge['kind'], scope?: Scope): EdgeRule => ({
  kind,
  direction: 'backward',
  ...(scope === undefined ? {} : { scope }),
});

/** Relationship types (clause 11.1) that say something about packages. `DESCRIBE` is a slip of old Trivy versions. */
const rules: ReadonlyMap<string, EdgeRule> = new Map([
  ['DESCRIBES', forward('describes')],
  ['DESCRIBE', forward('describes')],
  ['DESCRIBED_BY', backward('describes')],
  ['CONTAINS', forward('contains')],
  ['CONTAINED_BY', backward('contains')],
  ['PACKAGE_OF', backward('contains')],
  ['DEPENDS_ON', forward('depends-on')],
  ['DEPENDENCY_OF', backward('depends-on')],
  ['RUNTIME_DEPENDENCY_OF', backward('depends-on', 'runtime')],
  ['OPTIONAL_DEPENDENCY_OF', backward('depends-on', 'optional')],
  ['OPTIONAL_COMPONENT_OF', backward('depends-on', 'optional')],
  ['PROVIDED_DEPENDENCY_OF', backward('depends-on', 'peer')],
  ['BUILD_DEPENDENCY_OF', backward('depends-on', 'build')],
  ['BUILD_TOOL_OF', backward('depends-on', 'build')],
  ['TEST_DEPENDENCY_OF', backward('depends-on', 'test')],
  ['TEST_TOOL_OF', backward('depends-on', 'test')],
  ['DEV_DEPENDENCY_OF', backward('depends-on', 'development')],
  ['DEV_TOOL_OF', backward('depends-on', 'development')],
  ['HAS_PREREQUISITE', forward('depends-on')],
  ['PREREQUISITE_FOR', backward('depends-on')],
  ['DYNAMIC_LINK', forward('depends-on')],
  ['STATIC_LINK', forward('depends-on')],
]);

function edgeOf(relationship: SpdxRelationship): readonly SbomEdge[] {
  const { spdxElementId, relationshipType = '', relatedSpdxElement, comment = '' } = relationship;
  const type = relationshipType.toUpperCase();
  // Syft: OTHER with a comment that begins with the kind of its own relation.
  const rule = type === 'OTHER' && comment.startsWith('evident-by') ? forward('evident-by') : rules.get(type);
  if (rule === undefined) return [];
  const [from, to] = [bareId(spdxElementId), bareId(relatedSpdxElement)];
  const { kind, direction, scope } = rule;
  const ends = direction === 'forward' ? { from, to } : { from: to, to: from };
  return [{ ...ends, kind, ...(scope === undefined ? {} : { scope }) }];
}
