// SPDX-License-Identifier: Apache-2.0
// mix.lock of Elixir: an Elixir map of `"app": {:hex, :package, "version", ...}` and `{:git, "url", "commit", ...}` entries, one a line.
// mix.exs beside it (a program, never run) tells which ones the project asks for.
import type { Term } from '../../formats/beam-terms.ts';
import { readTerm, termItems, termText } from '../../formats/beam-terms.ts';
import { decodeText, LineIndex } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { HexEntry } from '../package-facts/hex.ts';
import { hexPackage } from '../package-facts/hex.ts';
import { withReach } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const mixLock = defineCataloger({
  id: 'mix-lock',
  title: 'mix.lock',
  ecosystems: ['hex'],
  kind: 'declared',
  files: ['**/mix.lock'],
  companions: ['**/mix.exs'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['dependencies that the code of mix.exs computes', 'licences'],
  },
  parse: parseMixLock,
});

interface Locked {
  /** Name of the application, which is what other entries and mix.exs use. */
  readonly app: string;
  readonly entry: HexEntry;
  readonly needs: readonly string[];
}

function parseMixLock(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const problems: Problem[] = [...encoding];
  const locked = readEntries(text, file.path, problems);
  const ids = new Map<string, string>();
  for (const { app, entry } of locked) {
    const id = entry.version === '' ? entry.name : `${entry.name}@${entry.version}`;
    ids.set(entry.name, id);
    ids.set(app, id);
  }
  const packages = new Map<string, Package>();
  for (const { entry, needs } of locked) {
    const dependsOn = [...new Set(needs.map((name) => ids.get(name)).filter((id) => id !== undefined))];
    const item = hexPackage({ ...entry, dependsOn });
    if (!packages.has(item.id)) packages.set(item.id, item);
  }
  const direct = new Map<string, Scope>();
  for (const [name, scope] of manifestBeside(file.path, tree)) {
    const id = ids.get(name);
    if (id !== undefined) direct.set(id, scope);
  }
  return { packages: withReach([...packages.values()], direct), problems };
}

/** Each entry is read by itself, so that one broken line does not hide the others. */
function readEntries(text: string, path: string, problems: Problem[]): Locked[] {
  const lines = new LineIndex(text);
  const found: Locked[] = [];
  for (const match of text.matchAll(/^[ \t]*(?:%\{[ \t]*)?"([^"\\\n]{1,255})"(?::|[ \t]*=>)/gm)) {
    const start = match.index + match[0].length;
    const line = lines.lineAt(start);
    const read = readTerm(text, 'elixir', start);
    const location: Location = { path, line, endLine: 'term' in read ? lines.lineAt(read.end) : line };
    const locked = 'term' in read ? lockedOf(match[1] ?? '', read.term, location) : undefined;
    if (locked !== undefined) found.push(locked);
    else {
      const message = `${match[1]} is not a package from Hex, git or a folder${'term' in read ? '' : `: ${read.message}`}`;
      problems.push({ kind: 'schema', message, location, hidesFindings: true });
    }
  }
  if (found.length === 0 && problems.length === 0 && !/^\s*(?:%\{\s*\}\s*)?$/.test(text.slice(0, 1_000))) {
    problems.push({ kind: 'syntax', message: 'no entry found', location: { path, line: 1 }, hidesFindings: true });
  }
  return found;
}

function lockedOf(app: string, term: Term, location: Location): Locked | undefined {
  const items = termItems(term);
  const [source, second, third] = items.map(termText);
  // Dependencies are the one list of tuples: `[{:cowlib, "2.11.0", [hex: :cowlib, ...]}]`.
  const needs = items
    .flatMap((item) => (item.kind === 'list' ? item.items : []))
    .filter((item) => item.kind === 'tuple' && item.items.length > 2)
    .map((item) => termText(termItems(item)[0]))
    .filter((name) => name !== undefined);
  if (source === 'hex' && second !== undefined && third !== undefined) {
    const archiveChecksum = termText(items[7]);
    const innerChecksum = termText(items[3]);
    return { app, needs, entry: { name: second, version: third, location, archiveChecksum, innerChecksum } };
  }
  if (source === 'git' && second !== undefined) {
    return { app, needs, entry: { name: app, version: third ?? '', location, repository: second, commit: third } };
  }
  // Part of the tree: listed, so that what depends on it is complete.
  return source === 'path'
    ? { app, needs, entry: { name: app, version: '', location, relationship: 'workspace' } }
    : undefined;
}

/** `{:plug, "~> 1.0", only: [:dev, :test]}` in mix.exs: name and scope. */
function manifestBeside(path: string, tree: CompanionFiles): Map<string, Scope> {
  const found = new Map<string, Scope>();
  const file = tree.get(`${path.slice(0, -'lock'.length)}exs`);
  if (file === undefined) return found;
  const text = decodeText(file.bytes, file.path).text.replace(/^[ \t]*#.*$/gm, '');
  for (const match of text.matchAll(/\{\s{0,40}:([a-z_][a-z0-9_]{0,100})\s{0,40},([^{}]{0,1000})\}/g)) {
    const only = /\bonly:\s{0,40}(\[[^\]]{0,200}\]|:[a-z]{1,50})/.exec(match[2] ?? '')?.[1];
    const environments = (only ?? '').match(/[a-z]+/g) ?? [];
    const isBuild = /\bruntime:\s{0,40}false\b/.test(match[2] ?? '');
    found.set(match[1] ?? '', scopeOf(environments, isBuild ? 'build' : 'runtime'));
  }
  return found;
}

function scopeOf(environments: readonly string[], otherwise: Scope): Scope {
  if (environments.length === 0 || environments.includes('prod')) return otherwise;
  return environments.every((name) => name === 'test') ? 'test' : 'development';
}
