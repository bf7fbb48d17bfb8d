// SPDX-License-Identifier: Apache-2.0
// pnpm-lock.yaml, lockfileVersion 5 to 9, as entries and importers. A file may hold several documents (pnpm 11 keeps its own packages in
// the first). Format: pnpm source, packages "lockfile/types" and "dependency-path".
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Document, JsonObject } from './document.ts';
import { asObject, asString, entriesOf } from './document.ts';
import { decodeText } from './text.ts';
import { parseYamlDocument } from './yaml.ts';

export interface PnpmNeed {
  readonly name: string;
  /** What the lock file resolved it to: `1.0.0`, `1.0.0(peer@2.0.0)`, `/other/1.0.0`, `link:../x`, `file:x`. */
  readonly reference: string;
}

export interface PnpmEntry {
  /** As in the file; dependency references lead to it. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly integrity: string | undefined;
  /** Address of an archive. */
  readonly tarball: string | undefined;
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  /** Folder of the tree, for `file:` dependencies. */
  readonly directory: string | undefined;
  readonly isDevelopment: boolean;
  readonly isOptional: boolean;
  readonly needs: readonly PnpmNeed[];
  readonly location: Location;
}

export type PnpmSection =
  | 'dependencies'
  | 'optionalDependencies'
  | 'devDependencies'
  | 'configDependencies'
  | 'packageManagerDependencies';

export interface PnpmImporter {
  /** Relative to the lock file; `.` is the project beside it. */
  readonly folder: string;
  readonly needs: readonly (PnpmNeed & { readonly section: PnpmSection })[];
  readonly location: Location;
}

export interface PnpmLockFile {
  /** Of the last document; undefined when none states one. */
  readonly version: number | undefined;
  readonly entries: readonly PnpmEntry[];
  readonly importers: readonly PnpmImporter[];
  readonly problems: readonly Problem[];
}

const newestVersion = 9;

/** Reads one pnpm-lock.yaml. Never throws; an unreadable document does not hide the others. */
export function parsePnpmLock(bytes: Uint8Array, path: string): PnpmLockFile {
  const { text, problems: encoding } = decodeText(bytes, path);
  const problems: Problem[] = [...encoding];
  const entries: PnpmEntry[] = [];
  const importers: PnpmImporter[] = [];
  let version: number | undefined;
  if (text.trim() === '') problems.push(schemaProblem('the file is empty', { path }));
  for (const part of splitDocuments(text)) {
    const document = parseYamlDocument(part, path, { resolver: 'strings' });
    problems.push(...document.problems);
    const value = asObject(document.value);
    if (value === undefined) {
      if (document.value !== undefined && document.value !== null) {
        problems.push(schemaProblem('not a mapping', document.locate([])));
      }
      continue;
    }
    version = versionOf(document, value, problems) ?? version;
    entries.push(...readEntries(document, value, version ?? newestVersion, problems));
    importers.push(...readImporters(document, value));
  }
  // A package that several documents describe is as the last one has it.
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  return { version, entries: [...byKey.values()], importers, problems };
}

