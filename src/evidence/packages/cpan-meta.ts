// SPDX-License-Identifier: Apache-2.0
// META.json and META.yml of unpacked Perl distributions, and MYMETA.json which cpanm keeps for installed ones.
// Their format is CPAN::Meta::Spec, versions 1 and 2.
import type { Document, JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { PackageFacts } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { cpanPackage } from '../package-facts/cpan.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const cpanMeta = defineCataloger({
  id: 'cpan-meta',
  title: 'META.json, META.yml (Perl)',
  ecosystems: ['cpan'],
  kind: 'installed',
  files: ['**/META.json', '**/META.yml', '**/.meta/*/MYMETA.json'],
  companions: ['**/META.json'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['prerequisites: they are modules, and the file does not say which distribution holds one'],
  },
  parse: parseMeta,
});

function parseMeta(file: SourceFile, tree: CompanionFiles): CatalogResult {
  // Both files describe one distribution; the JSON form is the newer and fuller one.
  if (file.path.endsWith('.yml') && tree.get(file.path.replace(/\.yml$/, '.json')) !== undefined) {
    return { packages: [], problems: [] };
  }
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const isJson = file.path.endsWith('.json');
  const document = isJson ? parseJson(text, file.path) : parseYamlDocument(text, file.path, { resolver: 'strings' });
  const problems: Problem[] = [...encoding, ...document.problems];
  const row = asObject(document.value);
  if (row === undefined) {
    const message = 'not the metadata of a Perl distribution: an object is wanted';
    if (document.problems.length === 0) {
      problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
    }
    return { packages: [], problems };
  }
  const name = asString(row['name']);
  const version = versionOf(row['version']);
  if (name === undefined || name === '' || version === '' || !isPerl(row)) return { packages: [], problems };
  const location = { path: file.path, ...lineOf(document) };
  const item = cpanPackage({
    name,
    version,
    locations: [location],
    licenses: licensesOf(row),
    facts: factsOf(row),
  });
  return { packages: [item], problems };
}

/** Other tools took over the file name: the spec's own address tells them apart (PGXN uses its own). */
function isPerl(row: JsonObject): boolean {
  const spec = asString(asObject(row['meta-spec'])?.['url']) ?? '';
  return !spec.includes('pgxn');
}

function versionOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : (asString(value) ?? '');
}

function lineOf(document: Document): { line?: number } {
  const { line } = document.locate(['name']);
  return line === undefined ? {} : { line };
}

/** `x_spdx_expression` where a build tool gives it, else the words of the spec. */
function licensesOf(row: JsonObject): readonly string[] {
  const expression = asString(row['x_spdx_expression']);
  if (expression !== undefined) return [expression];
  return asStrings(row['license']).filter((license) => license !== 'unknown');
}

function factsOf(row: JsonObject): PackageFacts {
  const description = asString(row['abstract']);
  const author = asStrings(row['author']).join(', ');
  const resources = asObject(row['resources']);
  const homepage = asString(resources?.['homepage']);
  const repository = asString(resources?.['repository']) ?? asString(asObject(resources?.['repository'])?.['url']);
  return {
    ...(description === undefined ? {} : { description }),
    ...(author === '' ? {} : { author }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(repository === undefined ? {} : { repository }),
  };
}
