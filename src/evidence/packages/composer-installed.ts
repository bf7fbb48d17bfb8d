// SPDX-License-Identifier: Apache-2.0
// vendor/composer/installed.json, written by Composer 1 (a list) and 2 (an object): the PHP packages present on disk.
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { ComposerEntry } from '../package-facts/composer-package.ts';
import { composerPackages } from '../package-facts/composer-package.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const composerInstalled = defineCataloger({
  id: 'composer-installed',
  title: 'vendor/composer/installed.json',
  ecosystems: ['composer'],
  kind: 'installed',
  files: ['**/installed.json'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: true,
    digests: true,
    lines: true,
    gaps: ['which packages the project asks for itself', 'Composer 1 does not record development packages'],
  },
  parse: parseInstalled,
});

function parseInstalled(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const object = asObject(document.value);
  const list = asArray(object === undefined ? document.value : object['packages']);
  const development = new Set(asStrings(object?.['dev-package-names']));
  const entries = list.flatMap((value, index): ComposerEntry[] => {
    const name = asString(asObject(value)?.['name']);
    // Other programs have an installed.json too: an entry that is not `vendor/name` is none of Composer's.
    if (name?.includes('/') !== true) return [];
    const scope = development.has(name) ? 'development' : 'runtime';
    return [{ value, scope, location: document.locate(object === undefined ? [index] : ['packages', index]) }];
  });
  const read = composerPackages(entries);
  return { packages: read.packages, problems: [...problems, ...document.problems, ...read.problems] };
}
