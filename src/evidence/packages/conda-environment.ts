// SPDX-License-Identifier: Apache-2.0
// environment.yml of conda: packages of conda, and under `pip:` packages of Python.

import type { Document, DocumentPath } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { parseRequirement } from '../../formats/pep508.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { packageOfRequirement } from '../package-facts/python.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const condaEnvironment = defineCataloger({
  id: 'conda-environment',
  title: 'environment.yml (conda)',
  ecosystems: ['conda', 'pypi'],
  kind: 'declared',
  files: ['**/environment.yml', '**/environment.yaml', '**/conda-environment.yml', '**/conda-environment.yaml'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: false,
    licenses: false,
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
}

function parseEnvironment(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const problems: Problem[] = [...encoding, ...document.problems];
  const environment = asObject(document.value);
  if (environment === undefined && document.problems.length === 0) {
    const message = 'not an environment: a mapping with `dependencies` is wanted';
    problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
  }
  const reading: Reading = { document, path: file.path, found: [], problems };
  for (const [index, item] of asArray(environment?.['dependencies']).entries()) {
    readDependency(item, ['dependencies', index], reading);
  }
  return { packages: withUniqueIds(reading.found), problems };
}

function readDependency(item: unknown, at: DocumentPath, reading: Reading): void {
  const place = placeOf(at, reading);
  const table = asObject(item);
  if (typeof item === 'string' && !isNumber(item)) {
    const read = matchSpec(item);
    if (read !== undefined) reading.found.push(condaPackage(read, place));
  } else if (table !== undefined && Array.isArray(table['pip'])) {
    for (const [index, text] of asArray(table['pip']).entries()) readPip(text, [...at, 'pip', index], reading);
  } else {
    const message = 'a dependency that is neither a text nor a list under `pip:`';
    reading.problems.push({ kind: 'schema', message, location: place, hidesFindings: true });
  }
}

function placeOf(at: DocumentPath, reading: Reading): Location {
  const { line } = reading.document.locate(at);
  return { path: reading.path, ...(line === undefined ? {} : { line }) };
}

function isNumber(text: string): boolean {
  return /^[0-9.]+$/.test(text);
}

function readPip(item: unknown, at: DocumentPath, reading: Reading): void {
  const location = placeOf(at, reading);
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

function condaPackage(spec: MatchSpec, location: Location): Package {
  const { channel, name, version, constraint, build } = spec;
  const purl = formatPurl({ type: 'conda', name, version, qualifiers: { build, channel } });
  return packageOf({
    name,
    version,
    type: 'conda',
    ...(purl === undefined ? {} : { purl }),
    relationship: 'direct',
    locations: [location],
    ...(constraint === '' ? {} : { constraint }),
    ...(build === undefined ? {} : { facts: { other: { build } } }),
  });
}
