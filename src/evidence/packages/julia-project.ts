// SPDX-License-Identifier: Apache-2.0
// Project.toml of Julia: the package or project itself, and what it asks for with its compatibility bounds.
// https://pkgdocs.julialang.org/v1/toml-files/#Project.toml
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Package, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { juliaPurl } from '../package-facts/julia.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const juliaProject = defineCataloger({
  id: 'julia-project',
  title: 'Project.toml (Julia)',
  ecosystems: ['julia'],
  kind: 'declared',
  files: ['**/Project.toml', '**/JuliaProject.toml'],
  yieldsTo: ['julia-manifest'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['versions: only the bounds under [compat] are listed'],
  },
  parse: parseProject,
});

const sections: readonly (readonly [table: string, scope: Scope])[] = [
  ['deps', 'runtime'],
  ['weakdeps', 'optional'],
  ['extras', 'test'],
];

function parseProject(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const value = document.value ?? {};
  const compat = asObject(value['compat']) ?? {};
  const found = new Map<string, Package>();
  for (const [table, scope] of sections) {
    const header = document.headerLines(table)[0];
    for (const [name, id] of entriesOf(value[table])) {
      const uuid = asString(id);
      if (uuid === undefined || found.has(uuid)) continue;
      const line = header === undefined ? undefined : document.keyLine(name, header);
      const constraint = asString(compat[name]);
      const purl = juliaPurl(name, '', uuid);
      const item = packageOf({
        id: uuid,
        name,
        version: '',
        type: 'julia',
        ...(purl === undefined ? {} : { purl }),
        scope,
        relationship: 'direct',
        locations: [{ path: file.path, ...(line === undefined ? {} : { line }) }],
        ...(constraint === undefined ? {} : { constraint }),
      });
      found.set(uuid, item);
    }
  }
  const packages = [...found.values()];
  const all = [...problems, ...document.problems];
  const name = asString(value['name']);
  const version = asString(value['version']);
  if (name === undefined || version === undefined) return { packages, problems: all };
  const purl = juliaPurl(name, version, asString(value['uuid']));
  const root = packageOf({
    name,
    version,
    type: 'julia',
    ...(purl === undefined ? {} : { purl }),
    relationship: 'root',
    locations: [{ path: file.path, line: document.keyLine('name', 0) ?? 1 }],
    dependsOn: packages.map((item) => item.id),
  });
  return { packages: [root, ...packages], problems: all };
}
