// SPDX-License-Identifier: Apache-2.0
// What one Java archive says about the packages in it: Maven records (pom.properties, pom.xml), manifest, archives inside.
import type { JavaManifest } from '../../formats/java-manifest.ts';
import { parseHeaderClauses, parseManifest } from '../../formats/java-manifest.ts';
import { parseProperties } from '../../formats/java-properties.ts';
import { licenseOfText } from '../../formats/license-text.ts';
import type { PomModel } from '../../formats/maven-pom.ts';
import { parsePom } from '../../formats/maven-pom.ts';
import { canonicalLicense, printLicenseExpression } from '../../formats/spdx-license.ts';
import { licenseOfUrl } from '../../formats/spdx-license-names.ts';
import type { ZipArchive, ZipMember } from '../../formats/zip.ts';
import type { ArchiveName } from './java-identity.ts';
import type { MavenCoordinates } from './maven-coordinates.ts';
import { mavenLicenses } from './maven-licenses.ts';

export interface ArchiveRecord extends MavenCoordinates {
  readonly licenses: readonly string[];
  readonly description: string | undefined;
  readonly url: string | undefined;
  /** Keys `group:artifact` of what its project file asks for at compile and run time. */
  readonly needs: readonly string[];
}

export interface ArchiveContent {
  /** Unique by coordinates, in the order of the archive. */
  readonly records: readonly ArchiveRecord[];
  readonly manifest: JavaManifest | undefined;
  readonly nested: readonly ZipMember[];
  /** By the licence files at the top and in META-INF; empty when none is a common licence. */
  readonly packedLicenses: readonly string[];
}

/** File types of archives that hold Java classes. */
export const archiveTypes: readonly string[] = [
  'jar',
  'war',
  'ear',
  'par',
  'sar',
  'nar',
  'hpi',
  'jpi',
  'kar',
  'lpkg',
  'jmod',
];

const archivePattern = new RegExp(`\\.(?:${archiveTypes.join('|')})$`, 'i');

/** Reads the members that tell of packages; broken ones are problems of the archive. */
export function readArchive(archive: ZipArchive, path: string): ArchiveContent {
  const poms = new Map<string, PomModel>();
  const properties: MavenCoordinates[] = [];
  const nested: ZipMember[] = [];
  const packed = new Set<string>();
  let manifest: JavaManifest | undefined;
  for (const member of archive.entries) {
    const { name } = member;
    if (/(?:^|\/)pom\.properties$/.test(name)) {
      const values = parseProperties(textOf(archive.read(member)));
      const [groupId, artifactId, version] = ['groupId', 'artifactId', 'version'].map((key) => values.get(key) ?? '');
      if (groupId && artifactId && version) properties.push({ groupId, artifactId, version });
    } else if (/^META-INF\/maven\/[^/]+\/[^/]+\/pom\.xml$/.test(name)) {
      const bytes = archive.read(member);
      const model = bytes === undefined ? undefined : parsePom(bytes, path);
      const [, , groupId = '', artifactId = ''] = name.split('/');
      if (model !== undefined) poms.set(`${groupId}:${artifactId}`, model);
    } else if (name === 'META-INF/MANIFEST.MF') manifest ??= parseManifest(textOf(archive.read(member)));
    else if (archivePattern.test(name)) nested.push(member);
    else if (isLicenseFile(name)) {
      const license = licenseOfText(textOf(archive.read(member)));
      if (license !== undefined) packed.add(license);
    }
  }
  return { records: recordsOf(properties, poms), manifest, nested, packedLicenses: [...packed] };
}

/** `LICENSE`, `META-INF/LICENSE.txt`: of the archive; prefixed ones and those in folders are of something packed into it. */
export function isLicenseFile(name: string): boolean {
  return /^(?:META-INF\/)?(?:licen[cs]e|copyright|copying)(?:\.(?:txt|md|html?))?$/i.test(name);
}

