// SPDX-License-Identifier: Apache-2.0
// deno.lock, version 2 to 5: packages of JSR and npm, and modules imported by address. Format: deno source, crate deno_lockfile.
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Document, DocumentPath, JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from './document.ts';
import { parseJson } from './json.ts';
import { decodeText } from './text.ts';

export type DenoKind = 'npm' | 'jsr' | 'remote';

export interface DenoEntry {
  readonly kind: DenoKind;
  /** As in the file: `chalk@5.3.0`, `typedoc@0.28.19_typescript@6.0.3`, an address. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  /** npm: subresource integrity; jsr and remote: SHA-256 in hex. */
  readonly integrity: string | undefined;
  /** References as in the file: `jsr:@std/bytes@^1.0.0`, `chalk@5.3.0`, `ms`. */
  readonly needs: readonly string[];
  readonly location: Location;
}

export interface DenoLockFile {
  readonly entries: readonly DenoEntry[];
  /** `npm:chalk@5` -> the key of its entry without peers. */
  readonly specifiers: ReadonlyMap<string, string>;
  /** Specifiers that the project and its members ask for; empty when the file does not say. */
  readonly direct: readonly string[];
  readonly problems: readonly Problem[];
}

const newestVersion = 5;

/** Reads one deno.lock. Never throws. */
export function parseDenoLock(bytes: Uint8Array, path: string): DenoLockFile {
  const { text, problems: encoding } = decodeText(bytes, path);
  const document = parseJson(text, path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const value = asObject(document.value);
  if (value === undefined) {
    if (document.problems.length === 0) {
      problems.push({ kind: 'schema', message: 'not a JSON object', location: { path }, hidesFindings: true });
    }
    return { entries: [], specifiers: new Map(), direct: [], problems };
  }
  const version = Number(asString(value['version']) ?? newestVersion);
  if (!(version <= newestVersion)) {
    const message = `version ${asString(value['version'])} is newer than this program knows; read as version ${newestVersion}`;
    problems.push({ kind: 'unsupported', message, location: document.locate(['version']), hidesFindings: true });
  }
  const entries = [...packageEntries(document, value), ...remoteEntries(document, value)];
  return { entries, specifiers: specifiersIn(value), direct: directSpecifiers(value), problems };
}

/** Version 4 has the lists at the top, 3 below `packages`, 2 (npm only) below `npm.packages`. */
function packageEntries(document: Document, value: JsonObject): DenoEntry[] {
  const places: readonly (readonly [DenoKind, DocumentPath, unknown])[] = [
    ['jsr', ['jsr'], value['jsr']],
    ['npm', ['npm'], asObject(value['npm'])?.['packages'] === undefined ? value['npm'] : undefined],
    ['npm', ['npm', 'packages'], asObject(value['npm'])?.['packages']],
    ['jsr', ['packages', 'jsr'], asObject(value['packages'])?.['jsr']],
    ['npm', ['packages', 'npm'], asObject(value['packages'])?.['npm']],
  ];
  const entries: DenoEntry[] = [];
  for (const [kind, at, list] of places) {
    for (const [key, item] of entriesOf(list)) {
      const row = asObject(item) ?? {};
      const { name, version } = splitDenoKey(key);
      if (name === '') continue;
      const integrity = asString(row['integrity']);
      entries.push({
        kind,
        key,
        name,
        version,
        integrity,
        needs: needsIn(row['dependencies']),
        location: document.locate([...at, key]),
      });
    }
  }
  return entries;
}

/** `name@version_peer@version`, nested peers with more underscores. */
export function splitDenoKey(key: string): { readonly name: string; readonly version: string } {
  const at = key.indexOf('@', 1);
  if (at === -1) return { name: key, version: '' };
  return { name: key.slice(0, at), version: key.slice(at + 1).split('_')[0] ?? '' };
}

/** A list of references (version 4), or a map of name to reference (before). */
function needsIn(value: unknown): string[] {
  return Array.isArray(value)
    ? [...asStrings(asArray(value))]
    : entriesOf(value).flatMap(([, item]) => asStrings(item));
}

/** Modules by address: those that carry a version after an `@` in the path belong to a package. */
function remoteEntries(document: Document, value: JsonObject): DenoEntry[] {
  const entries: DenoEntry[] = [];
  for (const [key, item] of entriesOf(value['remote'])) {
    const split = splitModuleUrl(key);
    if (split === undefined) continue;
    const integrity = asString(item);
    entries.push({ kind: 'remote', key, ...split, integrity, needs: [], location: document.locate(['remote', key]) });
  }
  return entries;
}

/** `https://host/x/name@v1.0.0/mod.ts` -> `host/x/name` and `v1.0.0`; undefined without a version. */
export function splitModuleUrl(url: string): { readonly name: string; readonly version: string } | undefined {
  const rest = /^https?:\/\/(.{1,2000})$/.exec(url)?.[1];
  if (rest === undefined) return undefined;
  const segments = rest.split('/');
  const at = segments.findIndex((segment, index) => index > 0 && segment.indexOf('@') > 0);
  const segment = segments[at];
  if (segment === undefined) return undefined;
  const sign = segment.indexOf('@');
  return { name: [...segments.slice(0, at), segment.slice(0, sign)].join('/'), version: segment.slice(sign + 1) };
}

function specifiersIn(value: JsonObject): Map<string, string> {
  const found = new Map<string, string>();
  const lists = [
    value['specifiers'],
    asObject(value['packages'])?.['specifiers'],
    asObject(value['npm'])?.['specifiers'],
  ];
  for (const [specifier, item] of lists.flatMap(entriesOf)) {
    const target = asString(item);
    if (target === undefined) continue;
    // Version 4 writes the version only; before it is `npm:chalk@5.3.0` (3) or `chalk@5.3.0` (2).
    const name = splitDenoKey(specifier.replace(/^(?:npm|jsr):/, '')).name;
    const plain = target.replace(/^(?:npm|jsr):/, '');
    const isVersion = /^v?[0-9]/.test(plain);
    found.set(/^(?:npm|jsr):/.test(specifier) ? specifier : `npm:${specifier}`, isVersion ? `${name}@${plain}` : plain);
  }
  return found;
}

function directSpecifiers(value: JsonObject): string[] {
  const workspace = asObject(value['workspace']);
  if (workspace === undefined) return [];
  const projects = [workspace, ...entriesOf(workspace['members']).map(([, item]) => asObject(item) ?? {})];
  return projects.flatMap((item) => [
    ...asStrings(item['dependencies']),
    ...asStrings(asObject(item['packageJson'])?.['dependencies']),
  ]);
}
