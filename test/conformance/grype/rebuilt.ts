// SPDX-License-Identifier: Apache-2.0
// Grype's tables on streams of extended support and on suppliers. Where the fixture database is not in the pack, it is rebuilt from what
// the rows themselves say of it.
import { releasesOf } from '../../../src/advisories/distributions.ts';
import { extendedReleases, proRelease } from '../../../src/advisories/extended-support.ts';
import { memoryLookup } from '../../../src/advisories/memory-lookup.ts';
import { orderOfEcosystem } from '../../../src/advisories/versions/index.ts';
import type { Advisory } from '../../../src/model/advisory.ts';
import { type Distribution, packageOf } from '../../../src/model/package.ts';
import { type CaseResult, type ConformanceCase, expectEqual } from '../pack.ts';
import { advisoryOf, constraintOf } from './advisories.ts';
import { advisoryIds, match } from './lookups.ts';
import {
  allRows,
  type Context,
  casesFor,
  fields,
  functionOf,
  list,
  type Row,
  type Runners,
  skipped,
  text,
  texts,
} from './rows.ts';
import { distributionOf, fixStateOf, orderOfFormat } from './vocabulary.ts';

interface Stated {
  readonly state: string;
  readonly versions: readonly string[];
}

/** Streams of extended support: what the release says, what the stream says, and what comes of both. */
function overlayRow(row: Row, base: Distribution): CaseResult {
  const type = base.id === 'ubuntu' ? 'deb' : 'rpm';
  const releases = releasesOf(base);
  const [ecosystem = ''] = releases;
  const [stream = ''] = extendedReleases(base, releases);
  const advisories = [...statements(row['disclosures'], ecosystem), ...statements(row['advisoryOverlay'], stream)];
  const item = packageOf({ name: 'a', version: text(row['packageVersion']), type });
  const lookup = memoryLookup(advisories, { covered: [ecosystem, stream] });
  const actual = match([item], lookup, base).findings.map(
    (one): Stated => ({ state: one.fixState, versions: one.fixedVersions }),
  );
  const expected = list(row['want']).flatMap((result) =>
    list(fields(result)['Vulnerabilities']).map((one): Stated => {
      const fix = fields(fields(one)['Fix']);
      return { state: fixStateOf(fix['State']), versions: texts(fix['Versions']).toSorted() };
    }),
  );
  return expectEqual(
    expected,
    actual.map((one) => ({ ...one, versions: one.versions.toSorted() })),
  );
}

/** A vulnerability without constraint states nothing that could be compared. Each of its fixes is a range of its own. */
function statements(results: unknown, ecosystem: string): readonly Advisory[] {
  return list(results).flatMap((result) =>
    list(fields(result)['Vulnerabilities']).flatMap((one) => {
      const constraint = constraintOf(fields(one)['Constraint']);
      if (constraint === undefined) return [];
      const id = text(fields(fields(one)['Reference'])['ID']);
      const fix = fields(fields(one)['Fix']);
      const fixState = fixStateOf(fix['State']);
      const whole = advisoryOf({ id, ecosystem, name: 'a', constraint, fixState });
      const others =
        fixState === 'fixed'
          ? texts(fix['Versions']).filter((version) => version !== '' && !constraint.text.includes(version))
          : [];
      const more = others.map((version) =>
        advisoryOf({ id, ecosystem, name: 'a', constraint: { ...constraint, text: `< ${version}` }, fixState }),
      );
      return [whole, ...more];
    }),
  );
}

const streams: Runners = {
  'grype/matcher/dpkg/ubuntu_esm_test.go#TestResolveESMDisclosures': (row) =>
    overlayRow(row, { id: 'ubuntu', idLike: [], versionId: '16.04', name: 'Ubuntu', channels: ['esm'] }),
  'grype/matcher/rpm/rhel_eus_test.go#TestResolveEUSDisclosures': (row) =>
    overlayRow(row, { id: 'rhel', idLike: [], versionId: '9.4', name: 'RHEL', channels: ['eus'] }),
};

interface SupplierTable {
  readonly type: string;
  readonly ecosystem: string;
  readonly distribution?: Distribution;
}

/**
 * Root.io's rebuilds. The fixture database is not in the pack; the rows name the versions that are a fix ("at rootio fix", "at upstream
 * fix"), so the advisories are made of those. What no row names has no fix.
 */
