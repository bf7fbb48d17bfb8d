// SPDX-License-Identifier: Apache-2.0
// Files of an rpm package: arrays of its header that belong together by index.
import type { RpmHeader } from '../../formats/rpmdb/header.ts';
import { rpmDigestNames, rpmFileFlags, rpmTags } from '../../formats/rpmdb/tags.ts';
import { digestOf } from '../../model/digest.ts';
import type { PackageFile } from '../../model/package.ts';
import { isFile, ownedFile, ownedPath } from './owned-files.ts';

const fileTypeMask = 0o170000;
const folderType = 0o040000;

/** At most `most` files: names of folders are shared, so a short header could name many long paths. */
export function rpmFiles(header: RpmHeader, most: number): readonly PackageFile[] {
  const names = header.strings(rpmTags.baseNames, most);
  const folders = header.strings(rpmTags.directoryNames);
  const indexes = header.numbers(rpmTags.directoryIndexes, most);
  const digests = header.strings(rpmTags.fileDigests, most);
  const sizes = header.numbers(rpmTags.longFileSizes, most);
  const shortSizes = sizes.length > 0 ? sizes : header.numbers(rpmTags.fileSizes, most);
  const modes = header.numbers(rpmTags.fileModes, most);
  const flags = header.numbers(rpmTags.fileFlags, most);
  const algorithm = rpmDigestNames[header.number(rpmTags.fileDigestAlgorithm) ?? 1] ?? '';
  const paths =
    names.length > 0
      ? names.map((name, index) => `${folders[indexes[index] ?? -1] ?? ''}${name}`)
      : header.strings(rpmTags.oldFileNames, most);
  const files = paths.map((path, index) => {
    const mode = modes[index];
    if (mode !== undefined && (mode & fileTypeMask) === folderType) return undefined;
    const isConfig = ((flags[index] ?? 0) & rpmFileFlags.configuration) !== 0;
    const digest = digestOf(algorithm, digests[index] ?? '');
    return ownedFile(ownedPath('', path), { digest, size: shortSizes[index], mode, isConfig });
  });
  return files.filter(isFile);
}
