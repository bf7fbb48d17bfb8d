// SPDX-License-Identifier: Apache-2.0
// integration/matcher-cases.json: one package and what the database says of it. A case does not tell the source package of an operating
// system package: where the database does not know the package's own name, the name under which it keeps the expected id is taken.
// Cases are positive: vulnerabilities that the fixture database holds beyond the expected ones (which a flag of the run left out) are allowed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceOfTrivy } from '../../../src/advisories/trivy-buckets.ts';
import { distributionOf, packageOfPurl, systemTypes } from '../../../src/formats/purl-package.ts';
import type { SourcePackage } from '../../../src/model/package.ts';
import { packageOf } from '../../../src/model/package.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import { fixtureDatabase } from './fixture-database.ts';
import { inTrivysWords, isSameFix, scanPackages } from './scanned.ts';
import type { TrivyDatabase } from './trivy-db.ts';

interface MatcherCase {
  readonly golden: string;
  readonly os?: { readonly Family?: string; readonly Name?: string };
  readonly class: string;
  readonly type: string;
  readonly package: { readonly name: string; readonly version: string; readonly purl?: string };
  readonly expected: readonly {
    readonly VulnerabilityID: string;
    readonly FixedVersion?: string;
    readonly Status?: string;
    readonly Severity?: string;
    readonly SeveritySource?: string;
  }[];
}

export function cases(root: string): ConformanceCase[] {
  const file = join(root, 'integration', 'matcher-cases.json');
  if (!existsSync(file)) return [];
  const rows = JSON.parse(readFileSync(file, 'utf8')) as MatcherCase[];
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const golden = row.golden.replace(/^.*golden\//, '').replace(/\.golden$/, '');
    const name = `integration/matcher-cases/${golden}/${row.package.name}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { id: count === 1 ? name : `${name}/${count}`, run: () => run(row, root) };
  });
}

/** Goldens whose vulnerabilities do not follow from the package and the database. */
const underivable: readonly (readonly [RegExp, string])[] = [
  [/fixtures\/convert\//, 'a converted report, whose vulnerabilities the database does not hold'],
  [/spring4shell-jre8/, 'a plugin of Trivy changes the severity'],
  [/alpine-distroless/, 'the package repository of the image decides, which the case does not state'],
];

async function run(row: MatcherCase, root: string): Promise<CaseResult> {
  const reason = underivable.find(([pattern]) => pattern.test(row.golden))?.[1];
  if (reason !== undefined) return { outcome: 'skipped', reason };
  const database = fixtureDatabase(root);
  const found = packageOfPurl(row.package.purl ?? '');
  const type = found?.type ?? row.type;
  const isSystem = systemTypes.has(type);
  const { name, version } = row.package;
  const sources = isSystem ? sourcesOf(row, database) : [];
  const item = packageOf({
    name,
    version,
    type,
    ...(row.package.purl === undefined ? {} : { purl: row.package.purl }),
    ...(found === undefined ? {} : { facts: found.facts }),
    ...(sources.length === 0 ? {} : { sources }),
  });
  const distribution =
    isSystem && row.os !== undefined ? distributionOf(row.os.Family ?? '', releaseOf(row.os.Name ?? '')) : undefined;
  const { open } = await scanPackages([item], distribution, database);
  const wanted = row.expected.map((one) => ({
    id: one.VulnerabilityID,
    fixed: true,
    status: one.Status,
    severity: one.Severity,
    source: one.SeveritySource === undefined ? undefined : sourceOfTrivy(one.SeveritySource),
  }));
  const actual = row.expected.map((one) => {
    const finding = open.find((item) => item.finding.id === one.VulnerabilityID)?.finding;
    if (finding === undefined) return undefined;
    return { id: finding.id, fixed: isSameFix(finding, one.FixedVersion ?? '', database), ...inTrivysWords(finding) };
  });
  return expectEqual(wanted, actual);
}

/** `AMI release 2018.03` */
function releaseOf(name: string): string {
  return name.replace(/^AMI release /, '');
}

function sourcesOf(row: MatcherCase, database: TrivyDatabase): readonly SourcePackage[] {
  const { name, version } = row.package;
  const speaking = database.advisories.filter((advisory) =>
    row.expected.some((one) => [advisory.id, ...(advisory.fixes ?? [])].includes(one.VulnerabilityID)),
  );
  const names = new Set(speaking.flatMap((advisory) => advisory.affected.map((affected) => affected.name)));
  if (names.has(name)) return [];
  return [...names].map((source) => ({ name: source, version }));
}