function supplierRow(row: Row, { siblings }: Context, table: SupplierTable): CaseResult {
  const plainName = (one: Row): string => text(one['pkgName']).replace(/^(?:rootio-|@rootio\/)/, '');
  const original = plainName(row);
  const same = siblings.filter((one) => plainName(one) === original);
  const isTheirs = (one: Row): boolean => text(one['pkgName']) !== original || /root\.io/.test(text(one['pkgVersion']));
  const idsOf = (one: Row): readonly string[] =>
    [
      text(one['expectCVE']),
      text(one['expectGHSA']),
      ...texts(one['expectFixedCVEs']),
      ...texts(one['expectSuppressIDs']),
    ].filter((id) => id !== '');
  const ids = [...new Set(same.flatMap(idsOf))];
  const own = ids.filter((id) => !id.startsWith('ROOT-'));
  const resolved = (one: Row): boolean =>
    one['expectFixedCVEs'] !== undefined || one['expectSuppressIDs'] !== undefined;
  const upstreamFix = same.find((one) => resolved(one) && !isTheirs(one));
  const supplierFix = same.find((one) => resolved(one) && isTheirs(one));
  const order = orderOfEcosystem(table.ecosystem);
  const advisory = (ecosystem: string, name: string, fix: Row | undefined): Advisory =>
    advisoryOf({
      id: own[0] ?? 'X-1',
      aliases: ids.filter((id) => id !== own[0]),
      ecosystem,
      name,
      constraint: { text: fix === undefined ? '' : `< ${text(fix['pkgVersion'])}`, order },
    });
  const advisories = [
    advisory(table.ecosystem, original, upstreamFix),
    ...(supplierFix === undefined
      ? []
      : [advisory(`Root:${table.ecosystem}`, text(supplierFix['pkgName']), supplierFix)]),
  ];
  const item = packageOf({ name: text(row['pkgName']), version: text(row['pkgVersion']), type: table.type });
  const lookup = memoryLookup(advisories, { covered: [table.ecosystem, `Root:${table.ecosystem}`] });
  const found = match([item], lookup, table.distribution).findings.flatMap((one) => [one.id, ...one.aliases]);
  const wanted = [text(row['expectCVE']), text(row['expectGHSA'])].filter((id) => id !== '');
  const expected = wanted.length > 0 ? wanted : [];
  return expectEqual([expected, resolved(row)], [found.filter((id) => wanted.includes(id)), found.length === 0]);
}

const ubuntu2204: Distribution = { id: 'ubuntu', idLike: [], versionId: '22.04', name: 'Ubuntu' };
const debian12: Distribution = { id: 'debian', idLike: [], versionId: '12', name: 'Debian' };

/**
 * Ubuntu's extended maintenance. The fixture database is not in the pack: a fix that a row expects is a fix of the stream when its
 * version is marked `esm`, else of the release; what has none is listed without a fix.
 */
function maintenanceRow(row: Row, { root }: Context): CaseResult {
  const file = 'grype/matcher/dpkg/matcher_ubuntu_esm_test.go';
  const all = allRows(root).filter((one) =>
    [`${file}#TestUbuntuESM_VulnerableCases`, `${file}#TestUbuntuESM_FixedCases`].includes(functionOf(one)),
  );
  const distribution = systemOf(row);
  if (distribution === undefined) return skipped('the distribution of the row was left as another call');
  const releases = releasesOf(distribution);
  const [release = ''] = releases;
  const [stream = ''] = proRelease(release);
  const source = sourceNameOf(row);
  const cve = text(row['expectCVE']);
  const order = orderOfFormat('deb');
  const same = all.filter(
    (one) =>
      sourceNameOf(one) === source &&
      text(one['expectCVE']) === cve &&
      releasesOf(systemOf(one) ?? distribution)[0] === release,
  );
  const fixes = [
    ...new Set(
      same.flatMap((one) => [
        ...texts(one['expectFixes']),
        ...(one['expectFixes'] === undefined && one['expectState'] === undefined ? [text(one['pkgVersion'])] : []),
      ]),
    ),
  ];
  const byStream = fixes.filter((fix) => fix.includes('esm'));
  const byRelease = fixes.filter((fix) => !fix.includes('esm'));
  const statement = (ecosystem: string, fix: string | undefined): Advisory =>
    advisoryOf({
      id: cve,
      ecosystem,
      name: source,
      constraint: { text: fix === undefined ? '' : `< ${fix}`, order },
      fixState: fix === undefined ? 'not-fixed' : 'fixed',
    });
  const advisories = [statement(release, byRelease[0]), ...byStream.map((fix) => statement(stream, fix))];
  const upstream = text(row['upstreamName']);
  const item = packageOf({
    name: text(row['pkgName']),
    version: text(row['pkgVersion']),
    type: 'deb',
    ...(upstream === '' ? {} : { sources: [{ name: upstream, version: text(row['upstreamVer']) }] }),
  });
  const finding = match([item], memoryLookup(advisories, { covered: [release, stream] }), distribution).findings[0];
  if (row['expectState'] === undefined) return expectEqual(undefined, finding?.id);
  return expectEqual(
    [cve, fixStateOf(row['expectState']), texts(row['expectFixes'])],
    [finding?.id, finding?.fixState, finding?.fixedVersions],
  );
}

