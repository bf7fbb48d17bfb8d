// SPDX-License-Identifier: Apache-2.0
// setup.py of setuptools, read as text: literal arguments of `setup(…)` and the lists they name. The script is never run.

import { parseRequirement } from '../../formats/pep508.ts';
import type { PythonModule, PythonValue } from '../../formats/python-literal.ts';
import { parsePythonLiterals } from '../../formats/python-literal.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { packageOfRequirement, pythonProject } from '../package-facts/python.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const setupPy = defineCataloger({
  id: 'setup-py',
  title: 'setup.py',
  ecosystems: ['pypi'],
  kind: 'declared',
  files: ['**/setup.py'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'dependencies that the script computes or reads from a file',
      'versions of requirements that are not pinned (==)',
    ],
  },
  parse: parseSetupPy,
});

interface Reading {
  readonly module: PythonModule;
  readonly path: string;
  readonly found: Package[];
  readonly problems: Problem[];
  /** Lines of expressions that are not literal. */
  readonly computed: Set<number>;
}

const lists: readonly (readonly [keyword: string, scope: Scope])[] = [
  ['install_requires', 'runtime'],
  ['requires', 'runtime'],
  ['setup_requires', 'build'],
  ['tests_require', 'test'],
];

function parseSetupPy(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const module = parsePythonLiterals(text, 'setup');
  const reading: Reading = { module, path: file.path, found: [], problems: [...problems], computed: new Set() };
  let root: Package | undefined;
  for (const call of module.calls) {
    const keywords = new Map(call.keywords);
    for (const value of call.spread) addSpread(keywords, value, module);
    root ??= projectOf(keywords, reading, call.line);
    for (const [keyword, scope] of lists) addAll(reading, keywords.get(keyword), { scope });
    addExtras(reading, keywords.get('extras_require'));
  }
  reportComputed(reading, text);
  const packages = withUniqueIds(reading.found);
  if (root === undefined) return { packages, problems: reading.problems };
  return {
    packages: [{ ...root, dependsOn: packages.map((item) => item.id) }, ...packages],
    problems: reading.problems,
  };
}

/** `setup(**config)` with `config = {"install_requires": […]}`. */
function addSpread(keywords: Map<string, PythonValue>, value: PythonValue, module: PythonModule): void {
  const table = value.kind === 'name' ? module.assignments.get(value.name) : value;
  for (const { key, value: entry } of table?.kind === 'table' ? table.entries : []) {
    if (key.kind === 'text') keywords.set(key.text, entry);
  }
}

function projectOf(keywords: ReadonlyMap<string, PythonValue>, reading: Reading, line: number): Package | undefined {
  const text = (key: string): string | undefined => {
    const value = keywords.get(key);
    const named = value?.kind === 'name' ? reading.module.assignments.get(value.name) : value;
    return named?.kind === 'text' ? named.text : undefined;
  };
  const name = text('name');
  if (name === undefined) return undefined;
  const project = { name, version: text('version') ?? '', license: text('license') };
  return pythonProject(project, { locations: [{ path: reading.path, line }] });
}

function addAll(
  reading: Reading,
  value: PythonValue | undefined,
  wanted: { readonly scope: Scope; readonly group?: string },
): void {
  for (const { text, line } of textsOf(value, reading, 0)) {
    // Several requirements in one text stand on lines of their own.
    for (const part of text.split('\n')) {
      if (part.trim() === '' || part.trim().startsWith('#')) continue;
      const location = { path: reading.path, line };
      const requirement = parseRequirement(part);
      if (requirement === undefined) {
        const message = `not a requirement: ${JSON.stringify(part.slice(0, 80))}`;
        reading.problems.push({ kind: 'syntax', message, location, hidesFindings: true });
        continue;
      }
      const facts = wanted.group === undefined ? {} : { facts: { groups: [wanted.group] } };
      const { scope } = wanted;
      reading.found.push(
        packageOfRequirement(requirement, { scope, relationship: 'direct', locations: [location], ...facts }),
      );
    }
  }
}

/** `{"extra": […], "extra:marker": […]}`. */
function addExtras(reading: Reading, value: PythonValue | undefined): void {
  const table = value?.kind === 'name' ? reading.module.assignments.get(value.name) : value;
  if (table === undefined) return;
  if (table.kind !== 'table') {
    reading.computed.add(table.line);
    return;
  }
  for (const { key, value: list } of table.entries) {
    const group = key.kind === 'text' ? (key.text.split(':')[0] ?? '') : '';
    addAll(reading, list, group === '' ? { scope: 'optional' } : { scope: 'optional', group });
  }
}

const deepestNames = 20;

/** All texts of a value; what is not literal is remembered, and the literal lists inside it are still read. */
function textsOf(value: PythonValue | undefined, reading: Reading, depth: number): { text: string; line: number }[] {
  if (value === undefined || depth > deepestNames) return [];
  if (value.kind === 'text') return [{ text: value.text, line: value.line }];
  if (value.kind === 'name') {
    const named = reading.module.assignments.get(value.name);
    if (named === undefined) reading.computed.add(value.line);
    return textsOf(named, reading, depth + 1);
  }
  if (value.kind === 'computed') reading.computed.add(value.line);
  const parts =
    value.kind === 'list'
      ? value.items
      : value.kind === 'table'
        ? value.entries.map((entry) => entry.value)
        : value.parts;
  return parts.flatMap((part) => textsOf(part, reading, depth + 1));
}

function reportComputed(reading: Reading, source: string): void {
  // Where the script reads a requirements file, that file is cataloged by itself.
  const readsFile = /requirements[\w/.-]*\.(?:txt|in)/.test(source);
  for (const line of [...reading.computed].sort((a, b) => a - b)) {
    const message = 'dependencies that the script computes are not read; it is not run';
    reading.problems.push({
      kind: 'unresolved',
      message,
      location: { path: reading.path, line },
      hidesFindings: !readsFile,
    });
  }
}
