// SPDX-License-Identifier: Apache-2.0
// pyproject.toml: the project and what it asks for (PEP 621, PEP 735, Poetry, PDM, build system).
import { decodeText } from '../../formats/text.ts';
import type { TomlDocument } from '../../formats/toml.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { Pyproject, PyprojectNeed } from '../package-facts/pyproject.ts';
import { readPyproject } from '../package-facts/pyproject.ts';
import { packageOfRequirement, pythonProject } from '../package-facts/python.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pyproject = defineCataloger({
  id: 'pyproject',
  title: 'pyproject.toml',
  ecosystems: ['pypi'],
  kind: 'declared',
  files: ['**/pyproject.toml'],
  yieldsTo: ['poetry-lock', 'pdm-lock', 'uv-lock', 'pylock', 'pipfile-lock'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'dependencies that a build backend computes (`dynamic`)',
      'versions of requirements that are not pinned (==)',
    ],
  },
  parse: parsePyproject,
});

function parsePyproject(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const project = readPyproject(document.value);
  const lines = new RequirementLines(text, file.path);
  for (const unreadable of project.unreadable) {
    const message = `not a requirement: ${JSON.stringify(unreadable.slice(0, 80))}`;
    problems.push({ kind: 'syntax', message, location: lines.locate(unreadable), hidesFindings: true });
  }
  const packages = withUniqueIds(project.needs.map((need) => packageOfNeed(need, lines)));
  const root = rootOf(project, document, file.path);
  if (root === undefined) return { packages, problems };
  const dependsOn = packages.map((item) => item.id);
  return { packages: [{ ...root, dependsOn }, ...packages], problems };
}

function packageOfNeed(need: PyprojectNeed, lines: RequirementLines): Package {
  const { requirement, scope, group, commit } = need;
  const facts = {
    ...(commit === undefined ? {} : { commit }),
    ...(group === undefined ? {} : { groups: [group] }),
  };
  const location = lines.locate(need.written);
  return packageOfRequirement(requirement, { scope, relationship: 'direct', locations: [location], facts });
}

function rootOf(project: Pyproject, document: TomlDocument, path: string): Package | undefined {
  if (project.name === undefined) return undefined;
  const line = document.headerLines('project')[0] ?? document.headerLines('tool.poetry')[0];
  const { name, version = '', license, description } = project;
  return pythonProject(
    { name, version, license },
    {
      locations: [{ path, ...(line === undefined ? {} : { line }) }],
      ...(description === undefined ? {} : { facts: { description } }),
    },
  );
}

const longestLine = 2_000;

/** Finds the line of a quoted requirement, or of a key of Poetry's tables. A text that stands twice has its first line. */
class RequirementLines {
  readonly #path: string;
  readonly #lines = new Map<string, number>();

  constructor(text: string, path: string) {
    this.#path = path;
    for (const [index, line] of text.split('\n').entries()) {
      if (line.length > longestLine) continue;
      const key = /^\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9._-]+))\s*=/.exec(line);
      this.#add(key?.[1] ?? key?.[2] ?? key?.[3], index + 1);
      for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)) {
        this.#add(match[2] ?? match[1]?.replaceAll('\\"', '"'), index + 1);
      }
    }
  }

  #add(text: string | undefined, line: number): void {
    if (text !== undefined && !this.#lines.has(text)) this.#lines.set(text, line);
  }

  locate(text: string): Location {
    const line = this.#lines.get(text);
    return line === undefined ? { path: this.#path } : { path: this.#path, line };
  }
}
