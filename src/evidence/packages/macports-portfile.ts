// SPDX-License-Identifier: Apache-2.0
// MacPorts registry: var/macports/registry/portfiles/<port>-<version>_<revision>/<sha256>-<size>/Portfile. The path says it all.
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const macportsPortfile = defineCataloger({
  id: 'macports-portfile',
  title: 'macports/registry/portfiles/**/Portfile',
  ecosystems: ['macports'],
  kind: 'installed',
  files: [`**/var/macports/registry/portfiles/*-*[0-9]_[0-9]*/${'[0-9a-f]'.repeat(64)}-[0-9]*/Portfile`],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['variants', 'which port needs which'],
  },
  parse: parsePortfile,
});

function parsePortfile(file: SourceFile): CatalogResult {
  const folder = file.path.split('/').at(-3) ?? '';
  const match = /^(.{1,200})-(\d[^-]{0,100})_(\d{1,10})$/.exec(folder);
  if (match === null) return { packages: [], problems: [] };
  const [, name = '', version = '', revision = ''] = match;
  const purl = formatPurl({ type: 'macports', name, version });
  const found = packageOf({
    name,
    version,
    type: 'macports',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: file.path }],
    facts: { other: { revision } },
  });
  return { packages: [found], problems: [] };
}
