// SPDX-License-Identifier: Apache-2.0
// One file of the PEAR registry (`php/.registry/**.reg`): an installed PEAR or PECL package, as a serialised PHP array.
import { asObject, asString, asStrings } from '../../formats/document.ts';
import { parsePhpSerialized } from '../../formats/php-serialize.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from '../packages/cataloger.ts';

/** Reads the one package of the file as `type`; both kinds share the purl type `pear`, the channel being the namespace. */
export function pearPackage(file: SourceFile, type: 'pear' | 'pecl'): CatalogResult {
  const { value, problems } = parsePhpSerialized(file.bytes, file.path);
  const entry = asObject(value);
  const name = asString(entry?.['name']) ?? asString(entry?.['package']);
  const release = asString(asObject(entry?.['version'])?.['release']) ?? asString(entry?.['version']);
  if (name === undefined || release === undefined) {
    if (problems.length > 0) return { packages: [], problems };
    const message = 'no package name or version';
    return {
      packages: [],
      problems: [{ kind: 'schema', message, location: { path: file.path }, hidesFindings: true }],
    };
  }
  // Packages that are not from the default channel stand in a folder named after theirs.
  const channel = asString(entry?.['channel']) ?? /\/\.channel\.([^/]{1,200})\//.exec(`/${file.path}`)?.[1];
  const license = asObject(entry?.['license']);
  const licenses = license === undefined ? asStrings(entry?.['license']) : asStrings(license['_content']);
  const description = asString(entry?.['summary']);
  const purl = formatPurl({ type: 'pear', namespace: channel, name, version: release });
  const found = packageOf({
    name,
    version: release,
    type,
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: file.path }],
    licenses,
    ...(description === undefined ? {} : { facts: { description } }),
  });
  return { packages: [found], problems };
}
