// SPDX-License-Identifier: Apache-2.0
// Packages, places and problems in our own JSON report, checked member by member.
import { parseDigest } from '../model/digest.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Distribution, Package, PackageFacts, PackageList } from '../model/package.ts';
import { packageOf } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import type { JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from './document.ts';

/** The value when it is one of the words. */
export function oneOf<T extends string>(words: readonly T[], value: unknown): T | undefined {
  return words.find((word) => word === value);
}

/** Entries without a path are left out. */
export function locationsOf(value: unknown): readonly Location[] {
  return asArray(value).flatMap((entry) => {
    const location = locationOf(asObject(entry));
    return location === undefined ? [] : [location];
  });
}

function locationOf(item: JsonObject | undefined): Location | undefined {
  const path = asString(item?.['path']);
  if (item === undefined || path === undefined) return undefined;
  const line = lineOf(item['line']);
  const endLine = lineOf(item['endLine']);
  const column = lineOf(item['column']);
  const layer = asString(item['layer']);
  return {
    path,
    ...(line === undefined ? {} : { line }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(column === undefined ? {} : { column }),
    ...(layer === undefined ? {} : { layer }),
  };
}

function lineOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

const problemKinds = [
  'syntax',
  'schema',
  'encoding',
  'limit',
  'unreadable',
  'unsupported',
  'unresolved',
  'outside',
  'cycle',
] as const;

export function problemOf(item: JsonObject): Problem {
  return {
    kind: oneOf(problemKinds, item['kind']) ?? 'schema',
    message: asString(item['message']) ?? '',
    location: locationOf(asObject(item['location'])) ?? { path: '' },
    hidesFindings: item['hidesFindings'] === true,
  };
}

export function listOf(item: JsonObject): PackageList {
  const distribution = distributionIn(asObject(item['distribution']));
  return {
    cataloger: asString(item['cataloger']) ?? 'landwaiter',
    path: asString(item['path']) ?? '',
    ecosystem: asString(item['ecosystem']) ?? 'generic',
    kind: item['kind'] === 'installed' ? 'installed' : 'declared',
    packages: asArray(item['packages'])
      .slice(0, defaultLimits.packagesPerFile)
      .map((entry) => packageIn(asObject(entry) ?? {})),
    ...(distribution === undefined ? {} : { distribution }),
    ...(item['trust'] === 'asserted' ? { trust: 'asserted' as const } : {}),
  };
}

function distributionIn(item: JsonObject | undefined): Distribution | undefined {
  const id = asString(item?.['id']);
  if (item === undefined || id === undefined) return undefined;
  const codename = asString(item['codename']);
  const channels = asStrings(item['channels']);
  return {
    id,
    idLike: asStrings(item['idLike']),
    versionId: asString(item['versionId']) ?? '',
    name: asString(item['name']) ?? id,
    ...(codename === undefined ? {} : { codename }),
    ...(channels.length === 0 ? {} : { channels }),
  };
}

const scopes = ['runtime', 'optional', 'peer', 'build', 'test', 'development'] as const;
const relationships = ['root', 'workspace', 'direct', 'indirect', 'unknown'] as const;

function packageIn(item: JsonObject): Package {
  const id = asString(item['id']);
  const purl = asString(item['purl']);
  const constraint = asString(item['constraint']);
  const facts = factsIn(item['facts']);
  const sources = asArray(item['sources']).flatMap((entry) => {
    const name = asString(asObject(entry)?.['name']);
    return name === undefined ? [] : [{ name, version: asString(asObject(entry)?.['version']) ?? '' }];
  });
  const cpes = asStrings(item['cpes']);
  const ownedBy = asStrings(item['ownedBy']);
  return packageOf({
    name: asString(item['name']) ?? '',
    version: asString(item['version']) ?? '',
    type: asString(item['type']) ?? 'generic',
    ...(id === undefined ? {} : { id }),
    ...(purl === undefined ? {} : { purl }),
    scope: oneOf(scopes, item['scope']) ?? 'runtime',
    relationship: oneOf(relationships, item['relationship']) ?? 'unknown',
    locations: locationsOf(item['locations']),
    licenses: asStrings(item['licenses']),
    digests: asStrings(item['digests']).flatMap((text) => parseDigest(text) ?? []),
    dependsOn: asStrings(item['dependsOn']),
    ...(constraint === undefined ? {} : { constraint }),
    ...(sources.length === 0 ? {} : { sources }),
    ...(cpes.length === 0 ? {} : { cpes }),
    ...(facts === undefined ? {} : { facts }),
    ...(ownedBy.length === 0 ? {} : { ownedBy }),
  });
}

const textFacts = [
  'description',
  'homepage',
  'downloadUrl',
  'repository',
  'commit',
  'author',
  'supplier',
  'architecture',
  'modularity',
  'vendor',
] as const;

function factsIn(value: unknown): PackageFacts | undefined {
  const item = asObject(value);
  if (item === undefined) return undefined;
  const texts = Object.fromEntries(
    textFacts.flatMap((key) => (typeof item[key] === 'string' ? [[key, item[key]] as const] : [])),
  );
  const groups = asStrings(item['groups']);
  const other = entriesOf(item['other']).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    ...texts,
    ...(typeof item['epoch'] === 'number' ? { epoch: item['epoch'] } : {}),
    ...(groups.length === 0 ? {} : { groups }),
    ...(other.length === 0 ? {} : { other: Object.fromEntries(other) }),
  };
}
