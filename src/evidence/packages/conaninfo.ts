// SPDX-License-Identifier: Apache-2.0
// conaninfo.txt of an installed Conan 1 package: the folders above it name the package, `[full_requires]` what it was built with.
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { conanPackage, parseConanReference } from '../package-facts/conan-reference.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const conaninfo = defineCataloger({
  id: 'conaninfo',
  title: 'conaninfo.txt',
  ecosystems: ['conan'],
  kind: 'installed',
  files: ['**/conaninfo.txt'],
  capabilities: {
    versions: 'exact',
    dependencies: 'direct',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['the name of a package of Conan 2, whose folders are hashes'],
  },
  parse: parseConaninfo,
});

function parseConaninfo(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const needed = new Map<string, Package>();
  let section = '';
  let hash: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line.startsWith('[')) section = line;
    else if (section === '[recipe_hash]' && line !== '') hash = line;
    const reference = section === '[full_requires]' ? parseConanReference(line) : undefined;
    if (reference === undefined) continue;
    const item = conanPackage(reference, { location: { path: file.path, line: index + 1 } });
    if (!needed.has(item.id)) needed.set(item.id, item);
  }
  const own = ownPackage(file.path, hash, [...needed.keys()]);
  return { packages: [...(own === undefined ? [] : [own]), ...needed.values()], problems };
}

/** `<name>/<version>/<user>/<channel>/package/<package id>/conaninfo.txt`, `_` standing for no user and channel. */
function ownPackage(path: string, hash: string | undefined, dependsOn: readonly string[]): Package | undefined {
  const segments = path.split('/').slice(-7);
  const [name, version, user, channel, folder, id] = segments;
  if (segments.length < 7 || folder !== 'package') return undefined;
  const revision = hash === undefined ? '' : `#${hash}`;
  const reference = parseConanReference(`${name}/${version}@${user}/${channel}${revision}:${id}`);
  return reference === undefined ? undefined : conanPackage(reference, { location: { path }, dependsOn });
}