function sourceNameOf(row: Row): string {
  return text(row['upstreamName']) || text(row['pkgName']);
}

/** `newESMDistro("16.04")` or a constant such as `dbtest.Ubuntu1804`. */
function systemOf(row: Row): Distribution | undefined {
  const [, year, month] = /Ubuntu(\d{2})(\d{2})$/.exec(text(row['d'])) ?? [];
  if (year !== undefined) return { id: 'ubuntu', idLike: [], versionId: `${year}.${month}`, name: 'Ubuntu' };
  return distributionOf(row['d']);
}

/** Names with and without scope are two packages: each name that a row expects to match has an advisory of its own. */
function scopeRow(row: Row, { siblings }: Context): CaseResult {
  const lookup = memoryLookup(
    siblings
      .filter((one) => one['expectMatch'] === true)
      .map((one, index) =>
        advisoryOf({
          id: `GHSA-${index}`,
          ecosystem: 'npm',
          name: text(one['pkgName']),
          constraint: { text: '', order: orderOfFormat('semver') },
        }),
      ),
    { covered: ['npm'] },
  );
  const item = packageOf({ name: text(row['pkgName']), version: '1.0.0', type: 'npm' });
  return expectEqual(row['expectMatch'] ?? false, match([item], lookup).findings.length === 1);
}

const rebuilt: Runners = {
  'grype/matcher/javascript/rootio_test.go#TestMatcherJavaScript_RootIO': (row, context) =>
    supplierRow(row, context, { type: 'npm', ecosystem: 'npm' }),
  'grype/matcher/python/rootio_test.go#TestMatcherPython_RootIO': (row, context) =>
    supplierRow(row, context, { type: 'pypi', ecosystem: 'PyPI' }),
  'grype/matcher/dpkg/rootio_test.go#TestMatcherDpkg_RootIO_Ubuntu': (row, context) =>
    supplierRow(row, context, { type: 'deb', ecosystem: 'Ubuntu:22.04:LTS', distribution: ubuntu2204 }),
  'grype/matcher/dpkg/rootio_test.go#TestMatcherDpkg_RootIO_Debian': (row, context) =>
    supplierRow(row, context, { type: 'deb', ecosystem: 'Debian:12', distribution: debian12 }),
  'grype/matcher/dpkg/matcher_ubuntu_esm_test.go#TestUbuntuESM_VulnerableCases': maintenanceRow,
  'grype/matcher/dpkg/matcher_ubuntu_esm_test.go#TestUbuntuESM_FixedCases': maintenanceRow,
  'grype/matcher/javascript/matcher_test.go#TestMatcher_ScopedAndUnscopedNames': scopeRow,
  'grype/matcher/javascript/matcher_test.go#TestMatcher_ScopeStreamsDoNotCross': (row) => {
    const name = text(row['pkgName']);
    const other = name.startsWith('@') ? name.replace(/^@[^/]*\//, '') : `@scope/${name}`;
    const constraint = { text: '', order: orderOfFormat('semver') };
    const lookup = memoryLookup([
      advisoryOf({ id: text(row['expectGHSAID']), ecosystem: 'npm', name, constraint }),
      advisoryOf({ id: text(row['forbidGHSAID']), ecosystem: 'npm', name: other, constraint }),
    ]);
    const item = packageOf({ name, version: text(row['pkgVersion']), type: 'npm' });
    return expectEqual([row['expectGHSAID']], advisoryIds(match([item], lookup)));
  },
};

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, { ...streams, ...rebuilt });
}
