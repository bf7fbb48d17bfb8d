// SPDX-License-Identifier: Apache-2.0
// NetScaler appliances: the build that their boot and configuration files name.
import { decodeText } from '../../formats/text.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

const names = ['ns.conf', 'loader.conf', 'nsversion'];

export const netscaler = defineCataloger({
  id: 'netscaler',
  title: 'ns.conf, loader.conf, nsversion',
  ecosystems: ['generic'],
  kind: 'installed',
  files: [...names, ...names.map((name) => name.toUpperCase())].map((name) => `**/${name}`).concat('**/ns-*.gz'),
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['parts of the appliance'],
  },
  parse: parseNetscaler,
});

const builds = [
  /\bns-(\d{1,4}\.\d{1,4}-\d{1,6}\.\d{1,6})\b/i,
  /\bNS(\d{1,4}\.\d{1,4})[:,]?\s{1,8}Build[\s:]{1,8}(\d{1,6}\.\d{1,6})\b/i,
];

function parseNetscaler(file: SourceFile): CatalogResult {
  const base = file.path.slice(file.path.lastIndexOf('/') + 1);
  const isKernel = base.endsWith('.gz');
  const text = isKernel ? base : decodeText(file.bytes, file.path).text;
  for (const [index, line] of text.split('\n').entries()) {
    for (const pattern of builds) {
      const [, release, build] = pattern.exec(line.slice(0, 1_000)) ?? [];
      if (release === undefined) continue;
      const version = build === undefined ? release : `${release}-${build}`;
      const location = { path: file.path, ...(isKernel ? {} : { line: index + 1 }) };
      return {
        packages: [packageOf({ name: 'NetScaler', version, type: 'generic', locations: [location] })],
        problems: [],
      };
    }
  }
  return { packages: [], problems: [] };
}
