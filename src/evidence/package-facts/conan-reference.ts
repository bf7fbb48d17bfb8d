// SPDX-License-Identifier: Apache-2.0
// References of Conan: `name/version@user/channel#revision%timestamp:package id`.
// https://docs.conan.io/2/reference/commands/list.html ("References")
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Relationship, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

export interface ConanReference {
  readonly name: string;
  readonly version: string;
  readonly user: string | undefined;
  readonly channel: string | undefined;
  readonly revision: string | undefined;
  readonly packageId: string | undefined;
}

const pattern =
  /^([^\s/@#:%]{1,200})\/(\[[^\]]{0,200}\]|[^\s/@#:%]{1,200})(?:@(?:([^\s/#:%]{1,200})\/([^\s/#:%]{1,200}))?)?(?:#([^\s%:#]{1,200}))?(?:%[\d.]{1,40})?(?::([^\s#]{1,200}))?/;

/** Undefined when the text is not a reference. `_` stands for no user and no channel. */
export function parseConanReference(text: string): ConanReference | undefined {
  const match = pattern.exec(text.trim().slice(0, 1_500));
  if (match === null) return undefined;
  const [, name = '', version = '', user, channel, revision, packageId] = match;
  return {
    name,
    version,
    user: user === '_' ? undefined : user,
    channel: channel === '_' ? undefined : channel,
    revision,
    packageId,
  };
}

export interface ConanUse {
  readonly id?: string;
  readonly location: Location;
  readonly scope?: Scope;
  readonly relationship?: Relationship;
  readonly dependsOn?: readonly string[];
  readonly groups?: readonly string[];
}

/** A range in brackets (`[>=1.0 <2]`) is a constraint, anything else the version. */
export function conanPackage(reference: ConanReference, use: ConanUse): Package {
  const range = /^\[(.*)\]$/.exec(reference.version)?.[1];
  const version = range === undefined ? reference.version : '';
  const purl = formatPurl({
    type: 'conan',
    namespace: reference.user,
    name: reference.name,
    version,
    qualifiers: { channel: reference.channel },
  });
  const other = {
    ...(reference.revision === undefined ? {} : { recipeRevision: reference.revision }),
    ...(reference.packageId === undefined ? {} : { packageId: reference.packageId }),
  };
  const facts: PackageFacts = {
    ...(use.groups === undefined ? {} : { groups: use.groups }),
    ...(Object.keys(other).length === 0 ? {} : { other }),
  };
  return packageOf({
    name: reference.name,
    version,
    type: 'conan',
    ...(purl === undefined ? {} : { purl }),
    ...(use.id === undefined ? {} : { id: use.id }),
    ...(use.scope === undefined ? {} : { scope: use.scope }),
    ...(use.relationship === undefined ? {} : { relationship: use.relationship }),
    locations: [use.location],
    dependsOn: use.dependsOn ?? [],
    ...(range === undefined ? {} : { constraint: range }),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}
