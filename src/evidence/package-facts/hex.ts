// SPDX-License-Identifier: Apache-2.0
// Packages of Hex, as the lock files of Elixir, Erlang and Gleam name them.
import { digestOf } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Relationship, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

export interface HexEntry {
  /** Name on Hex, else the name of the application. */
  readonly name: string;
  readonly version: string;
  readonly location: Location;
  readonly relationship?: Relationship;
  readonly scope?: Scope;
  /** sha256 of the archive (the "outer" checksum). */
  readonly archiveChecksum?: string | undefined;
  /** The older checksum of the archive's content, which belongs to no file. */
  readonly innerChecksum?: string | undefined;
  readonly repository?: string | undefined;
  readonly commit?: string | undefined;
  readonly dependsOn?: readonly string[];
}

/** A package of Hex with its purl. One from git, whose version is the commit, or from a folder is none of Hex's and has no purl. */
export function hexPackage(entry: HexEntry): Package {
  const { name, version, repository, commit, innerChecksum } = entry;
  const isHex = repository === undefined && entry.relationship !== 'workspace';
  const purl = isHex ? formatPurl({ type: 'hex', name: name.toLowerCase(), version }) : undefined;
  const digest = digestOf('sha256', entry.archiveChecksum ?? '');
  const facts: PackageFacts = {
    ...(repository === undefined ? {} : { repository }),
    ...(commit === undefined ? {} : { commit }),
    ...(innerChecksum === undefined ? {} : { other: { innerChecksum } }),
  };
  return packageOf({
    name,
    version,
    type: 'hex',
    ...(purl === undefined ? {} : { purl }),
    ...(entry.relationship === undefined ? {} : { relationship: entry.relationship }),
    ...(entry.scope === undefined ? {} : { scope: entry.scope }),
    locations: [entry.location],
    digests: digest === undefined ? [] : [digest],
    dependsOn: entry.dependsOn ?? [],
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}
