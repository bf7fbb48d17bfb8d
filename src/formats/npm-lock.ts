// SPDX-License-Identifier: Apache-2.0
// Reads npm lock files into install places: `packages` of lockfileVersion 2 and 3 is a map of them already, the nested `dependencies`
// of version 1 is flattened to the same form. Format: npm documentation, "package-lock.json" (configuring-npm).
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Document, DocumentPath, JsonObject } from './document.ts';
import { asObject, asString, entriesOf } from './document.ts';
import { parseJson } from './json.ts';
import { decodeText } from './text.ts';

/** One folder into which npm puts a package. */
export interface NpmPlace {
  /** `node_modules/a/node_modules/b`, a folder of the tree (`packages/x`), or empty for the project itself. */
  readonly path: string;
  /** Empty when the file gives none: the path does. */
  readonly name: string;
  /** Empty when the file gives none, or gives a place instead (version 1: `file:x`, `github:a/b#hash`). */
  readonly version: string;
  /** Where it was fetched from. For links: the path of the place that they lead to. */
  readonly resolved: string | undefined;
  readonly isLink: boolean;
  /** The entry as it stands, for flags, integrity, licence and dependency lists. */
  readonly entry: JsonObject;
  readonly location: Location;
}

export interface NpmLockFile {
  readonly places: ReadonlyMap<string, NpmPlace>;
  /** Are all dependencies of the project itself in the file? Not so in version 1 and in the hidden lock file of node_modules. */
  readonly statesRoot: boolean;
  readonly problems: readonly Problem[];
}

/** Reads one lock file. Never throws. */
export function parseNpmLock(bytes: Uint8Array, path: string): NpmLockFile {
  const { text, problems: encoding } = decodeText(bytes, path);
  const document = parseJson(text, path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const places = new Map<string, NpmPlace>();
  const value = asObject(document.value);
  if (value === undefined) {
    if (document.problems.length === 0) problems.push(schemaProblem('not a JSON object', { path }));
    return { places, statesRoot: false, problems };
  }
  const version = value['lockfileVersion'];
  if (version !== undefined && typeof version !== 'number') {
    problems.push(schemaProblem('lockfileVersion is not a number', document.locate(['lockfileVersion'])));
  } else if (version !== undefined && version > 3) {
    const message = `lockfileVersion ${version} is newer than this program knows; read as version 3`;
    problems.push({
      kind: 'unsupported',
      message,
      location: document.locate(['lockfileVersion']),
      hidesFindings: true,
    });
  }
  const packages = asObject(value['packages']);
  if (packages === undefined) flatten(document, value, places, problems);
  else readPackages(document, value, places, problems);
  return { places, statesRoot: places.has(''), problems };
}

function readPackages(document: Document, value: JsonObject, places: Map<string, NpmPlace>, problems: Problem[]): void {
  for (const [path, item] of entriesOf(value['packages'])) {
    const location = document.locate(['packages', path]);
    const entry = asObject(item);
    if (entry === undefined) {
      problems.push(schemaProblem(`the entry of ${path.slice(0, 200)} is not an object`, location));
      continue;
    }
    if (isTooLong(path, location, problems)) continue;
    places.set(path, {
      path,
      name: asString(entry['name']) ?? (path === '' ? (asString(value['name']) ?? '') : ''),
      version: asString(entry['version']) ?? (path === '' ? (asString(value['version']) ?? '') : ''),
      resolved: asString(entry['resolved']),
      isLink: entry['link'] === true,
      entry,
      location,
    });
  }
}

interface Level {
  readonly prefix: string;
  /** Is the package that these are installed below only needed for development? Then so are they. */
  readonly isForDevelopment: boolean;
  readonly at: DocumentPath;
  readonly dependencies: unknown;
}

function flatten(document: Document, value: JsonObject, places: Map<string, NpmPlace>, problems: Problem[]): void {
  const top: Level = { prefix: '', isForDevelopment: false, at: ['dependencies'], dependencies: value['dependencies'] };
  const levels: Level[] = [top];
  for (let level = levels.shift(); level !== undefined; level = levels.shift()) {
    for (const [name, item] of entriesOf(level.dependencies)) {
      const at = [...level.at, name];
      const location = document.locate(at);
      const entry = asObject(item);
      if (entry === undefined) {
        problems.push(schemaProblem(`the entry of ${name} is not an object`, location));
        continue;
      }
      const path = `${level.prefix}node_modules/${name}`;
      if (isTooLong(path, location, problems)) continue;
      const { dependencies, requires, ...rest } = entry;
      const isForDevelopment = level.isForDevelopment || entry['dev'] === true;
      places.set(path, {
        path,
        ...versionOne(asString(entry['version']) ?? '', asString(entry['resolved'])),
        isLink: false,
        entry: { ...rest, ...(isForDevelopment ? { dev: true } : {}), dependencies: requires },
        location,
      });
      levels.push({ prefix: `${path}/`, isForDevelopment, at: [...at, 'dependencies'], dependencies });
    }
  }
}

/** `version` of version 1 may be an alias (`npm:name@1.0.0`) or the place of a package that comes from no registry. */
function versionOne(text: string, resolved: string | undefined): Pick<NpmPlace, 'name' | 'version' | 'resolved'> {
  const at = text.lastIndexOf('@');
  if (text.startsWith('npm:') && at > 'npm:'.length) {
    return { name: text.slice('npm:'.length, at), version: text.slice(at + 1), resolved };
  }
  const isPlace = text.includes(':') || text.includes('/');
  return isPlace ? { name: '', version: '', resolved: text } : { name: '', version: text, resolved };
}

/** Dependencies are looked up folder by folder: a path must not be longer than a file system allows. */
function isTooLong(path: string, location: Location, problems: Problem[]): boolean {
  if (path.length <= defaultLimits.pathLength) return false;
  const message = `an install place with a path of ${path.length} characters; not read`;
  problems.push({ kind: 'limit', message, location, hidesFindings: true });
  return true;
}

function schemaProblem(message: string, location: Location): Problem {
  return { kind: 'schema', message, location, hidesFindings: true };
}
