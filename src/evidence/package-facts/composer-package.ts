// SPDX-License-Identifier: Apache-2.0
// One package of Composer, as composer.lock and vendor/composer/installed.json write it.
// https://getcomposer.org/doc/04-schema.md
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { digestOf } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';

export interface ComposerEntry {
  readonly value: unknown;
  readonly location: Location;
  readonly scope: Scope;
}

export interface ComposerPackages {
  readonly packages: readonly Package[];
  readonly problems: readonly Problem[];
}

/** Packages with their dependencies inside the list; requirements met by `replace` of another package lead to that one. */
export function composerPackages(entries: readonly ComposerEntry[]): ComposerPackages {
  const problems: Problem[] = [];
  const read: { item: JsonObject; entry: ComposerEntry; id: string }[] = [];
  const ids = new Map<string, string>();
  for (const entry of entries) {
    const item = asObject(entry.value);
    const name = asString(item?.['name']);
    if (item === undefined || name === undefined || name === '') {
      const message = 'a package without a name';
      problems.push({ kind: 'schema', message, location: entry.location, hidesFindings: true });
      continue;
    }
    const version = versionOf(item);
    const id = version === '' ? name : `${name}@${version}`;
    read.push({ item, entry, id });
    ids.set(name.toLowerCase(), id);
  }
  for (const { item, id } of read) {
    for (const [name] of entriesOf(item['replace'])) if (!ids.has(name.toLowerCase())) ids.set(name.toLowerCase(), id);
  }
  const packages = new Map<string, Package>();
  for (const { item, entry, id } of read) {
    if (!packages.has(id)) packages.set(id, packageOfEntry(item, entry, { id, ids }));
  }
  return { packages: [...packages.values()], problems };
}

/** The package URL; Composer names are case-insensitive and written in lower case (purl-spec, "composer"). */
export function composerPurl(name: string, version: string): string | undefined {
  const [vendor = '', ...rest] = name.toLowerCase().split('/');
  // A name has exactly two parts; further slashes are a mistake that must not become a namespace. Matches Syft.
  return rest.length === 0
    ? formatPurl({ type: 'composer', name: vendor, version })
    : formatPurl({ type: 'composer', namespace: vendor, name: rest.join('-'), version });
}

/** Ids of what a manifest's `require` names, without PHP itself, its extensions and libraries. */
export function requiredIds(requires: unknown, ids: ReadonlyMap<string, string>): string[] {
  const found = entriesOf(requires).map(([name]) => ids.get(name.toLowerCase()));
  return [...new Set(found.filter((id) => id !== undefined))];
}

function versionOf(item: JsonObject): string {
  const version = item['version'];
  return asString(version) ?? (typeof version === 'number' ? String(version) : '');
}

interface Names {
  readonly id: string;
  readonly ids: ReadonlyMap<string, string>;
}

function packageOfEntry(item: JsonObject, entry: ComposerEntry, names: Names): Package {
  const name = asString(item['name']) ?? '';
  const version = versionOf(item);
  const purl = composerPurl(name, version);
  const shasum = asString(asObject(item['dist'])?.['shasum']);
  const digest = shasum === undefined ? undefined : digestOf('sha1', shasum);
  return packageOf({
    id: names.id,
    name,
    version,
    type: 'composer',
    ...(purl === undefined ? {} : { purl }),
    scope: entry.scope,
    locations: [entry.location],
    licenses: asStrings(item['license']),
    digests: digest === undefined ? [] : [digest],
    dependsOn: requiredIds(item['require'], names.ids).filter((id) => id !== names.id),
    facts: factsOf(item),
  });
}

function factsOf(item: JsonObject): PackageFacts {
  const source = asObject(item['source']);
  const dist = asObject(item['dist']);
  const author = asArray(item['authors'])
    .map(authorOf)
    .find((text) => text !== '');
  const facts = {
    description: asString(item['description']),
    homepage: asString(item['homepage']),
    downloadUrl: asString(dist?.['url']),
    repository: asString(source?.['url']),
    commit: asString(source?.['reference']) ?? asString(dist?.['reference']),
    author,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ''));
}

function authorOf(value: unknown): string {
  const author = asObject(value);
  const name = asString(author?.['name']) ?? '';
  const email = asString(author?.['email']);
  return email === undefined ? name : `${name} <${email}>`.trim();
}
