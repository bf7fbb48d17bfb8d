// SPDX-License-Identifier: Apache-2.0
// Grype's tables on what comes of a match: fixes and their order, thresholds, related ids; and rows about real advisories, which run on
// the database that ships with the program.
import { isPastSupport } from '../../../src/advisories/end-of-life.ts';
import { memoryLookup } from '../../../src/advisories/memory-lookup.ts';
import { contains } from '../../../src/advisories/ranges.ts';
import type { AffectedPackage } from '../../../src/model/advisory.ts';
import { packageOf } from '../../../src/model/package.ts';
import { decide } from '../../../src/verdict/decide.ts';
import { type CaseResult, type ConformanceCase, expectEqual, expectSameSet } from '../pack.ts';
import { advisoryOf, packageOfGrype } from './advisories.ts';
import { match, shipped } from './lookups.ts';
import { type Context, casesFor, fields, list, type Row, type Runners, text, texts } from './rows.ts';
import { distributionOf, fixStateOf, orderOfFormat, severityOf } from './vocabulary.ts';

/** Of what the shipped database finds, the advisories that the rows of the function speak of. */
function shippedRow(
  row: Row,
  context: Context,
  of: { readonly keys: readonly string[]; readonly type: string; readonly versionKey: string },
): CaseResult {
  const spoken = context.siblings.flatMap((one) =>
    of.keys.flatMap((key) => (typeof one[key] === 'string' ? [text(one[key])] : texts(one[key]))),
  );
  const item = packageOf({ name: text(row['pkgName']), version: text(row[of.versionKey]), type: of.type });
  const result = match([item], shipped());
  const named = result.findings.flatMap((one) => [
    one.id,
    ...one.aliases,
    ...one.matches.map((matched) => matched.advisory),
  ]);
  const wanted = of.keys.flatMap((key) => (typeof row[key] === 'string' ? [text(row[key])] : texts(row[key])));
  return expectSameSet(
    wanted,
    [...new Set(named)].filter((id) => spoken.includes(id)),
  );
}

const realData: Runners = {
  'grype/matcher/bitnami/matcher_test.go#TestMatcher': (row, context) =>
    shippedRow(row, context, { keys: ['expected'], type: 'bitnami', versionKey: 'version' }),
  'grype/matcher/golang/govulndb_test.go#TestMatcherGolang_GoVulnDB': (row, context) =>
    shippedRow(row, context, { keys: ['expectIDs'], type: 'golang', versionKey: 'pkgVersion' }),
  'grype/matcher/golang/govulndb_test.go#TestMatcherGolang_GoVulnDB_GolangOrgX': (row, context) =>
    shippedRow(row, context, { keys: ['expectIDs'], type: 'golang', versionKey: 'pkgVersion' }),
  'grype/matcher/python/matcher_test.go#TestMatcher_PEP503Normalization': (row, context) =>
    shippedRow(row, context, { keys: ['expectGHSAID'], type: 'pypi', versionKey: 'pkgVersion' }),
};