/** Without pom.properties a project file counts as a record when it states its version itself. */
function recordsOf(properties: readonly MavenCoordinates[], poms: ReadonlyMap<string, PomModel>): ArchiveRecord[] {
  const known = new Set(properties.map((item) => `${item.groupId}:${item.artifactId}`));
  const stated = [...poms].flatMap(([key, model]): MavenCoordinates[] => {
    const [groupId = '', artifactId = ''] = key.split(':');
    const version = model.version ?? model.parent?.version ?? '';
    return known.has(key) || version === '' || version.includes('${') ? [] : [{ groupId, artifactId, version }];
  });
  const records = new Map<string, ArchiveRecord>();
  for (const item of [...properties, ...stated]) {
    const model = poms.get(`${item.groupId}:${item.artifactId}`);
    records.set(`${item.groupId}:${item.artifactId}:${item.version}`, {
      ...item,
      licenses: model === undefined ? [] : mavenLicenses(model),
      description: model?.description,
      url: model?.url,
      needs: needsOf(model),
    });
  }
  return [...records.values()];
}

function needsOf(model: PomModel | undefined): string[] {
  const needed = model?.dependencies.filter(
    (item) => /^(?:compile|runtime)?$/.test(item.scope ?? '') && item.optional !== 'true',
  );
  return (
    needed?.map(
      (item) =>
        `${item.groupId.replace(/^\$\{(?:project|pom)\.groupId\}$/, model?.groupId ?? model?.parent?.groupId ?? '')}:${item.artifactId}`,
    ) ?? []
  );
}

/** The record that speaks of the archive itself, not of something packed into it; undefined when none does. */
export function ownRecord(records: readonly ArchiveRecord[], file: ArchiveName): ArchiveRecord | undefined {
  const only = records.length === 1 ? records[0] : undefined;
  // A renamed archive (`app.jar`) with one record is that one; `tool-2.0.jar` with a record of version 1.3 packs something else.
  if (only !== undefined && (file.version === '' || file.version === only.version)) return only;
  const fitting = records.filter((record) => fits(record, file));
  const longest = records
    .filter((record) => file.name.startsWith(`${record.artifactId}-`))
    .toSorted((a, b) => b.artifactId.length - a.artifactId.length)[0];
  // `extras-api.jar` whose record says `extras-api-common`, when there is no other one to choose from.
  const longer = records.filter((record) => record.artifactId.startsWith(`${file.name}-`) && isOfVersion(record, file));
  const [single] = longer;
  return (
    fitting.find((record) => record.version === file.version) ??
    fitting[0] ??
    longest ??
    (longer.length === 1 ? single : undefined)
  );
}

function isOfVersion(record: ArchiveRecord, file: ArchiveName): boolean {
  return file.version === '' || file.version === record.version;
}

/** `gizmo` fits `gizmo`; `io.quarkus.gizmo.gizmo` is `gizmo` with its group in front. */
function fits(record: ArchiveRecord, file: ArchiveName): boolean {
  const { name } = file;
  return name === record.artifactId || name.endsWith(`.${record.artifactId}`) || name.endsWith(`_${record.artifactId}`);
}

/** Licences of the manifest: Bundle-License of OSGi where it can be told which licence is meant, Plugin-License-Name of Jenkins. */
export function manifestLicenses(manifest: JavaManifest | undefined): string[] {
  const bundle = parseBundleLicense(manifest?.main.get('Bundle-License') ?? '');
  const plugin =
    manifest?.main.entries.filter(([name]) => name === 'Plugin-License-Name').map(([, value]) => value.trim()) ?? [];
  return [...new Set([...bundle, ...plugin.filter((name) => name !== '')])];
}

/** OSGi Core specification 3.2.1.10: names or addresses, each with an optional link; what names no known licence is left out. */
export function parseBundleLicense(header: string): string[] {
  const found = parseHeaderClauses(header).map(({ path, parameters }) => {
    const known = canonicalLicense(path);
    if (known !== undefined) return known;
    const license = licenseOfUrl(path) ?? licenseOfUrl(parameters.get('link') ?? '');
    return license === undefined ? undefined : printLicenseExpression(license);
  });
  return [...new Set(found.filter((license) => license !== undefined))];
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : new TextDecoder().decode(bytes);
}