/** Texts of the documents of a stream, each led by as many empty lines as stand before it, so that lines stay. */
function splitDocuments(text: string): string[] {
  const parts: string[] = [];
  let lines: string[] = [];
  let before = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^---(?:\s|$)/.test(line)) {
      if (lines.some((item) => /^[^#\s]/.test(item))) parts.push('\n'.repeat(before) + lines.join('\n'));
      before = index + 1;
      lines = [];
    } else lines.push(line);
  }
  parts.push('\n'.repeat(before) + lines.join('\n'));
  return parts;
}

function versionOf(document: Document, value: JsonObject, problems: Problem[]): number | undefined {
  const text = asString(value['lockfileVersion']);
  if (text === undefined) return undefined;
  const version = Number.parseFloat(text);
  const location = document.locate(['lockfileVersion']);
  if (Number.isNaN(version)) {
    problems.push(schemaProblem(`lockfileVersion ${text} is not a number`, location));
    return undefined;
  }
  if (version >= newestVersion + 1) {
    const message = `lockfileVersion ${text} is newer than this program knows; read as version ${newestVersion}`;
    problems.push({ kind: 'unsupported', message, location, hidesFindings: true });
  }
  return version;
}

function readEntries(document: Document, value: JsonObject, version: number, problems: Problem[]): PnpmEntry[] {
  const snapshots = snapshotsByKey(value);
  const entries: PnpmEntry[] = [];
  for (const [key, item] of entriesOf(value['packages'])) {
    const location = document.locate(['packages', key]);
    const row = asObject(item) ?? {};
    const inKey = splitKey(key, version);
    const name = asString(row['name']) ?? inKey?.name;
    const stated = asString(row['version']);
    if (name === undefined || (stated === undefined && inKey === undefined)) {
      problems.push(schemaProblem(`${JSON.stringify(key)} does not tell name and version`, location));
      continue;
    }
    const base = { name, version: stated ?? inKey?.version ?? '', ...resolutionOf(row), location };
    // Version 9 keeps dependencies apart, once for every set of peers.
    const variants = snapshots.get(key) ?? [{ key, row }];
    for (const variant of variants) {
      entries.push({
        ...base,
        key: variant.key,
        isDevelopment: asString(row['dev']) === 'true',
        isOptional: asString(variant.row['optional']) === 'true',
        needs: [...needsIn(variant.row['dependencies']), ...needsIn(variant.row['optionalDependencies'])],
      });
    }
  }
  return entries;
}

/** Snapshots by the key of their package, which is their own key without peers. */
function snapshotsByKey(value: JsonObject): Map<string, { key: string; row: JsonObject }[]> {
  const found = new Map<string, { key: string; row: JsonObject }[]>();
  for (const [key, item] of entriesOf(value['snapshots'])) {
    const plain = withoutPeers(key);
    const variant = { key, row: asObject(item) ?? {} };
    const known = found.get(plain);
    if (known === undefined) found.set(plain, [variant]);
    else known.push(variant);
  }
  return found;
}

function withoutPeers(key: string): string {
  const open = key.indexOf('(');
  return open <= 0 ? key : key.slice(0, open);
}

function resolutionOf(
  row: JsonObject,
): Pick<PnpmEntry, 'integrity' | 'tarball' | 'repository' | 'commit' | 'directory'> {
  const resolution = asObject(row['resolution']) ?? {};
  return {
    integrity: asString(resolution['integrity']),
    tarball: asString(resolution['tarball']),
    repository: asString(resolution['repo']),
    commit: asString(resolution['commit']),
    directory: asString(resolution['directory']),
  };
}

const digitFirst = /^v?[0-9]/;

/** The version that a reference of an importer names by itself: `1.0.0_peer@2.0.0` -> `1.0.0`; undefined for places and aliases. */
export function referredVersion(reference: string): string | undefined {
  const version = withoutPeers(reference).split('_')[0] ?? '';
  return digitFirst.test(version) ? version : undefined;
}

/**
 * Name and version in a key: `/name/1.0.0_peers` (version 5), `/name@1.0.0(peers)` (6), `name@1.0.0` (9), with a registry's host in
 * front when it is not the default one. Undefined when the key names a place instead of a version.
 */
export function splitKey(
  key: string,
  lockfileVersion: number,
): { readonly name: string; readonly version: string } | undefined {
  const bySlash = splitAtSlash(key);
  const byAt = splitAtSign(withoutPeers(key));
  return lockfileVersion < 6 ? (bySlash ?? byAt) : (byAt ?? bySlash);
}

function splitAtSlash(key: string): { readonly name: string; readonly version: string } | undefined {
  const segments = withoutPeers(key).split('/').slice(1);
  const isScoped = segments[0]?.startsWith('@') === true;
  const name = segments.slice(0, isScoped ? 2 : 1).join('/');
  const rest = segments.slice(isScoped ? 2 : 1);
  const version = rest[0]?.split('_')[0] ?? '';
  return rest.length === 1 && digitFirst.test(version) && name !== '' ? { name, version } : undefined;
}

function splitAtSign(key: string): { readonly name: string; readonly version: string } | undefined {
  const hostEnd = key.startsWith('@') ? -1 : key.indexOf('/');
  const firstAt = key.indexOf('@', 1);
  const plain = hostEnd !== -1 && (firstAt === -1 || hostEnd < firstAt) ? key.slice(hostEnd + 1) : key;
  const at = plain.indexOf('@', 1);
  if (at === -1) return undefined;
  const version = plain.slice(at + 1).split('_')[0] ?? '';
  if (digitFirst.test(version)) return { name: plain.slice(0, at), version };
  // `name@https://...` and `name@file:...` (version 9): the entry may still state a version.
  return /^[a-z+]+:/.test(version) ? { name: plain.slice(0, at), version: '' } : undefined;
}

const sections: readonly PnpmSection[] = [
  'dependencies',
  'optionalDependencies',
  'devDependencies',
  'configDependencies',
  'packageManagerDependencies',
];

/** A lock file of one project has the lists of its importer at the top. */
function readImporters(document: Document, value: JsonObject): PnpmImporter[] {
  const importers = asObject(value['importers']);
  if (importers === undefined) return [importerOf('.', value, document.locate([]))];
  return entriesOf(importers).map(([folder, item]) =>
    importerOf(folder, asObject(item) ?? {}, document.locate(['importers', folder])),
  );
}

function importerOf(folder: string, row: JsonObject, location: Location): PnpmImporter {
  return {
    folder,
    location,
    needs: sections.flatMap((section) => needsIn(row[section]).map((need) => ({ ...need, section }))),
  };
}

/** `{name: reference}`, or `{name: {specifier, version}}`. */
function needsIn(list: unknown): PnpmNeed[] {
  const needs: PnpmNeed[] = [];
  for (const [name, item] of entriesOf(list)) {
    const reference = asString(item) ?? asString(asObject(item)?.['version']);
    if (reference !== undefined) needs.push({ name, reference });
  }
  return needs;
}

function schemaProblem(message: string, location: Location): Problem {
  return { kind: 'schema', message, location, hidesFindings: true };
}
