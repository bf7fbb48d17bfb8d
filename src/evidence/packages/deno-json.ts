// SPDX-License-Identifier: Apache-2.0
// deno.json and deno.jsonc: the import map's npm and JSR specifiers, where no deno.lock beside them tells the versions.
import type { Document } from '../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { condenseForNode, folderOf, nodeCompanions, pathIn } from '../package-facts/node-companions.ts';
import { jsrPurl, npmPurl } from '../package-facts/npm.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const denoJson = defineCataloger({
  id: 'deno-json',
  title: 'deno.json, deno.jsonc without deno.lock',
  ecosystems: ['npm', 'jsr'],
  kind: 'declared',
  files: ['**/deno.json', '**/deno.jsonc'],
  except: ['**/node_modules/**'],
  companions: nodeCompanions,
  condense: condenseForNode,
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: [
      'specifiers that stand in source files',
      'modules imported by address',
      'versions of requirements that are ranges',
    ],
  },
  parse,
});

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path, { syntax: 'relaxed' });
  const problems = [...encoding, ...document.problems];
  const value = asObject(document.value);
  if (value === undefined || tree.get(pathIn(folderOf(file.path), 'deno.lock')) !== undefined)
    return { packages: [], problems };
  const needed = entriesOf(value['imports'])
    .map(([key, item]) => requirement(asString(item) ?? '', key, document))
    .filter((item) => item !== undefined);
  const packages = mergePackages(needed);
  const name = asString(value['name']) ?? '';
  const version = asString(value['version']) ?? '';
  if (name === '') return { packages, problems };
  const locations = [document.locate(['name'])];
  const dependsOn = packages.map((item) => item.id);
  const id = `${name}@${version} (root)`;
  return {
    packages: [packageOf({ id, name, version, type: 'jsr', relationship: 'root', locations, dependsOn }), ...packages],
    problems,
  };
}

/** `npm:chalk@1`, `jsr:@std/path@^1/posix`. */
function requirement(specifier: string, key: string, document: Document): Package | undefined {
  const match = /^(npm|jsr):\/?((?:@[^@/]{1,200}\/)?[^@/]{1,200})(?:@([^/]{1,200}))?(?:\/.*)?$/.exec(specifier);
  const name = match?.[2];
  if (match === null || name === undefined) return undefined;
  const constraint = match[3] ?? '';
  const version = /^v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]{1,200})?$/.test(constraint) ? constraint : '';
  const type = match[1] === 'jsr' ? 'jsr' : 'npm';
  const purl = type === 'jsr' ? jsrPurl(name, version) : npmPurl(name, version);
  return packageOf({
    id: `${type}:${name}@${constraint}`,
    name,
    version,
    type,
    ...(purl === undefined ? {} : { purl }),
    relationship: 'direct',
    locations: [document.locate(['imports', key])],
    constraint,
  });
}
