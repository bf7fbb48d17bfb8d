// SPDX-License-Identifier: Apache-2.0
// ProgramData/chocolatey/lib/*/*.nuspec: packages that Chocolatey installed on Windows.
import { decodeText } from '../../formats/text.ts';
import { childOf, childText, parseXml } from '../../formats/xml.ts';
import type { PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const chocolateyInstalled = defineCataloger({
  id: 'chocolatey-installed',
  title: 'ProgramData/chocolatey/lib/*/*.nuspec',
  ecosystems: ['chocolatey'],
  kind: 'installed',
  files: ['ProgramData/chocolatey/lib/*/*.nuspec'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['what a package installs outside its folder'],
  },
  parse: parseNuspec,
});

function parseNuspec(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const { root, problems: broken } = parseXml(text, file.path);
  const problems = [...encoding, ...broken];
  const metadata = childOf(root, 'metadata');
  const name = childText(metadata, 'id');
  if (name === undefined) return { packages: [], problems };
  const version = childText(metadata, 'version') ?? '';
  const purl = formatPurl({ type: 'chocolatey', name: name.toLowerCase(), version });
  const facts = {
    description: childText(metadata, 'summary'),
    homepage: childText(metadata, 'projectUrl'),
    author: childText(metadata, 'authors'),
  };
  const found = packageOf({
    name,
    version,
    type: 'chocolatey',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: file.path, line: childOf(metadata, 'id')?.line ?? 1 }],
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) satisfies PackageFacts,
  });
  return { packages: [found], problems };
}
