// SPDX-License-Identifier: Apache-2.0
// CVE records of the National Vulnerability Database (CVE API 2.0, https://nvd.nist.gov/developers/vulnerabilities): products in CPE
// with version ranges, the platforms they must run on, and ratings.

import { type Cpe, formatCpe, parseCpe, versionOfCpe } from '../../formats/cpe.ts';
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { AffectedPackage, VersionInterval } from '../../model/advisory.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, cwesOf, dateTimeOf, isIdentifier, severitiesOf, severityOfVector } from '../feed-facts.ts';
import { intervalsOfSet, setOfAlternatives } from '../interval-set.ts';
import { targetFamilies } from '../target-software.ts';
import type { Comparator } from '../version-text/constraint.ts';
import { fuzzy } from '../versions/fuzzy.ts';
import { jvm } from '../versions/jvm.ts';
import type { VersionOrder } from '../versions/order.ts';
import { pep440 } from '../versions/pep440.ts';

export const nvd = defineFeed({
  id: 'nvd',
  title: 'National Vulnerability Database, CVE API 2.0',
  recognises: ({ value }) => {
    const record = asObject(value);
    const cve = asObject(record?.['cve']);
    return record?.['format'] === 'NVD_CVE' || (typeof cve?.['id'] === 'string' && 'vulnStatus' in cve);
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value);
  const page = asArray(record?.['vulnerabilities']);
  for (const item of page.length > 0 ? page : [record]) readCve(asObject(asObject(item)?.['cve']), path, output);
}

function readCve(cve: JsonObject | undefined, path: string, output: FeedOutput): void {
  const id = asString(cve?.['id']);
  if (cve === undefined || id === undefined || !isIdentifier(id)) {
    output.malformed(path, 'not a record of the NVD: it has no CVE id');
    return;
  }
  const published = dateTimeOf(cve['published']);
  const modified = dateTimeOf(cve['lastModified']);
  const isRejected = asString(cve['vulnStatus'])?.trim().toLowerCase() === 'rejected';
  const affected = affectedBy(cve, { path, output });
  if (affected.length === 0) output.skip('no versions');
  output.replace({
    id,
    aliases: [],
    source: 'nvd',
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    ...(isRejected ? { withdrawn: modified ?? published ?? '1999-01-01T00:00:00Z' } : {}),
    severities: ratingsOf(asObject(cve['metrics'])),
    cwes: cwesOf(
      asArray(cve['weaknesses'])
        .flatMap((weakness) => asArray(asObject(weakness)?.['description']))
        .map((text) => asObject(text)?.['value']),
    ),
    affected,
  });
}

/** Ratings of all versions of CVSS, the primary ones first. */
function ratingsOf(metrics: JsonObject | undefined): ReturnType<typeof severitiesOf> {
  const entries = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'].flatMap((key) =>
    asArray(metrics?.[key]).map((item) => asObject(item) ?? {}),
  );
  const sorted = entries.toSorted((a, b) => Number(b['type'] === 'Primary') - Number(a['type'] === 'Primary'));
  return severitiesOf(
    sorted.map((entry) => {
      const source = asString(entry['source']) ?? 'nvd';
      return severityOfVector(
        asObject(entry['cvssData'])?.['vectorString'],
        source === 'nvd@nist.gov' ? 'nvd' : source,
      );
    }),
  );
}

interface Place {
  readonly path: string;
  readonly output: FeedOutput;
}

