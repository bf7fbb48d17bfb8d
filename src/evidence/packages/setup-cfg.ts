// SPDX-License-Identifier: Apache-2.0
// setup.cfg of setuptools: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
import type { IniValue } from '../../formats/ini.ts';
import { parseIni } from '../../formats/ini.ts';
import { parseRequirement } from '../../formats/pep508.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { packageOfRequirement, pythonProject } from '../package-facts/python.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const setupCfg = defineCataloger({
  id: 'setup-cfg',
  title: 'setup.cfg',
  ecosystems: ['pypi'],
  kind: 'declared',
  files: ['**/setup.cfg'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['requirements behind `file:`', 'versions of requirements that are not pinned (==)'],
  },
  parse: parseSetupCfg,
});

interface Reading {
  readonly path: string;
  readonly found: Package[];
  readonly problems: Problem[];
}

function parseSetupCfg(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const document = parseIni(text);
  const reading: Reading = { path: file.path, found: [], problems: [...problems] };
  const options = document.section('options');
  addAll(reading, options.get('install_requires'), 'runtime');
  addAll(reading, options.get('setup_requires'), 'build', 'setup_requires');
  addAll(reading, options.get('tests_require'), 'test', 'tests_require');
  for (const [group, list] of document.section('options.extras_require')) addAll(reading, list, 'optional', group);

  const packages = withUniqueIds(reading.found);
  const metadata = document.section('metadata');
  const name = metadata.get('name')?.[0];
  // Every tool keeps its settings in setup.cfg; without a name it describes no project.
  if (name === undefined) return { packages, problems: reading.problems };
  const version = metadata.get('version')?.[0]?.text ?? '';
  const project = {
    name: name.text,
    version: /^(?:attr|file):/.test(version) ? '' : version,
    license: metadata.get('license')?.[0]?.text,
  };
  const dependsOn = packages.map((found) => found.id);
  const root = pythonProject(project, { locations: [{ path: file.path, line: name.line }], dependsOn });
  return { packages: [root, ...packages], problems: reading.problems };
}

function addAll(reading: Reading, value: IniValue | undefined, scope: Scope, group?: string): void {
  for (const { text, line } of value ?? []) {
    const location = { path: reading.path, line };
    if (text.startsWith('file:')) {
      const message = `requirements that stand in ${text.slice('file:'.length).trim()} are not listed here`;
      reading.problems.push({ kind: 'unresolved', message, location, hidesFindings: false });
      continue;
    }
    const requirement = parseRequirement(text.replace(/\s#.*$/, ''));
    if (requirement === undefined) {
      const message = `not a requirement: ${JSON.stringify(text.slice(0, 80))}`;
      reading.problems.push({ kind: 'syntax', message, location, hidesFindings: true });
      continue;
    }
    const facts = group === undefined ? {} : { facts: { groups: [group] } };
    reading.found.push(
      packageOfRequirement(requirement, { scope, relationship: 'direct', locations: [location], ...facts }),
    );
  }
}
