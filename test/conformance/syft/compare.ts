// SPDX-License-Identifier: Apache-2.0
// Compares packages as Syft's tests write them with ours. Only what a row states is compared; the equivalences are listed in ../syft.ts.

import { normalizePythonName } from '../../../src/evidence/package-facts/python.ts';
import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import { printLicenseExpression } from '../../../src/formats/spdx-license.ts';
import { normaliseLicense } from '../../../src/formats/spdx-license-names.ts';
import type { Package } from '../../../src/model/package.ts';
import { formatPurl, parsePurl } from '../../../src/model/purl.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet, passed } from '../pack.ts';

/** Package types of Syft and the purl types that stand for them. */
const typesOfSyft: Readonly<Record<string, string>> = {
  binary: 'generic',
  'dart-pub': 'pub',
  dotnet: 'nuget',
  'erlang-otp': 'otp',
  'github-action': 'github',
  'github-action-workflow': 'github',
  'go-module': 'golang',
  'java-archive': 'maven',
  'jenkins-plugin': 'maven',
  'lua-rocks': 'luarocks',
  'php-composer': 'composer',
  'php-pear': 'pear',
  'php-pecl': 'pecl',
  pod: 'cocoapods',
  python: 'pypi',
  'R-package': 'cran',
  'rust-crate': 'cargo',
};

/** `name @ version (place)` of Syft's short form, and relations `A [dependency-of] B` of two such. */
const shortPackage = /^(.+?) @ (\S*)(?: \(.*\))?$/;

export function expectPackages(expected: readonly unknown[], ours: readonly Package[]): CaseResult {
  const wanted = expected.map(wantedPackage);
  const stated = new Set(wanted.flatMap((item) => Object.keys(item)));
  const names = new Set(wanted.map((item) => `${asString(item['name'])}@${asString(item['version'])}`));
  const noPurl = new Set(
    wanted
      .filter((item) => item['purl'] === '')
      .map((item) => `${asString(item['name'])}@${asString(item['version'])}`),
  );
  const actual = ours
    .filter((item) => names.has(`${syftName(item)}@${item.version}`) || !isOnlyOurs(item))
    .map((item) => ourPackage(item, stated, noPurl));
  const unique = new Map(actual.map((item) => [JSON.stringify(item), item]));
  const wantedUnique = new Map(wanted.map((item) => [JSON.stringify(item), fill(item, stated)]));
  return expectSameSet([...wantedUnique.values()], [...unique.values()]);
}

export function expectDependencies(expected: readonly unknown[], output: CatalogOutput): CaseResult {
  const wanted = expected.map(wantedRelation).filter((item) => item !== undefined);
  const named = new Set(wanted.flatMap((item) => item.split(' -> ')));
  const actual = output.lists.flatMap((list) => {
    const byId = new Map(list.packages.map((item) => [item.id, item]));
    return list.packages.flatMap((to) =>
      to.dependsOn.flatMap((id) => {
        const from = byId.get(id);
        if (from === undefined) return [`missing package ${id}`];
        return isOnlyOurs(to) && !named.has(label(to)) ? [] : [`${label(from)} -> ${label(to)}`];
      }),
    );
  });
  return wanted.length === 0 ? passed : expectSameSet([...new Set(wanted)], [...new Set(actual)]);
}

/** What Syft leaves out by design: the project itself and requirements without a version. */
function isOnlyOurs(item: Package): boolean {
  return item.relationship === 'root' || item.relationship === 'workspace' || item.version === '';
}

function wantedPackage(value: unknown): JsonObject {
  if (typeof value === 'string') {
    const match = shortPackage.exec(value);
    return { name: match?.[1] ?? value, version: match?.[2] ?? '' };
  }
  const item = asObject(value) ?? {};
  const type = asString(item['Type']) ?? '';
  const purl = asString(item['PURL']);
  return {
    name: asString(item['Name']) ?? '',
    version: asString(item['Version']) ?? '',
    ...(type === '' ? {} : { type: typesOfSyft[type] ?? type }),
    ...(purl === undefined ? {} : { purl: canonical(purl) }),
    ...(item['Licenses'] === undefined ? {} : { licenses: licensesOf(item['Licenses']) }),
  };
}

function ourPackage(item: Package, stated: ReadonlySet<string>, noPurl: ReadonlySet<string>): JsonObject {
  const own = noPurl.has(label(item)) ? '' : ownPurl(item);
  return {
    name: syftName(item),
    version: item.version,
    ...(stated.has('type') ? { type: item.type } : {}),
    ...(stated.has('purl') ? { purl: canonical(item.purl ?? own) } : {}),
    ...(stated.has('licenses') ? { licenses: item.licenses.map(sameWords).toSorted() } : {}),
  };
}

/** A project of the tree has no package URL here, because it is no package of a registry; Syft makes one of its name for some ecosystems. */
function ownPurl(item: Package): string {
  if (item.relationship !== 'root' && item.relationship !== 'workspace') return '';
  const slash = item.name.lastIndexOf('/');
  const { type, version } = item;
  return (
    formatPurl({
      type,
      namespace: item.name.slice(0, Math.max(0, slash)),
      name: item.name.slice(slash + 1),
      version,
    }) ?? ''
  );
}

/** A field that one package of a row states and another leaves out has Go's zero value there. */
function fill(item: JsonObject, stated: ReadonlySet<string>): JsonObject {
  return {
    ...item,
    ...(stated.has('purl') && item['purl'] === undefined ? { purl: '' } : {}),
    ...(stated.has('licenses') && item['licenses'] === undefined ? { licenses: [] } : {}),
  };
}

function licensesOf(value: unknown): string[] {
  const texts = asArray(value).map((item) => {
    if (typeof item === 'string') return item;
    if (Array.isArray(item)) return asString(item[0]) ?? '';
    const object = asObject(item);
    return asString(object?.['SPDXExpression']) || (asString(object?.['Value']) ?? '');
  });
  return texts.map(sameWords).sort();
}

/** Syft compares what it recognises as SPDX expressions; `Apache 2.0` and `Apache-2.0` are one. */
function sameWords(license: string): string {
  const expression = normaliseLicense(license);
  return expression === undefined ? license : printLicenseExpression(expression);
}

function wantedRelation(value: unknown): string | undefined {
  if (typeof value === 'string') {
    const [from, to] = value.split(' [dependency-of] ').map((side) => shortPackage.exec(side));
    return from && to ? `${from[1]}@${from[2]} -> ${to[1]}@${to[2]}` : undefined;
  }
  const relation = asObject(value);
  const from = asObject(relation?.['From']);
  const to = asObject(relation?.['To']);
  if (relation?.['Type'] !== 'dependency-of' || from === undefined || to === undefined) return undefined;
  return [from, to].map((side) => `${asString(side['Name']) ?? ''}@${asString(side['Version']) ?? ''}`).join(' -> ');
}

function label(item: Package): string {
  return `${syftName(item)}@${item.version}`;
}

/** Syft names Maven artifacts without their group, Swift packages without their repository, and Python packages as PEP 503 has it. */
function syftName(item: Package): string {
  if (item.type === 'maven') return item.name.slice(item.name.lastIndexOf(':') + 1);
  if (item.type === 'pypi') return normalizePythonName(item.name);
  if (item.type === 'swift') return item.name.slice(item.name.lastIndexOf('/') + 1);
  return item.name;
}

/** Order of qualifiers and percent-encoding are not compared. */
function canonical(purl: string): string {
  const parts = parsePurl(purl);
  return parts === undefined ? purl : (formatPurl(parts) ?? purl);
}
