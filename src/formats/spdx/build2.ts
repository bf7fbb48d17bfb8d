// SPDX-License-Identifier: Apache-2.0
// Builds an SPDX 2.3 document from package lists. Files that list packages become packages of the kind APPLICATION (operating systems:
// OPERATING-SYSTEM) that contain them, the form that Trivy writes and reads.
import type { Package, PackageList, Scope } from '../../model/package.ts';
import { combineLicenses } from '../spdx-license-combine.ts';
import { licenseListVersion } from '../spdx-license-ids.ts';
import type { Actor, DependencyEdge, SpdxContent } from './content.ts';
import {
  actorOf,
  addressOf,
  dependencyEdges,
  documentNamespace,
  groupId,
  idPart,
  isSystem,
  packageIds,
  spdxTime,
} from './content.ts';
import type {
  SpdxChecksum,
  SpdxDocument,
  SpdxExternalReference,
  SpdxExtractedLicense,
  SpdxPackage,
  SpdxRelationship,
} from './document.ts';
import { emptySpdxDocument } from './document.ts';
import { printSourceInfo } from './source-info.ts';

/** Pure: the same content gives the same document. */
export function buildSpdx(content: SpdxContent): SpdxDocument {
  const { target, tool, lists } = content;
  const licenses = new LicenseTable();
  const ids = lists.map(packageIds);
  const root = `SPDXRef-DocumentRoot-${idPart(target.kind)}-${idPart(target.name)}`;
  const packages: SpdxPackage[] = [rootPackage(content, root)];
  const relationships: SpdxRelationship[] = [related('SPDXRef-DOCUMENT', 'DESCRIBES', root)];
  const groups = new Set<string>();
  for (const [at, list] of lists.entries()) {
    const group = `SPDXRef-${groupId(list)}`;
    if (!groups.has(group)) {
      groups.add(group);
      packages.push(groupPackage(list, group));
      relationships.push(related(root, 'CONTAINS', group));
    }
    for (const item of list.packages) {
      const id = `SPDXRef-${ids[at]?.get(item.id) ?? ''}`;
      packages.push(packageOf(item, id, licenses));
      relationships.push(related(group, 'CONTAINS', id));
    }
  }
  relationships.push(...dependencyEdges(lists, ids).map(dependency));
  return {
    ...emptySpdxDocument,
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: target.name === '' ? target.kind : target.name,
    documentNamespace: documentNamespace(content),
    creationInfo: {
      created: spdxTime(content.createdAt),
      creators: [`Tool: ${tool.name}-${tool.version}`],
      licenseListVersion: licenseListVersion.replace(/^(\d+\.\d+).*$/, '$1'),
    },
    packages,
    hasExtractedLicensingInfos: licenses.extracted(),
    relationships,
  };
}

const unstated = {
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
};

const rootPurposes: Readonly<Record<string, string>> = {
  directory: 'SOURCE',
  git: 'SOURCE',
  file: 'FILE',
  image: 'CONTAINER',
};

function rootPackage({ target }: SpdxContent, id: string): SpdxPackage {
  return {
    ...unstated,
    name: target.name === '' ? target.kind : target.name,
    SPDXID: id,
    ...(target.version === '' ? {} : { versionInfo: target.version }),
    primaryPackagePurpose:
      (Object.hasOwn(rootPurposes, target.kind) ? rootPurposes[target.kind] : undefined) ?? 'OTHER',
  };
}

function groupPackage(list: PackageList, id: string): SpdxPackage {
  const { distribution } = list;
  if (distribution !== undefined && isSystem(list)) {
    const version = distribution.versionId === '' ? distribution.codename : distribution.versionId;
    return {
      ...unstated,
      name: distribution.id,
      SPDXID: id,
      ...(version === undefined || version === '' ? {} : { versionInfo: version }),
      primaryPackagePurpose: 'OPERATING-SYSTEM',
    };
  }
  return { ...unstated, name: list.path, SPDXID: id, primaryPackagePurpose: 'APPLICATION' };
}

