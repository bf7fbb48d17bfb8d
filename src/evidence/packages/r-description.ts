// SPDX-License-Identifier: Apache-2.0
// DESCRIPTION files of R packages: installed ones (they have a `Built` field) and the project itself.

import type { HeaderFields } from '../../formats/header-fields.ts';
import { parseHeaderFields } from '../../formats/header-fields.ts';
import { decodeText } from '../../formats/text.ts';
import type { PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { linkedByName } from '../package-facts/link.ts';
import { cranPurl, licensesInDcf, namesInDcf } from '../package-facts/r.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const rDescription = defineCataloger({
  id: 'r-description',
  title: 'DESCRIPTION (R)',
  ecosystems: ['cran'],
  kind: 'installed',
  files: ['**/DESCRIPTION'],
  gather: {
    // library/NAME/DESCRIPTION: the library.
    placeOf: (path) => path.split('/').slice(0, -2).join('/') || '.',
    link: (packages) => linkedByName(packages, (name) => name),
  },
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['packages of other libraries that R also sees (the base library)'],
  },
  parse: parseDescription,
});

function parseDescription(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const fields = parseHeaderFields(text);
  const name = fields.first('Package') ?? '';
  const version = fields.first('Version') ?? '';
  // Other programs use the file name too; only R's files have both fields.
  if (name === '' || version === '') return { packages: [], problems };
  const purl = cranPurl(name, version);
  const line = fields.lineOf('Package');
  const license = fields.first('License');
  const item = packageOf({
    name,
    version,
    type: 'cran',
    ...(purl === undefined ? {} : { purl }),
    // An installed package has been built; a DESCRIPTION without that is the source of a package.
    relationship: fields.first('Built') === undefined ? 'root' : 'unknown',
    locations: [{ path: file.path, ...(line === undefined ? {} : { line }) }],
    licenses: license === undefined ? [] : licensesInDcf(license),
    dependsOn: ['Depends', 'Imports', 'LinkingTo'].flatMap((field) => namesInDcf(fields.first(field) ?? '')),
    facts: factsOf(fields),
  });
  return { packages: [item], problems };
}

function factsOf(fields: HeaderFields): PackageFacts {
  const description = fields.first('Title')?.replaceAll('\n', ' ');
  const homepage = fields.first('URL')?.split(/[,\s]/)[0];
  const author = fields.first('Author')?.replaceAll('\n', ' ');
  const commit = fields.first('RemoteSha');
  const archive = fields.first('Repository');
  return {
    ...(description === undefined ? {} : { description }),
    ...(homepage === undefined || homepage === '' ? {} : { homepage }),
    ...(author === undefined ? {} : { author }),
    ...(commit === undefined || !/^[0-9a-f]{40}$/.test(commit) ? {} : { commit }),
    ...(archive === undefined ? {} : { other: { repository: archive } }),
  };
}
