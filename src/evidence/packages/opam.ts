// SPDX-License-Identifier: Apache-2.0
// opam files of OCaml: `NAME.opam` and `opam` describe a package and what it needs, `NAME.opam.locked` the same with exact versions.
// https://opam.ocaml.org/doc/Manual.html#opam
import type { OpamFile, OpamValue } from '../../formats/opam-file.ts';
import { parseOpamFile, textsOf } from '../../formats/opam-file.ts';
import { decodeText } from '../../formats/text.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { opamIdentity, opamPackage } from '../package-facts/opam.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const opam = defineCataloger({
  id: 'opam',
  title: 'opam files',
  ecosystems: ['opam'],
  kind: 'declared',
  files: ['**/opam', '**/*.opam', '**/*.opam.locked'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: true,
    digests: true,
    lines: true,
    gaps: ['versions of dependencies, except in *.opam.locked', 'alternatives (`"a" | "b"`) are all listed'],
  },
  parse: parseOpam,
});

function parseOpam(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseOpamFile(text, file.path);
  const problems = [...encoding, ...document.problems];
  const identity = identityOf(file.path, document);
  const needs = withUniqueIds(needsOf(document.fields.get('depends') ?? [], file.path));
  if (identity === undefined) return { packages: needs, problems };
  const own = opamPackage({
    ...identity,
    relationship: 'root',
    locations: [{ path: file.path, line: 1 }],
    licenses: textsOf(document.fields.get('license')),
    digests: digestsOf(document),
    dependsOn: needs.map((item) => item.id),
    facts: factsOf(document),
  });
  // `packages/name.version/opam` is a package of a repository or a switch: what it needs is listed there by files of its own.
  if (isPublished(file.path)) return { packages: [{ ...own, relationship: 'unknown', dependsOn: [] }], problems };
  return { packages: [{ ...own, id: `${own.id} (project)` }, ...needs], problems };
}

function isPublished(path: string): boolean {
  const folder = path.split('/').at(-2) ?? '';
  return path.endsWith('/opam') && opamIdentity(folder) !== undefined;
}

/** Fields `name` and `version`, else the file's or folder's name. */
function identityOf(path: string, document: OpamFile): { name: string; version: string } | undefined {
  const [folder = '', base = ''] = ['', ...path.split('/')].slice(-2);
  const published = isPublished(path) ? opamIdentity(folder) : undefined;
  const name = textsOf(document.fields.get('name'))[0] ?? published?.name ?? base.replace(/\.?opam(?:\.locked)?$/, '');
  const version = textsOf(document.fields.get('version'))[0] ?? published?.version ?? '';
  return name === '' ? undefined : { name, version };
}

/** `"dune" {>= "3.0"}` is a text and an option; operators between them, and groups, do not change what is named. */
function needsOf(values: readonly OpamValue[], path: string): readonly Package[] {
  const found: Package[] = [];
  for (const [index, value] of values.entries()) {
    if (value.kind === 'list' || value.kind === 'group') found.push(...needsOf(value.items, path));
    if (value.kind !== 'text') continue;
    const next = values[index + 1];
    const option = next?.kind === 'option' ? next.items : [];
    const words = option.flatMap((item) => (item.kind === 'word' ? [item.text] : []));
    const constraint = constraintOf(option);
    found.push(
      opamPackage({
        name: value.text,
        version: /^= (\S+)$/.exec(constraint)?.[1] ?? '',
        scope: scopeOf(words),
        relationship: 'direct',
        locations: [{ path, line: value.line }],
        ...(constraint === '' ? {} : { constraint }),
      }),
    );
  }
  return found;
}

function scopeOf(words: readonly string[]): Scope {
  if (words.includes('with-test')) return 'test';
  if (words.includes('with-doc') || words.includes('with-dev-setup')) return 'development';
  return words.includes('build') ? 'build' : 'runtime';
}

/** Version comparisons of an option: `>= "1.0" & < "2"` gives `>= 1.0 & < 2`. */
function constraintOf(items: readonly OpamValue[]): string {
  const parts: string[] = [];
  for (const [index, item] of items.entries()) {
    const next = items[index + 1];
    const isComparison = item.kind === 'word' && /^(?:=|!=|<|<=|>|>=)$/.test(item.text) && next?.kind === 'text';
    if (isComparison) parts.push(`${item.text} ${next.text}`);
  }
  return parts.join(' & ');
}

/** `url { src: "…" checksum: ["sha256=…"] }`. */
function digestsOf(document: OpamFile): readonly Digest[] {
  const checksums = textsOf(document.fields.get('url.checksum'));
  const digests = checksums.map((checksum) => {
    const at = checksum.indexOf('=');
    return digestOf(checksum.slice(0, at), checksum.slice(at + 1));
  });
  return digests.filter((digest) => digest !== undefined);
}

function factsOf(document: OpamFile): PackageFacts {
  const text = (field: string): string | undefined => textsOf(document.fields.get(field))[0];
  const description = text('synopsis');
  const homepage = text('homepage');
  const downloadUrl = text('url.src') ?? text('url.archive');
  const repository = text('dev-repo');
  const author = textsOf(document.fields.get('authors')).join(', ');
  return {
    ...(description === undefined ? {} : { description }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
    ...(repository === undefined ? {} : { repository }),
    ...(author === '' ? {} : { author }),
  };
}