function packageOf(item: Package, id: string, licenses: LicenseTable): SpdxPackage {
  const facts = item.facts ?? {};
  const isProject = item.relationship === 'root' || item.relationship === 'workspace';
  const sourceInfo = printSourceInfo({ sources: item.sources ?? [], locations: item.locations });
  const homepage = addressOf(facts.homepage);
  const supplier = actorOf(facts.supplier ?? facts.vendor, 'Organization');
  const originator = actorOf(facts.author, 'Person');
  const checksums = item.digests.map(checksumOf);
  return {
    ...unstated,
    name: item.name,
    SPDXID: id,
    ...(item.version === '' ? {} : { versionInfo: item.version }),
    supplier: supplier === undefined ? 'NOASSERTION' : printActor(supplier),
    ...(originator === undefined ? {} : { originator: printActor(originator) }),
    downloadLocation: addressOf(facts.downloadUrl) ?? 'NOASSERTION',
    primaryPackagePurpose: isProject ? 'APPLICATION' : 'LIBRARY',
    ...(checksums.length === 0 ? {} : { checksums }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(sourceInfo === undefined ? {} : { sourceInfo }),
    licenseDeclared: licenses.declare(item.licenses),
    ...(facts.description === undefined ? {} : { description: facts.description }),
    externalRefs: externalRefs(item),
  };
}

/** `Person: Jane Doe (jane@example.com)` (clause 7.5). */
function printActor({ kind, name, email }: Actor): string {
  return `${kind}: ${name}${email === undefined ? '' : ` (${email})`}`;
}

function checksumOf(digest: string): SpdxChecksum {
  const colon = digest.indexOf(':');
  return { algorithm: digest.slice(0, colon).toUpperCase(), checksumValue: digest.slice(colon + 1) };
}

function externalRefs(item: Package): readonly SpdxExternalReference[] {
  const references: SpdxExternalReference[] = [];
  if (item.purl !== undefined) {
    references.push({ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: item.purl });
  }
  for (const cpe of item.cpes ?? []) {
    const referenceType = cpe.startsWith('cpe:2.3:') ? 'cpe23Type' : 'cpe22Type';
    references.push({ referenceCategory: 'SECURITY', referenceType, referenceLocator: cpe });
  }
  const repository = addressOf(item.facts?.repository);
  if (repository !== undefined) {
    references.push({ referenceCategory: 'OTHER', referenceType: 'vcs', referenceLocator: repository });
  }
  return references;
}

function related(from: string, relationshipType: string, to: string): SpdxRelationship {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to };
}

/** Clause 11.1 has no word for runtime dependencies other than the general one. */
const scopedTypes: Readonly<Partial<Record<Scope, string>>> = {
  optional: 'OPTIONAL_DEPENDENCY_OF',
  peer: 'PROVIDED_DEPENDENCY_OF',
  build: 'BUILD_DEPENDENCY_OF',
  test: 'TEST_DEPENDENCY_OF',
  development: 'DEV_DEPENDENCY_OF',
};

function dependency({ from, to, scope }: DependencyEdge): SpdxRelationship {
  const type = scopedTypes[scope];
  return type === undefined
    ? related(`SPDXRef-${from}`, 'DEPENDS_ON', `SPDXRef-${to}`)
    : related(`SPDXRef-${to}`, type, `SPDXRef-${from}`);
}

/** Collects the licences that are not on the SPDX list, with one id for one text in the whole document. */
class LicenseTable {
  readonly #byId = new Map<string, string>();

  declare(texts: readonly string[]): string {
    const combined = combineLicenses(texts, this.#byId);
    for (const { id, name } of combined.references) this.#byId.set(id, name);
    return combined.expression;
  }

  extracted(): readonly SpdxExtractedLicense[] {
    return [...this.#byId]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([licenseId, name]) => ({
        licenseId,
        // A text of several lines is the licence itself, else only its name is known.
        extractedText: name.includes('\n') ? name : `The package names its licence "${name}".`,
        name: name.replace(/\s+/g, ' ').slice(0, 200),
      }));
  }
}
