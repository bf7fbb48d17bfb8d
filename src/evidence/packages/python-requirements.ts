// SPDX-License-Identifier: Apache-2.0
// requirements*.txt of pip, with the files they include (-r) and are constrained by (-c). Pinned requirements have a version, others
// a constraint. Comments that pip-compile and uv leave tell which package needs which.

import { pinnedVersion } from '../../formats/pep508.ts';
import type { RequirementLine } from '../../formats/pip-requirements.ts';
import { parseRequirementsFile } from '../../formats/pip-requirements.ts';
import { decodeText } from '../../formats/text.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Package, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import {
  digestsOf,
  normalizePythonName,
  originOf,
  packageOfRequirement,
  pythonPackage,
} from '../package-facts/python.ts';
import { condenseMetadata, installedLicenses, metadataOfInstalled } from '../package-facts/python-metadata.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pythonRequirements = defineCataloger({
  id: 'python-requirements',
  title: 'requirements.txt',
  ecosystems: ['pypi'],
  kind: 'declared',
  files: ['**/*requirements*.txt', '**/requirements/*.txt'],
  companions: ['**/*requirements*.{txt,in}', '**/*constraints*.txt', '**/requirements/*.{txt,in}', metadataOfInstalled],
  condense: condenseMetadata,
  capabilities: {
    versions: 'declared',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: true,
    lines: true,
    gaps: [
      'versions of requirements that are not pinned (==): the constraint is listed',
      'what the listed packages need themselves, unless pip-compile or uv wrote the file',
      'licences of packages that are not installed in the same target',
      'environment variables (${NAME}) and URLs in -r and -c',
    ],
  },
  parse: parseRequirements,
});

interface Found {
  readonly item: Package;
  readonly via: readonly string[];
}

interface Pin {
  readonly version: string;
  /** The constraints file. */
  readonly path: string;
}

interface Reading {
  readonly tree: CompanionFiles;
  readonly found: Found[];
  readonly problems: Problem[];
  /** Files read, so that a cycle ends and a diamond counts once. */
  readonly visited: Set<string>;
  /** Normalised name to the version that a constraints file pins. */
  readonly pins: Map<string, Pin>;
}

function parseRequirements(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const reading: Reading = { tree, found: [], problems: [], visited: new Set(), pins: new Map() };
  readFile(file, reading, 'requirements');
  const licenses = installedLicenses(tree);
  const pinned = reading.found.map(({ item: written, via }) => {
    const item = withPin(written, reading.pins);
    return { item: { ...item, licenses: licenses(item.name, item.version) }, via };
  });
  const packages = withUniqueIds(pinned.map(({ item }) => item));
  const entries = packages.map((item, index) => ({ item, via: pinned[index]?.via ?? [] }));
  return { packages: withRelations(entries), problems: reading.problems };
}

function readFile(file: SourceFile, reading: Reading, use: 'requirements' | 'constraints'): void {
  reading.visited.add(file.path);
  const { text, problems } = decodeText(file.bytes, file.path);
  reading.problems.push(...problems);
  const lines = parseRequirementsFile(text);
  reportUnreadable(lines, file.path, reading);
  for (const line of lines) {
    if (line.kind === 'include') follow(line, file.path, reading, use);
    else if (line.kind === 'constraints') follow(line, file.path, reading, 'constraints');
    else if (use === 'constraints') keepPin(line, file.path, reading);
    else if (line.kind === 'requirement') reading.found.push(foundRequirement(line, file.path));
    else if (line.kind === 'reference') keepReference(line, file.path, reading);
  }
}

const reportedLines = 20;

function reportUnreadable(lines: readonly RequirementLine[], path: string, reading: Reading): void {
  const unreadable = lines.filter((line) => line.kind === 'unreadable');
  // A text that merely has the word in its name holds no requirement at all: one problem says so.
  const isProse = unreadable.length === lines.length && lines.length > 1;
  for (const [index, { text, line }] of unreadable.entries()) {
    const rest = unreadable.length - index;
    const isLast = isProse || index === reportedLines - 1;
    const more = isLast && rest > 1 ? `, nor are ${rest - 1} lines after it` : '';
    const message = `not a requirement: ${JSON.stringify(text.slice(0, 80))}${more}`;
    reading.problems.push({ kind: 'syntax', message, location: { path, line }, hidesFindings: !isProse });
    if (isLast) return;
  }
}

