// SPDX-License-Identifier: Apache-2.0
// Licences of Go modules: their texts in a folder `vendor`, or in a module cache that lies in the target.
import { escapedModulePath } from '../../formats/go-module-path.ts';
import { licenseOfText } from '../../formats/license-text.ts';
import type { Package } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';

const names =
  '{LICENSE,License,license,LICENCE,COPYING,LICENSE.md,License.md,COPYING.md,[Ll][Ii][Cc][Ee][Nn][Ss][Ee].[tT][xX][tT]}';

/** Companions of catalogers of Go modules, with `condenseForGo`. */
export const goLicenseFiles: readonly string[] = [`**/vendor/**/${names}`, `**/pkg/mod/**/${names}`];

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const isLicense = /(?:^|\/)(?:licen[cs]e|copying)(?:\.[a-z]{2,4})?$/i;

/** Of a licence only its id is kept; go.sum whole. */
export function condenseForGo(file: SourceFile): Uint8Array | undefined {
  if (!isLicense.test(file.path)) return file.bytes;
  const license = licenseOfText(decoder.decode(file.bytes.subarray(0, 16_384)));
  return license === undefined ? undefined : encoder.encode(license);
}

/** Licences by folder: `a/vendor/github.com/x/y`, `root/go/pkg/mod/github.com/x/y@v1.0.0`. */
type LicenseFolders = ReadonlyMap<string, string>;

const known = new WeakMap<CompanionFiles, LicenseFolders>();

function foldersIn(tree: CompanionFiles): LicenseFolders {
  const before = known.get(tree);
  if (before !== undefined) return before;
  const found = new Map<string, string>();
  for (const path of goLicenseFiles.flatMap((glob) => tree.match(glob))) {
    const file = tree.get(path);
    if (file === undefined) continue;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const cache = folder.lastIndexOf('pkg/mod/');
    found.set(cache === -1 ? folder : folder.slice(cache), decoder.decode(file.bytes));
  }
  known.set(tree, found);
  return found;
}

/** The packages with licences where there are texts of them. `folder`: where go.mod lies, with a slash at the end unless it is the root. */
export function withGoLicenses(packages: readonly Package[], folder: string, tree: CompanionFiles): readonly Package[] {
  const folders = foldersIn(tree);
  if (folders.size === 0) return packages;
  return packages.map((item) => {
    const cached = `pkg/mod/${escapedModulePath(item.name)}@${escapedModulePath(item.version)}`;
    const license = folders.get(`${folder}vendor/${item.name}`) ?? folders.get(cached);
    return license === undefined || item.licenses.length > 0 ? item : { ...item, licenses: [license] };
  });
}
