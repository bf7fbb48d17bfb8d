// SPDX-License-Identifier: Apache-2.0
// Who a Java archive is when no Maven record in it says so: from its manifest and its file name. A guess, in the order in which
// Syft and OSV-Scanner guess.
import type { JavaManifest } from '../../formats/java-manifest.ts';
import { parseHeaderClauses } from '../../formats/java-manifest.ts';
import { knownGroup } from './java-groups.ts';
import type { MavenCoordinates } from './maven-coordinates.ts';

export interface ArchiveName {
  readonly name: string;
  /** Empty when the file name has none. */
  readonly version: string;
}

/** Words that follow a version number in file names; anything else after a dash means that the name goes on. */
const qualifier =
  /^(?:\d.*|v\d.*|alpha.*|beta.*|rc.*|cr\d*|m\d+.*|b\d+.*|sp\d*|ga|final|release.*|snapshot|jre\d*|jdk\d*|android|incubating|pre.*|dev.*|ea.*|r\d+.*|build.*|[0-9a-f]{7,40})$/i;

/** `guava-29.0-jre.jar` -> guava, 29.0-jre; `log4j-1.2-api-2.17.1.jar` -> log4j-1.2-api, 2.17.1; `app.jar` -> app without version. */
export function parseArchiveName(path: string): ArchiveName {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const dot = file.lastIndexOf('.');
  const base = (dot > 0 ? file.slice(0, dot) : file).slice(0, 300);
  const starts = [...base.matchAll(/[-_](?=v?\d)/g)].map((match) => match.index).filter((at) => at > 0);
  // `kafka_2.13-3.2.2`: the Scala version is part of the name.
  const dashed = starts.filter((at) => base.charAt(at) === '-');
  const candidates = dashed.length > 0 ? dashed : starts;
  const start =
    candidates.find((at) =>
      base
        .slice(at + 1)
        .split('-')
        .every((part) => qualifier.test(part)),
    ) ?? candidates[0];
  return start === undefined
    ? { name: base, version: '' }
    : { name: base.slice(0, start), version: base.slice(start + 1) };
}

export interface GuessedIdentity extends MavenCoordinates {
  /** Where the artifact's name comes from. */
  readonly identifiedBy: 'manifest' | 'file name';
}

/** Undefined when neither manifest nor file name give a name that could be an artifact. */
export function guessIdentity(path: string, manifest: JavaManifest | undefined): GuessedIdentity | undefined {
  const file = splitName(parseArchiveName(path));
  const found = artifactCandidates(path, file, manifest).find(({ name }) =>
    /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name ?? ''),
  );
  const artifactId = found?.name;
  if (found === undefined || artifactId === undefined) return undefined;
  const groupId = knownGroup(artifactId) ?? groupOf(manifest) ?? file.group ?? artifactId;
  const version = file.version === '' ? versionOf(manifest) : file.version;
  return { groupId, artifactId, version, identifiedBy: found.by };
}

interface FileIdentity extends ArchiveName {
  readonly group: string | undefined;
}

/** `io.quarkus.gizmo.gizmo-1.1.jar` has its group in front; Eclipse bundles are named by their whole symbolic name. */
function splitName(file: ArchiveName): FileIdentity {
  const dot = file.name.lastIndexOf('.');
  if (dot === -1 || !/^[a-z]{2,6}(?:\.[A-Za-z0-9_-]+)+$/.test(file.name)) return { ...file, group: undefined };
  const group = file.name.slice(0, dot);
  return { ...file, group, name: file.name.startsWith('org.eclipse.') ? file.name : file.name.slice(dot + 1) };
}

interface NameCandidate {
  readonly name: string | undefined;
  readonly by: GuessedIdentity['identifiedBy'];
}

function artifactCandidates(path: string, file: FileIdentity, manifest: JavaManifest | undefined): NameCandidate[] {
  const main = manifest?.main;
  const symbolic = symbolicName(manifest);
  const plugin = /\.(?:hpi|jpi)$/i.test(path) ? main?.get('Short-Name') : undefined;
  // The bundle plug-in of Maven writes group and artifact; not so where the name is the vendor's.
  const isBundle = main?.get('Created-By')?.startsWith('Apache Maven Bundle Plugin') === true;
  const bundle =
    isBundle && symbolic !== undefined && symbolic !== main?.get('Implementation-Vendor-Id')
      ? lastPart(symbolic)
      : undefined;
  const named = file.version === '' ? undefined : file.name;
  // org.apache.commons.lang3 of commons-lang3-3.12.0.jar: the file name says more.
  const longer = bundle !== undefined && named?.endsWith(bundle) === true ? named : undefined;
  const titles = ['Implementation-Title', 'Bundle-Name', 'Specification-Title', 'Extension-Name', 'Name'].map((key) =>
    main?.get(key),
  );
  const stated = (name: string | undefined): NameCandidate => ({ name, by: 'manifest' });
  const fromFile = (name: string | undefined): NameCandidate => ({ name, by: 'file name' });
  return [
    stated(plugin),
    fromFile(longer),
    stated(bundle),
    fromFile(named),
    ...titles.map(stated),
    fromFile(file.name),
  ];
}

function groupOf(manifest: JavaManifest | undefined): string | undefined {
  const main = manifest?.main;
  if (main === undefined) return undefined;
  const vendor = main.get('Implementation-Vendor-Id');
  const candidates = [
    main.get('Group-Id'),
    symbolicName(manifest),
    main.get('Extension-Name'),
    main.get('Specification-Vendor'),
    main.get('Implementation-Vendor'),
    vendor,
    // `org.elasticsearch#server;8.14.3`, as Gradle's info plug-in of Netflix writes it
    main.get('Implementation-Title')?.split('#')[0],
    main.get('Automatic-Module-Name'),
    main.get('Main-Class')?.split('.').slice(0, -1).join('.'),
  ];
  const dotted = candidates.find((name) => name !== undefined && /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/.test(name));
  return dotted ?? (vendor !== undefined && /^[A-Za-z0-9_-]+$/.test(vendor) ? vendor : undefined);
}

/** Versions that belong to the archive; those of a section of the manifest only when the main section has none. */
function versionOf(manifest: JavaManifest | undefined): string {
  const sections = manifest === undefined ? [] : [manifest.main, ...manifest.sections];
  for (const key of ['Implementation-Version', 'Plugin-Version', 'Specification-Version', 'Bundle-Version']) {
    const value = sections
      .map((section) => section.get(key))
      .find((text) => text !== undefined && /^[^\s${}]{1,100}/.test(text));
    if (value !== undefined) return value.split(/\s/)[0] ?? '';
  }
  return '';
}

function symbolicName(manifest: JavaManifest | undefined): string | undefined {
  const header = manifest?.main.get('Bundle-SymbolicName');
  return header === undefined ? undefined : parseHeaderClauses(header)[0]?.path;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