function follow(
  line: { readonly file: string; readonly line: number },
  from: string,
  reading: Reading,
  use: 'requirements' | 'constraints',
): void {
  const location = { path: from, line: line.line };
  const path = resolvePath(from, line.file);
  if (path === undefined) {
    const message = `${line.file} lies outside the target`;
    reading.problems.push({ kind: 'outside', message, location, hidesFindings: true });
    return;
  }
  if (reading.visited.has(path)) return;
  if (reading.visited.size >= defaultLimits.includes) {
    const message = `more than ${defaultLimits.includes} included files`;
    reading.problems.push({ kind: 'limit', message, location, hidesFindings: true });
    return;
  }
  const file = reading.tree.get(path);
  if (file === undefined) {
    const message = `the included file ${line.file} is not in the target`;
    reading.problems.push({ kind: 'unresolved', message, location, hidesFindings: true });
    return;
  }
  readFile(file, reading, use);
}

/** Path of an included file, relative to the folder of the file that names it; undefined outside the target or for a URL. */
function resolvePath(from: string, file: string): string | undefined {
  if (file.startsWith('/') || /^[a-z]+:/i.test(file)) return undefined;
  const segments = from.split('/').slice(0, -1);
  for (const segment of file.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

function keepPin(line: RequirementLine, path: string, reading: Reading): void {
  if (line.kind !== 'requirement') return;
  const version = pinnedVersion(line.requirement.specifier);
  if (version !== undefined) reading.pins.set(normalizePythonName(line.requirement.name), { version, path });
}

function foundRequirement(line: RequirementLine & { readonly kind: 'requirement' }, path: string): Found {
  const endLine = line.endLine > line.line ? { endLine: line.endLine } : {};
  const location = { path, line: line.line, ...endLine };
  const item = packageOfRequirement(line.requirement, { locations: [location], digests: digestsOf(line.hashes) });
  return { item, via: line.via };
}

function keepReference(line: RequirementLine & { readonly kind: 'reference' }, path: string, reading: Reading): void {
  const origin = originOf(line.target);
  // A folder of the tree (`-e .`) is the project itself, or is found by its own manifest.
  if (origin.name === undefined && !line.target.includes('://')) return;
  if (origin.name === undefined) {
    const message = `no package name in ${JSON.stringify(line.target.slice(0, 200))}`;
    reading.problems.push({ kind: 'unresolved', message, location: { path, line: line.line }, hidesFindings: true });
    return;
  }
  const item = pythonPackage({
    name: origin.name,
    version: origin.version ?? '',
    locations: [{ path, line: line.line }],
    digests: digestsOf(line.hashes),
    facts: origin.facts,
  });
  reading.found.push({ item, via: [] });
}

function withPin(item: Package, pins: ReadonlyMap<string, Pin>): Package {
  const pin = item.version === '' ? pins.get(normalizePythonName(item.name)) : undefined;
  if (pin === undefined) return item;
  const { id: _id, purl: _purl, ...rest } = item;
  const facts = { ...item.facts, other: { ...item.facts?.other, pinnedBy: pin.path } };
  return pythonPackage({ ...rest, version: pin.version, facts });
}

/** From "needed via" to "depends on". Without any such comment nothing is known, and nothing is claimed. */
function withRelations(entries: readonly { readonly item: Package; readonly via: readonly string[] }[]): Package[] {
  const ids = new Map(entries.map(({ item }) => [normalizePythonName(item.name), item.id]));
  const needs = new Map<string, string[]>();
  for (const { item, via } of entries) {
    for (const parent of via) {
      const id = ids.get(normalizePythonName(parent));
      const known = id === undefined ? undefined : needs.get(id);
      if (known !== undefined) known.push(item.id);
      else if (id !== undefined) needs.set(id, [item.id]);
    }
  }
  return entries.map(({ item, via }) => {
    const parents = via.filter((parent) => ids.has(normalizePythonName(parent)));
    const relationship: Relationship =
      via.length === 0 ? item.relationship : parents.length < via.length ? 'direct' : 'indirect';
    return { ...item, relationship, dependsOn: needs.get(item.id) ?? item.dependsOn };
  });
}
