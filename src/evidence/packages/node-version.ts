// SPDX-License-Identifier: Apache-2.0
// .node-version and .nvmrc: the Node.js a project runs on.
import { decodeText } from '../../formats/text.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const nodeVersion = defineCataloger({
  id: 'node-version',
  title: '.node-version, .nvmrc',
  ecosystems: ['generic'],
  kind: 'declared',
  files: ['**/.node-version', '**/.nvmrc'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['names such as `lts/iron`, and prefixes'],
  },
  parse: parseVersionFile,
});

function parseVersionFile(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  for (const [index, raw] of text.split('\n').entries()) {
    const constraint = raw.replace(/#.*$/, '').trim();
    if (constraint === '' || constraint.length > 100) continue;
    const version = /^v?(\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,60})$/.exec(constraint)?.[1] ?? '';
    const purl = formatPurl({ type: 'generic', name: 'node', version });
    const found = packageOf({
      name: 'node',
      version,
      type: 'generic',
      ...(purl === undefined ? {} : { purl }),
      relationship: 'direct',
      locations: [{ path: file.path, line: index + 1 }],
      constraint,
    });
    return { packages: [found], problems };
  }
  return { packages: [], problems };
}
