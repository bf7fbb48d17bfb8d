// SPDX-License-Identifier: Apache-2.0
// Numbers of the header tags that are read here. https://rpm-software-management.github.io/rpm/manual/tags.html

export const rpmTags = {
  /** MD5 of header and payload together; in the signature header of a file it has another number. */
  signatureMd5: 261,
  /** The same numbers in the signature header of a file. */
  dsaSignature: 267,
  rsaSignature: 268,
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  summary: 1004,
  installTime: 1008,
  size: 1009,
  vendor: 1011,
  license: 1014,
  packager: 1015,
  url: 1020,
  architecture: 1022,
  oldFileNames: 1027,
  fileSizes: 1028,
  fileModes: 1030,
  fileDigests: 1035,
  fileFlags: 1037,
  sourceRpm: 1044,
  provideName: 1047,
  requireName: 1049,
  sourcePackage: 1106,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  longFileSizes: 5008,
  longSize: 5009,
  fileDigestAlgorithm: 5011,
  modularityLabel: 5096,
} as const;

/** Numbers of the signature header of an .rpm file, which are another set. */
export const rpmSignatureTags = { md5: 1004 } as const;

/** Bits of `fileFlags`. */
export const rpmFileFlags = { configuration: 1, ghost: 64 } as const;

/** PGP numbers of hash algorithms (RFC 9580 section 9.5), as `fileDigestAlgorithm` gives them; without it digests are MD5. */
export const rpmDigestNames: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
};
