// SPDX-License-Identifier: Apache-2.0
// *.rockspec of LuaRocks: the rock and what it needs. Installed ones lie in `rocks-5.x/NAME/VERSION/`.
// https://github.com/luarocks/luarocks/blob/main/docs/rockspec_format.md

import { asObject, asString, asStrings } from '../../formats/document.ts';
import type { LuaDocument, LuaValue } from '../../formats/lua-data.ts';
import { parseLuaData } from '../../formats/lua-data.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { rockDependency, rockPackage } from '../package-facts/luarocks.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const rockspec = defineCataloger({
  id: 'rockspec',
  title: '*.rockspec (LuaRocks)',
  ecosystems: ['luarocks'],
  kind: 'declared',
  files: ['**/*.rockspec'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['versions of dependencies that are not exact (==)', 'fields that the file computes'],
  },
  parse: parseRockspec,
});

const lists: readonly (readonly [field: string, scope: Scope])[] = [
  ['dependencies', 'runtime'],
  ['build_dependencies', 'build'],
  ['test_dependencies', 'test'],
];

function parseRockspec(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseLuaData(text, file.path);
  const problems = [...encoding, ...document.problems];
  // In a tree of installed rocks LuaRocks itself goes by the folders.
  const installed = installedIdentity(file.path);
  const name = installed?.name ?? asString(document.globals.get('package'));
  const version = installed?.version ?? asString(document.globals.get('version'));
  if (name === undefined || version === undefined) return { packages: [], problems };
  const description = asObject(document.globals.get('description'));
  const license = asString(description?.['license']);
  const facts = factsOf(document);
  const own = rockPackage({
    name,
    version,
    relationship: installed === undefined ? 'root' : 'unknown',
    locations: [{ path: file.path, line: document.lineOf('package') ?? 1 }],
    licenses: license === undefined ? [] : [license],
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
  // In a tree of installed rocks every dependency has a rockspec of its own.
  if (installed !== undefined) return { packages: [own], problems };
  const needs = withUniqueIds(lists.flatMap(([field, scope]) => needsOf(document, { field, scope, path: file.path })));
  return { packages: [{ ...own, dependsOn: needs.map((item) => item.id) }, ...needs], problems };
}

/** Folder convention of LuaRocks trees: `rocks-5.4/name/version/name-version.rockspec`. */
function installedIdentity(path: string): { name: string; version: string } | undefined {
  const [tree = '', name = '', version = ''] = path.split('/').slice(-4);
  return /^rocks-\d+\.\d+$/.test(tree) && path.split('/').length >= 4 ? { name, version } : undefined;
}

function needsOf(document: LuaDocument, list: { field: string; scope: Scope; path: string }): Package[] {
  const value: LuaValue | undefined = document.globals.get(list.field);
  const line = document.lineOf(list.field);
  return asStrings(value).flatMap((text) => {
    const { name, constraint } = rockDependency(text);
    // Lua itself is no rock.
    if (name === '' || name === 'lua') return [];
    const version = /^==\s*([^\s,]+)$/.exec(constraint)?.[1] ?? '';
    return rockPackage({
      name,
      version,
      scope: list.scope,
      relationship: 'direct',
      locations: [{ path: list.path, ...(line === undefined ? {} : { line }) }],
      ...(constraint === '' ? {} : { constraint }),
    });
  });
}

function factsOf(document: LuaDocument): PackageFacts {
  const description = asObject(document.globals.get('description'));
  const source = asObject(document.globals.get('source'));
  const summary = asString(description?.['summary']);
  const homepage = asString(description?.['homepage']);
  const url = asString(source?.['url']);
  const isRepository = url !== undefined && /^(?:git|hg|svn)[+:]/.test(url);
  return {
    ...(summary === undefined ? {} : { description: summary }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(url === undefined ? {} : isRepository ? { repository: url } : { downloadUrl: url }),
  };
}
