// SPDX-License-Identifier: Apache-2.0
// var/db/pkg/<category>/<package>-<version>/: packages that Portage of Gentoo installed. The folder names the package; PF repeats it.
import { posix } from 'node:path';
import { decodeText } from '../../formats/text.ts';
import { digestOf } from '../../model/digest.ts';
import type { PackageFile } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { distributionIn, osReleaseFiles } from '../package-facts/distribution.ts';
import { gentooLicense, parseLicenseGroups } from '../package-facts/gentoo-license.ts';
import { isFile, linesOf, ownedFile, ownedPath } from '../package-facts/owned-files.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

const groupFiles = ['etc/portage/license_groups', 'var/db/repos/gentoo/profiles/license_groups'];

export const portageInstalled = defineCataloger({
  id: 'portage-installed',
  title: 'var/db/pkg/*/*/PF',
  ecosystems: ['portage'],
  kind: 'installed',
  files: ['var/db/pkg/*/*/PF', 'var/db/pkg/*/*/CONTENTS'],
  companions: [...osReleaseFiles, ...groupFiles, 'var/db/pkg/*/*/PF', 'var/db/pkg/*/*/LICENSE'],
  ownershipFiles: ['var/db/pkg/*/*/CONTENTS'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: ['which package needs which', 'build options'],
  },
  parse: parseEntry,
});

/** `skopeo-1.5.1`, `openssl-3.0.9-r2`, `foo-1.2_rc1_p3` (PMS, "Version Specifications"). */
const packageVersion =
  /^([A-Za-z0-9+_-]{1,200}?)-(\d{1,30}(?:\.\d{1,30}){0,20}[a-z]?(?:_(?:alpha|beta|pre|rc|p)\d{0,20}){0,5}(?:-r\d{1,10})?)$/;

function parseEntry(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const folder = posix.dirname(file.path);
  const isContents = posix.basename(file.path) === 'CONTENTS';
  // Packages have both files; the small one speaks for the folder.
  if (isContents && tree.get(`${folder}/PF`) !== undefined) return { packages: [], problems: [] };
  const { text, problems: encoding } = isContents ? { text: '', problems: [] } : decodeText(file.bytes, file.path);
  const written = isContents ? posix.basename(folder) : text.trim();
  const match = packageVersion.exec(written);
  const problems: Problem[] = [...encoding];
  if (match === null) {
    const message = `not a package and version: ${written.slice(0, 100)}`;
    problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
    return { packages: [], problems };
  }
  const [, name = '', version = ''] = match;
  const category = posix.basename(posix.dirname(folder));
  const distribution = distributionIn(tree);
  const purl = formatPurl({ type: 'ebuild', namespace: category, name, version });
  const license = licenseIn(folder, tree, problems);
  const found = packageOf({
    name: `${category}/${name}`,
    version,
    type: 'portage',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: file.path }],
    licenses: license === '' ? [] : [license],
    ...(tree.files === 'owned' ? { files: filesIn(folder, file, tree) } : {}),
  });
  return { packages: [found], problems, ...(distribution === undefined ? {} : { distribution }) };
}

function licenseIn(folder: string, tree: CompanionFiles, problems: Problem[]): string {
  const file = tree.get(`${folder}/LICENSE`);
  if (file === undefined) return '';
  const definitions = groupFiles.map((path) => tree.get(path)).filter((item) => item !== undefined);
  const { groups, errors } = parseLicenseGroups(
    definitions.map((item) => decodeText(item.bytes, item.path).text).join('\n'),
  );
  const path = definitions[0]?.path ?? file.path;
  const found = errors.map(
    (message): Problem => ({ kind: 'unresolved', message, location: { path }, hidesFindings: false }),
  );
  problems.push(...found);
  return gentooLicense(decodeText(file.bytes, file.path).text, { groups });
}

/** Lines `obj /usr/bin/a <md5> <time>`, `sym /a -> b <time>`, `dir /usr`; names may hold blanks. */
function filesIn(folder: string, file: SourceFile, tree: CompanionFiles): readonly PackageFile[] {
  const contents = `${folder}/CONTENTS`;
  const lines = file.path === contents ? decodeText(file.bytes, contents).text.split('\n') : linesOf(tree, contents);
  const files = lines.map((line) => {
    const object = /^obj (\/.{0,4000}) ([0-9a-f]{32}) \d{1,12}$/.exec(line);
    if (object !== null) return ownedFile(ownedPath('', object[1] ?? ''), { digest: digestOf('md5', object[2] ?? '') });
    const arrow = line.startsWith('sym /') ? line.indexOf(' -> ') : -1;
    return arrow === -1 ? undefined : ownedFile(ownedPath('', line.slice(4, arrow)), {});
  });
  return files.filter(isFile);
}
