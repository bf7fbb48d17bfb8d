// SPDX-License-Identifier: Apache-2.0
// Every limit on foreign input stands here, and nowhere else. Reaching one gives a problem of kind `limit`, never a crash.

const mebibyte = 1024 * 1024;

export interface Limits {
  /** A lock file or manifest that a cataloger reads whole. */
  readonly manifestBytes: number;
  /** An SBOM or VEX document named by the user. */
  readonly documentBytes: number;
  /** A configuration file. */
  readonly configBytes: number;
  /** Nesting of JSON, YAML, TOML and XML. */
  readonly depth: number;
  /** Aliases in one YAML document, and values that they may expand to. */
  readonly yamlAliases: number;
  readonly yamlNodes: number;
  readonly xmlElements: number;
  /** Packages one file may declare. */
  readonly packagesPerFile: number;
  /** Entries of one target. */
  readonly entries: number;
  /** Folder nesting of one target. */
  readonly pathDepth: number;
  readonly pathLength: number;
  /** All companion files of one target together. */
  readonly companionBytes: number;
  /** One advisory shard, and the index of a database. */
  readonly shardBytes: number;
  readonly indexBytes: number;
  /** One block of a shard, unpacked. */
  readonly shardBlockBytes: number;
  /** One record of an advisory feed, one file in an archive of a feed, and the archive. */
  readonly feedRecordBytes: number;
  readonly feedFileBytes: number;
  readonly feedArchiveBytes: number;
  readonly feedRecords: number;
  /** A version or constraint string that a version order looks at. */
  readonly versionLength: number;
  /** Parents and imports followed for one pom.xml, includes of one requirements file. */
  readonly includes: number;
  /** Members of one archive (jar, wheel), what those that are read inflate to together, and archives inside archives. */
  readonly archiveEntries: number;
  readonly archiveExpandedBytes: number;
  readonly archiveDepth: number;
}

export const defaultLimits: Limits = {
  manifestBytes: 64 * mebibyte,
  documentBytes: 256 * mebibyte,
  configBytes: 1 * mebibyte,
  depth: 200,
  yamlAliases: 1_000,
  yamlNodes: 5_000_000,
  xmlElements: 2_000_000,
  packagesPerFile: 200_000,
  entries: 5_000_000,
  pathDepth: 200,
  pathLength: 4_096,
  companionBytes: 256 * mebibyte,
  shardBytes: 512 * mebibyte,
  indexBytes: 4 * mebibyte,
  shardBlockBytes: 64 * mebibyte,
  feedRecordBytes: 64 * mebibyte,
  feedFileBytes: 512 * mebibyte,
  feedArchiveBytes: 2_000 * mebibyte,
  feedRecords: 20_000_000,
  versionLength: 512,
  includes: 64,
  archiveEntries: 200_000,
  archiveExpandedBytes: 512 * mebibyte,
  archiveDepth: 8,
};
