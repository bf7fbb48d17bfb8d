// SPDX-License-Identifier: Apache-2.0
// bun.lock, lockfileVersion 0 and 1: JSON with trailing commas; packages are tuples under a path of names that stands for nested
// node_modules folders. Format: bun source, `src/install/lockfile/bun.lock.zig`.
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import type { Document, JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from './document.ts';
import { parseJson } from './json.ts';
import { decodeText } from './text.ts';

export interface BunNeed {
  readonly name: string;
  readonly section: BunSection;
}

export type BunSection = 'dependencies' | 'optionalDependencies' | 'peerDependencies' | 'devDependencies';

export interface BunEntry {
  /** Names from the top: `supports-color/has-flag` is the copy of has-flag that only supports-color sees. */
  readonly path: readonly string[];
  readonly name: string;
  /** Empty when the reference is not a version. */
  readonly version: string;
  /** What stands after the name: `1.0.0`, `github:a/b#hash`, `workspace:packages/x`, `file:x`, `root:`. */
  readonly reference: string;
  readonly integrity: string | undefined;
  readonly needs: readonly BunNeed[];
  readonly location: Location;
}

export interface BunWorkspace {
  /** Relative to the lock file; empty for the project beside it. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly needs: readonly BunNeed[];
  readonly location: Location;
}

export interface BunLockFile {
  readonly entries: readonly BunEntry[];
  readonly workspaces: readonly BunWorkspace[];
  readonly problems: readonly Problem[];
}

const newestVersion = 1;

/** Reads one bun.lock. Never throws; entries that are not of the format are problems, the rest is read. */
export function parseBunLock(bytes: Uint8Array, path: string): BunLockFile {
  const { text, problems: encoding } = decodeText(bytes, path);
  const document = parseJson(text, path, { syntax: 'relaxed' });
  const problems: Problem[] = [...encoding, ...document.problems];
  const value = asObject(document.value);
  if (value === undefined) {
    if (document.problems.length === 0) problems.push(schemaProblem('not a JSON object', { path }));
    return { entries: [], workspaces: [], problems };
  }
  const version = value['lockfileVersion'];
  if (version !== undefined && typeof version !== 'number') {
    problems.push(schemaProblem('lockfileVersion is not a number', document.locate(['lockfileVersion'])));
  } else if (version !== undefined && version > newestVersion) {
    const message = `lockfileVersion ${version} is newer than this program knows; read as version ${newestVersion}`;
    problems.push({
      kind: 'unsupported',
      message,
      location: document.locate(['lockfileVersion']),
      hidesFindings: true,
    });
  }
  return { entries: readEntries(document, value, problems), workspaces: readWorkspaces(document, value), problems };
}

function readEntries(document: Document, value: JsonObject, problems: Problem[]): BunEntry[] {
  const entries: BunEntry[] = [];
  for (const [key, item] of entriesOf(value['packages'])) {
    const location = document.locate(['packages', key]);
    const tuple = asArray(item);
    const identifier = splitIdentifier(asString(tuple[0]) ?? '');
    if (identifier === undefined) {
      problems.push(schemaProblem(`the entry of ${key.slice(0, 200)} does not begin with name@version`, location));
      continue;
    }
    if (key.length > defaultLimits.pathLength) {
      const message = `an entry with a key of ${key.length} characters; not read`;
      problems.push({ kind: 'limit', message, location, hidesFindings: true });
      continue;
    }
    const details = tuple.map(asObject).find((part) => part !== undefined) ?? {};
    const integrity = asStrings(tuple.slice(1)).findLast((part) => /^(?:sha1|sha256|sha384|sha512|md5)-/.test(part));
    entries.push({ path: namesOf(key), ...identifier, integrity, needs: needsIn(details), location });
  }
  return entries;
}

function readWorkspaces(document: Document, value: JsonObject): BunWorkspace[] {
  return entriesOf(value['workspaces']).map(([folder, item]) => {
    const row = asObject(item) ?? {};
    return {
      folder,
      name: asString(row['name']) ?? '',
      version: asString(row['version']) ?? '',
      needs: needsIn(row),
      location: document.locate(['workspaces', folder]),
    };
  });
}

/** `@scope/name@1.0.0` -> name, reference and version; undefined without a reference. */
export function splitIdentifier(text: string): Pick<BunEntry, 'name' | 'version' | 'reference'> | undefined {
  const at = text.indexOf('@', 1);
  if (at === -1) return undefined;
  const reference = text.slice(at + 1);
  return { name: text.slice(0, at), reference, version: /^v?[0-9]/.test(reference) ? reference : '' };
}

/** `a/@scope/b` -> `a`, `@scope/b`. */
function namesOf(key: string): string[] {
  const names: string[] = [];
  let scope = '';
  for (const segment of key.split('/')) {
    if (segment.startsWith('@') && scope === '') scope = segment;
    else {
      names.push(scope === '' ? segment : `${scope}/${segment}`);
      scope = '';
    }
  }
  return names;
}

const sections: readonly BunSection[] = ['dependencies', 'optionalDependencies', 'peerDependencies', 'devDependencies'];

function needsIn(row: JsonObject): BunNeed[] {
  return sections.flatMap((section) => Object.keys(asObject(row[section]) ?? {}).map((name) => ({ name, section })));
}

function schemaProblem(message: string, location: Location): Problem {
  return { kind: 'schema', message, location, hidesFindings: true };
}
