// SPDX-License-Identifier: Apache-2.0
// manifest.toml of Gleam: the locked packages of a project, and which of them it asks for itself.
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { hexPackage } from '../package-facts/hex.ts';
import { withReach } from '../package-facts/reach.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const gleamManifest = defineCataloger({
  id: 'gleam-manifest',
  title: 'manifest.toml (Gleam)',
  ecosystems: ['hex'],
  kind: 'declared',
  files: ['**/manifest.toml'],
  companions: ['**/gleam.toml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['packages by path'],
  },
  parse: parseManifest,
});

function parseManifest(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const beside = tree.get(`${file.path.slice(0, -'manifest.toml'.length)}gleam.toml`);
  const document = parseToml(text, file.path);
  const manifest = document.value ?? {};
  // Other programs have a manifest.toml too; without a gleam.toml beside it only one that looks right is ours.
  const isGleam = beside !== undefined || /\bbuild_tools\s{0,8}=/.test(text);
  if (!isGleam) return { packages: [], problems: [] };
  const problems: Problem[] = [...encoding, ...document.problems];
  const rows = asArray(manifest['packages']).map((row) => asObject(row) ?? {});
  const ids = new Map(
    rows.map((row) => [asString(row['name']) ?? '', `${asString(row['name'])}@${asString(row['version'])}`]),
  );
  const lines = text.split('\n');
  const packages: Package[] = [];
  for (const row of rows) {
    const name = asString(row['name']);
    const version = asString(row['version']);
    if (name === undefined || version === undefined) {
      const message = 'a package without name or version';
      problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
      continue;
    }
    const line = lines.findIndex((item) => item.includes(`name = "${name}"`)) + 1;
    packages.push(
      hexPackage({
        name,
        version,
        location: { path: file.path, ...(line === 0 ? {} : { line }) },
        archiveChecksum: asString(row['outer_checksum']),
        repository: asString(row['repo']),
        commit: asString(row['commit']),
        dependsOn: asStrings(row['requirements'])
          .map((item) => ids.get(item))
          .filter((id) => id !== undefined),
      }),
    );
  }
  const development = beside === undefined ? new Set<string>() : developmentNames(beside);
  const direct = new Map<string, Scope>();
  for (const [name] of entriesOf(manifest['requirements'])) {
    const id = ids.get(name);
    if (id !== undefined) direct.set(id, development.has(name) ? 'development' : 'runtime');
  }
  return { packages: withReach(packages, direct), problems };
}

/** Names that gleam.toml asks for in development only. */
function developmentNames(file: SourceFile): Set<string> {
  const value = parseToml(decodeText(file.bytes, file.path).text, file.path).value ?? {};
  const runtime = new Set(entriesOf(value['dependencies']).map(([name]) => name));
  const tables = [value['dev-dependencies'], value['dev_dependencies']];
  return new Set(
    tables.flatMap((table) => entriesOf(table).map(([name]) => name)).filter((name) => !runtime.has(name)),
  );
}
