// SPDX-License-Identifier: Apache-2.0
// etc/cos-package-info.json of Container-Optimized OS: the packages of the image.
import { asArray, asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { distributionIn, osReleaseFiles } from '../package-facts/distribution.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const cosPackages = defineCataloger({
  id: 'cos-packages',
  title: 'etc/cos-package-info.json',
  ecosystems: ['cos'],
  kind: 'installed',
  files: ['etc/cos-package-info.json'],
  companions: [...osReleaseFiles],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['packages used only to build the image'],
  },
  parse: parsePackageInfo,
});

function parsePackageInfo(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const distribution = distributionIn(tree);
  const packages = new Map<string, Package>();
  for (const [index, value] of asArray(asObject(document.value)?.['installedPackages']).entries()) {
    const entry = asObject(value);
    const name = asString(entry?.['name']);
    const version = asString(entry?.['version']);
    const location = document.locate(['installedPackages', index]);
    if (name === undefined || version === undefined) {
      problems.push({ kind: 'schema', message: 'a package without name or version', location, hidesFindings: true });
      continue;
    }
    const category = asString(entry?.['category']);
    const ebuild = asString(entry?.['ebuild_version']);
    const purl = formatPurl({ type: 'cos', namespace: category, name, version });
    const other = {
      ...(category === undefined ? {} : { category }),
      ...(ebuild === undefined ? {} : { ebuildVersion: ebuild }),
    };
    const item = packageOf({
      id: `${category ?? ''}/${name}@${version}`,
      name,
      version,
      type: 'cos',
      ...(purl === undefined ? {} : { purl }),
      locations: [location],
      facts: { other },
    });
    packages.set(item.id, item);
  }
  return { packages: [...packages.values()], problems, ...(distribution === undefined ? {} : { distribution }) };
}
