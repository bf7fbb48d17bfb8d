// SPDX-License-Identifier: Apache-2.0
// environment.yml of conda: packages of conda, and under `pip:` packages of Python. With `prefix:` inside the target, the licence comes
// from the record of the installed package.

import type { Document, DocumentPath } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { parseRequirement } from '../../formats/pep508.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { packageOfRequirement } from '../package-facts/python.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const condaEnvironment = defineCataloger({
  id: 'conda-environment',
  title: 'environment.yml (conda)',
  ecosystems: ['conda', 'pypi'],
  kind: 'declared',
  files: ['**/environment.{yml,yaml}', '**/conda-environment.{yml,yaml}'],
  companions: ['**/conda-meta/*.json'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['what the listed packages need, unless `conda env export` wrote the file', 'versions that are not pinned'],
  },
  parse: parseEnvironment,
});

interface Reading {
  readonly document: Document;
  readonly path: string;
  readonly found: Package[];
  readonly problems: Problem[];
  readonly licenses: (name: string, version: string) => readonly string[];
}

function parseEnvironment(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const problems: Problem[] = [...encoding, ...document.problems];
  const environment = asObject(document.value);
  if (environment === undefined && document.problems.length === 0) {
    const message = 'not an environment: a mapping with `dependencies` is wanted';
    problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
  }
  const licenses = licensesBelow(asString(environment?.['prefix']) ?? '', tree);
  const reading: Reading = { document, path: file.path, found: [], problems, licenses };
  for (const [index, item] of asArray(environment?.['dependencies']).entries()) {
    readDependency(item, ['dependencies', index], reading);
  }
  return { packages: withUniqueIds(reading.found), problems };
}

function readDependency(item: unknown, at: DocumentPath, reading: Reading): void {
  const location = { ...reading.document.locate(at), path: reading.path };
  const place = { path: reading.path, ...(location.line === undefined ? {} : { line: location.line }) };
  const table = asObject(item);
  if (typeof item === 'string' && !isNumber(item)) {
    const read = matchSpec(item);
    if (read !== undefined) reading.found.push(condaPackage(read, { location: place, licenses: reading.licenses }));
  } else if (table !== undefined && Array.isArray(table['pip'])) {
    for (const [index, text] of asArray(table['pip']).entries()) readPip(text, [...at, 'pip', index], reading);
  } else {
    const message = 'a dependency that is neither a text nor a list under `pip:`';
    reading.problems.push({ kind: 'schema', message, location: place, hidesFindings: true });
  }
}

function isNumber(text: string): boolean {
  return /^[0-9.]+$/.test(text);
}

function readPip(item: unknown, at: DocumentPath, reading: Reading): void {
  const { line } = reading.document.locate(at);
  const location = { path: reading.path, ...(line === undefined ? {} : { line }) };
  const text = asString(item);
  if (text === undefined) {
    const message = 'a requirement of pip that is not a text';
    reading.problems.push({ kind: 'schema', message, location, hidesFindings: true });
    return;
  }
  // Options (`-r`, `--extra-index-url`) and local folders name no package here.
  if (/^(?:-|\.|\/)/.test(text)) return;
  const requirement = parseRequirement(text);
  if (requirement !== undefined) {
    reading.found.push(packageOfRequirement(requirement, { relationship: 'direct', locations: [location] }));
    return;
  }
  const message = `not a requirement: ${JSON.stringify(text.slice(0, 80))}`;
  reading.problems.push({ kind: 'syntax', message, location, hidesFindings: true });
}

interface MatchSpec {
  readonly channel: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly constraint: string;
  readonly build: string | undefined;
}

/**
 * conda's match specification: `[channel::]name[=version[=build]]`, also with other operators and spaces. One `=` is a fuzzy match in
 * conda, but what `conda env export` writes for an installed version; Trivy reads it as the version, and so do we.
 */
function matchSpec(text: string): MatchSpec | undefined {
  const [first = '', second] = text.split('::');
  const channel = second === undefined ? undefined : first.trim();
  const spec = (second ?? first).trim().replace(/\[.*$/, '');
  const name = /^[A-Za-z0-9_][A-Za-z0-9_.-]*/.exec(spec)?.[0];
  if (name === undefined) return undefined;
  const constraint = spec.slice(name.length).trim();
  const exact = /^={1,2}\s*([^\s=<>!~|,*]+)(?:\s*=\s*([^\s=]+)|\s+([^\s=]+))?$/.exec(constraint);
  return { channel, name, version: exact?.[1] ?? '', constraint, build: exact?.[2] ?? exact?.[3] };
}

function condaPackage(
  spec: MatchSpec,
  place: { location: Package['locations'][number]; licenses: Reading['licenses'] },
): Package {
  const { channel, name, version, constraint, build } = spec;
  const purl = formatPurl({ type: 'conda', name, version, qualifiers: { build, channel } });
  return packageOf({
    name,
    version,
    type: 'conda',
    ...(purl === undefined ? {} : { purl }),
    relationship: 'direct',
    locations: [place.location],
    licenses: version === '' ? [] : place.licenses(name, version),
    ...(constraint === '' ? {} : { constraint }),
    ...(build === undefined ? {} : { facts: { other: { build } } }),
  });
}

/** Looks up `<prefix>/conda-meta/<name>-<version>-<build>.json`. An absolute prefix counts from the root of the target. */
function licensesBelow(prefix: string, tree: CompanionFiles): Reading['licenses'] {
  if (prefix === '') return () => [];
  const folder = `${prefix.replace(/^\/+/, '').replace(/\/+$/, '')}/conda-meta/`;
  const records = new Map<string, string>();
  for (const path of tree.match('**/conda-meta/*.json')) {
    // The build is the part after the last hyphen.
    if (path.startsWith(folder)) records.set(path.slice(folder.length, path.lastIndexOf('-')), path);
  }
  return (name, version) => {
    const path = records.get(`${name}-${version}`);
    const file = path === undefined ? undefined : tree.get(path);
    if (file === undefined) return [];
    const record = asObject(parseJson(decodeText(file.bytes, file.path).text, file.path).value);
    const license = asString(record?.['license']) ?? '';
    return license === '' ? [] : [license];
  };
}
