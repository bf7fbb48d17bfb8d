// SPDX-License-Identifier: Apache-2.0
// vendor/modules.txt: the modules whose packages `go mod vendor` has copied into the tree.
// Format: https://go.dev/ref/mod#go-mod-vendor
import { isGoFolder } from '../../formats/go-mod.ts';
import { decodeText } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package, Relationship } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { goModulePackage } from '../package-facts/go.ts';
import { condenseForGo, goLicenseFiles, withGoLicenses } from '../package-facts/go-licenses.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const goVendorModules = defineCataloger({
  id: 'go-vendor-modules',
  title: 'vendor/modules.txt',
  ecosystems: ['golang'],
  kind: 'installed',
  files: ['**/vendor/modules.txt'],
  companions: goLicenseFiles,
  condense: condenseForGo,
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['modules of which no package is vendored are left out', 'licences whose text is none of the common ones'],
  },
  parse,
});

interface OpenModule {
  readonly path: string;
  readonly version: string;
  readonly location: Location;
  relationship: Relationship;
}

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const packages: Package[] = [];
  let open: OpenModule | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('## ')) {
      if (open !== undefined && /(?:^|[;\s])explicit(?:$|[;\s])/.test(line.slice(3))) open.relationship = 'direct';
    } else if (line.startsWith('# ')) open = openModule(line.slice(2), { path: file.path, line: index + 1 });
    else if (open !== undefined) {
      // The first package line shows that something of the module is there.
      packages.push(goModulePackage({ ...open, locations: [open.location] }));
      open = undefined;
    }
  }
  const folder = file.path.slice(0, -'vendor/modules.txt'.length);
  return { packages: withGoLicenses(mergePackages(packages), folder, tree), problems };
}

/** `path version`, `path version => path version`, `path => path version` (replaced in all versions) or a folder at the right. */
function openModule(text: string, location: Location): OpenModule | undefined {
  const [left = '', right] = text.split(' => ');
  const [path = '', version = ''] = left.trim().split(/\s+/);
  const [toPath = '', toVersion = ''] = (right ?? '').trim().split(/\s+/);
  const isReplaced = right !== undefined && toVersion !== '' && !isGoFolder(toPath);
  const name = isReplaced ? toPath : path;
  const chosen = isReplaced ? toVersion : version;
  return name === '' || !chosen.startsWith('v')
    ? undefined
    : { path: name, version: chosen, location, relationship: 'indirect' };
}
