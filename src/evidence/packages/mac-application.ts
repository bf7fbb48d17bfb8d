// SPDX-License-Identifier: Apache-2.0
// Applications/*.app/Contents/Info.plist: macOS applications.
// https://developer.apple.com/documentation/bundleresources/information-property-list
import { asObject, asString } from '../../formats/document.ts';
import { parsePropertyList } from '../../formats/plist.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const macApplication = defineCataloger({
  id: 'mac-application',
  title: 'Applications/*/Contents/Info.plist',
  ecosystems: ['macapps'],
  kind: 'installed',
  files: ['Applications/*/Contents/Info.plist', 'Applications/Utilities/*/Contents/Info.plist'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['helper applications and frameworks inside an application'],
  },
  parse: parseApplication,
});

function parseApplication(file: SourceFile): CatalogResult {
  const { value, problems } = parsePropertyList(file.bytes, file.path);
  const fields = asObject(value);
  const field = (key: string): string | undefined => asString(fields?.[key])?.trim() || undefined;
  const name =
    field('CFBundleName') ?? field('CFBundleDisplayName') ?? field('CFBundleExecutable') ?? field('CFBundleIdentifier');
  const version = field('CFBundleShortVersionString') ?? field('CFBundleVersion');
  if (name === undefined || version === undefined) return { packages: [], problems };
  const identifier = field('CFBundleIdentifier');
  const minimum = field('LSMinimumSystemVersion');
  const other = {
    ...(identifier === undefined ? {} : { bundleIdentifier: identifier }),
    ...(minimum === undefined ? {} : { minimumSystemVersion: minimum }),
  };
  const found = packageOf({ name, version, type: 'macapps', locations: [{ path: file.path }], facts: { other } });
  return { packages: [found], problems };
}