const ranges: Runners = {
  'grype/db/v6/vulnerability_test.go#Test_getVersionConstraint': (row) => {
    const stated = list(row['ranges']).map((one) => fields(fields(one)['Version']));
    const order = orderOfFormat(stated[0]?.['Type']);
    const found = stated.flatMap(
      (one) =>
        advisoryOf({ id: 'X-1', ecosystem: 'x', name: 'a', constraint: { text: text(one['Constraint']), order } })
          .affected,
    );
    return expectEqual(
      row['expectMatch'] ?? false,
      found.some((one) => one.ranges.some((range) => contains(range, text(row['version']), order))),
    );
  },
  'grype/db/v6/vulnerability_test.go#Test_getRelatedVulnerabilities': (row) => {
    const own = fields(row['vuln']);
    const id = text(own['Name']);
    const aliases = [...texts(fields(own['BlobValue'])['Aliases']), ...texts(fields(row['affected'])['CVEs'])];
    const advisory = {
      ...advisoryOf({ id, ecosystem: 'npm', name: 'a', constraint: undefined }),
      aliases: [...new Set(aliases)].filter((one) => one !== id),
    };
    const finding = match([packageOf({ name: 'a', version: '1.0.0', type: 'npm' })], memoryLookup([advisory]))
      .findings[0];
    const expected = new Set([id, ...list(row['expected']).map((one) => text(fields(one)['ID']))]);
    return expectSameSet([...expected], [finding?.id, ...(finding?.aliases ?? [])]);
  },
  'grype/db/v6/vulnerability_test.go#TestToFix': (row) => {
    const advisories = list(row['affectedRanges']).map((range) => {
      const fix = fields(fields(range)['Fix']);
      const version = text(fix['Version']);
      const base = advisoryOf({ id: 'CVE-1', ecosystem: 'npm', name: 'a', constraint: undefined });
      const affected = base.affected.map((one) => ({
        ...one,
        order: 'npm',
        ranges: [version === '' ? {} : { fixed: version }],
        fixState: fixStateOf(fix['State']) as AffectedPackage['fixState'],
      }));
      return { ...base, affected };
    });
    const finding = match([packageOf({ name: 'a', version: '0.0.1', type: 'npm' })], memoryLookup(advisories))
      .findings[0];
    const expected = fields(row['expectedFix']);
    return expectEqual(
      {
        state: fixStateOf(expected['State']),
        versions: texts(expected['Versions']),
        available: list(expected['Available']).length,
      },
      // When a fix became available is not kept.
      { state: finding?.fixState ?? 'unknown', versions: finding?.fixedVersions ?? [], available: 0 },
    );
  },
  'grype/presenter/models/vulnerability_test.go#Test_sortVersions': (row) => {
    const advisories = texts(row['versions']).map((version, index) => {
      const base = advisoryOf({
        id: `CVE-${index}`,
        aliases: ['CVE-X'],
        ecosystem: 'npm',
        name: 'a',
        constraint: undefined,
      });
      return {
        ...base,
        affected: base.affected.map((one) => ({
          ...one,
          order: 'semver',
          ranges: [{ fixed: version }],
          fixState: 'fixed' as const,
        })),
      };
    });
    const item = packageOf({ name: 'a', version: '0.0.0-0', type: 'npm' });
    return expectEqual(texts(row['expected']), match([item], memoryLookup(advisories)).findings[0]?.fixedVersions);
  },
  'grype/vulnerability_matcher_test.go#Test_HasSeverityAtOrAbove': (row) => {
    // The match that all rows share is not in the pack; by their names it is rated medium.
    const threshold = text(row['failOnSeverity']);
    const decision = {
      rule: 'vulnerability/CVE-1',
      subject: 's',
      outcome: 'fail',
      severity: 'medium',
      message: '',
      locations: [],
      evidence: [],
    } as const;
    const verdict = decide([decision], {
      threshold: threshold === '' ? undefined : (severityOf(threshold) as 'high'),
      coverage: [],
    });
    return expectEqual(row['expectedResult'] ?? false, verdict.exitCode === 1);
  },
  'grype/vulnerability_matcher_test.go#TestVulnerabilityMatcher_EOLDistroPackages': (row) => {
    if (fields(row['alertsConfig'])['EnableEOLDistroWarnings'] !== true) {
      const result = list(row['packages']).map(packageOfGrype);
      // Without a date nobody is told.
      return expectEqual(
        list(row['expectedEOLPackages']).length,
        match(result, memoryLookup([])).uncovered.filter((one) => one.reason === 'end-of-life').length,
      );
    }
    const told = list(row['packages']).filter((one) =>
      isPastSupport(distributionOf(fields(one)['Distro']), '2026-01-01T00:00:00Z'),
    );
    return expectSameSet(
      list(row['expectedEOLPackages']).map((one) => text(fields(one)['Name']) || text(one)),
      told.map((one) => text(fields(one)['Name'])),
    );
  },
};

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, { ...realData, ...ranges });
}