/** One statement per product and set of platforms. */
function affectedBy(cve: JsonObject, place: Place): readonly AffectedPackage[] {
  const products = new Map<string, { cpe: Cpe; platforms: readonly string[]; ranges: VersionInterval[] }>();
  for (const configuration of asArray(cve['configurations'])) {
    const { matches, platforms } = judge(asObject(configuration) ?? {}, place.output);
    for (const match of matches) {
      const cpe = parseCpe(asString(match['criteria']) ?? '');
      if (cpe === undefined) {
        place.output.malformed(place.path, `not a CPE name: ${String(match['criteria']).slice(0, 100)}`);
        continue;
      }
      const { version: _version, update: _update, ...product } = cpe;
      const key = `${formatCpe(product)}\n${platforms.join('\n')}`;
      const known = products.get(key) ?? { cpe: product, platforms, ranges: [] as VersionInterval[] };
      known.ranges.push(...rangeOf(match, cpe));
      products.set(key, known);
    }
  }
  return [...products.values()]
    .map(({ cpe, platforms, ranges }) =>
      affectedPackage({
        ecosystem: 'CPE',
        name: cpe.product ?? '',
        order: orderOf(cpe).id,
        ranges: withoutDoubles(ranges),
        cpes: [formatCpe(cpe)],
        platforms,
      }),
    )
    .filter((item) => item !== undefined);
}

/**
 * What is vulnerable, and on what it must run: nodes that hold nothing vulnerable name platforms. Conditions that join several
 * vulnerable things ("this appliance with that system") cannot be judged by one package and are left out (matches Grype).
 */
function judge(
  configuration: JsonObject,
  output: FeedOutput,
): { readonly matches: readonly JsonObject[]; readonly platforms: readonly string[] } {
  const nodes = asArray(configuration['nodes']).map((node) => asObject(node) ?? {});
  const isJoined = configuration['operator'] === 'AND';
  const vulnerable = nodes.filter((node) => matchesOf(node).some(isVulnerable));
  const isUnclear = (node: JsonObject): boolean =>
    node['negate'] === true || (node['operator'] === 'AND' && matchesOf(node).length > 1);
  if (configuration['negate'] === true || nodes.some(isUnclear) || (isJoined && vulnerable.length > 1)) {
    output.skip('joined conditions');
    return { matches: [], platforms: [] };
  }
  const others = isJoined ? nodes.filter((node) => !vulnerable.includes(node)) : [];
  const platforms = others.flatMap(matchesOf).map((match) => asString(match['criteria']) ?? '');
  return {
    matches: vulnerable.flatMap(matchesOf).filter(isVulnerable),
    platforms: [...new Set(platforms.filter((text) => text !== ''))].sort(),
  };
}

function matchesOf(node: JsonObject): readonly JsonObject[] {
  return asArray(node['cpeMatch']).map((match) => asObject(match) ?? {});
}

function isVulnerable(match: JsonObject): boolean {
  return match['vulnerable'] === true;
}

const bounds = [
  ['versionStartIncluding', '>='],
  ['versionStartExcluding', '>'],
  ['versionEndExcluding', '<'],
  ['versionEndIncluding', '<='],
] as const;

/**
 * The range that a match states, else the version in its name, else all. Of two bounds on one side the first of the list above counts;
 * bounds overrule the version in the name.
 */
function rangeOf(match: JsonObject, cpe: Cpe): readonly VersionInterval[] {
  const comparators: Comparator[] = [];
  for (const [key, operator] of bounds) {
    const version = asString(match[key])?.trim();
    if (version === undefined || version === '') continue;
    if (comparators.some((one) => one.operator.charAt(0) === operator.charAt(0))) continue;
    comparators.push({ operator, version });
  }
  const order = orderOf(cpe);
  if (comparators.length > 0) return intervalsOfSet(setOfAlternatives([comparators], order), order);
  const version = versionOfCpe(cpe);
  return [version === undefined ? {} : { introduced: version, lastAffected: version }];
}

const javaProducts = /^(?:java|java_se|jdk|jre|openjdk|zulu|corretto|graalvm|semeru_runtime|temurin|sapmachine)$/;

/** Versions of Java runtimes and of Python packages are known; for others any scheme must do. */
function orderOf({ product = '', targetSoftware = '' }: Cpe): VersionOrder {
  if (javaProducts.test(product)) return jvm;
  return targetFamilies([targetSoftware])[0] === 'pypi' ? pep440 : fuzzy;
}

function withoutDoubles(ranges: readonly VersionInterval[]): readonly VersionInterval[] {
  return [...new Map(ranges.map((range) => [JSON.stringify(range), range])).values()];
}
