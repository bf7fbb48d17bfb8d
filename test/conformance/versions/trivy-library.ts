// SPDX-License-Identifier: Apache-2.0
// Runs Trivy's library detection table: a package against advisories of trivy-db fixtures, through matchPackages.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { intervalsOfSet, setOfAlternatives } from '../../../src/advisories/interval-set.ts';
import { matchPackages } from '../../../src/advisories/match.ts';
import { memoryLookup } from '../../../src/advisories/memory-lookup.ts';
import { normaliseName } from '../../../src/advisories/names.ts';
import { ecosystemOfBucket } from '../../../src/advisories/trivy-buckets.ts';
import { parseConstraint } from '../../../src/advisories/version-text/constraint.ts';
import { orderOfEcosystem } from '../../../src/advisories/versions/index.ts';
import type { Advisory } from '../../../src/model/advisory.ts';
import { packageOf } from '../../../src/model/package.ts';
import { type CaseResult, expectEqual } from '../pack.ts';
import { type Row, textOf } from './rows.ts';

interface Pair {
  readonly bucket?: string;
  readonly key?: string;
  readonly value?: Readonly<Record<string, unknown>>;
  readonly pairs?: readonly Pair[];
}

/** Trivy's names of lock file kinds, and the purl type. */
const types: Readonly<Record<string, string>> = {
  gomod: 'golang',
  gobinary: 'golang',
  composer: 'composer',
  'python-pkg': 'pypi',
  pip: 'pypi',
  npm: 'npm',
  'node-pkg': 'npm',
  bundler: 'gem',
  jar: 'maven',
  pom: 'maven',
  julia: 'julia',
};

function advisoriesOf(files: readonly string[]): Advisory[] {
  const buckets = files.flatMap((file) => load(readFileSync(file, 'utf8')) as Pair[]);
  return buckets.flatMap(({ bucket = '', pairs = [] }) => {
    const [, source = ''] = bucket.split('::');
    const [ecosystem] = ecosystemOfBucket(bucket);
    if (ecosystem === undefined || source === '') return [];
    return pairs.flatMap((named) =>
      (named.pairs ?? []).map((pair) => advisoryOf({ ecosystem, source, name: named.bucket ?? '', pair })),
    );
  });
}

interface Place {
  readonly ecosystem: string;
  readonly source: string;
  readonly name: string;
  readonly pair: Pair;
}

function advisoryOf({ ecosystem, source, name, pair }: Place): Advisory {
  const value = pair.value ?? {};
  const order = orderOfEcosystem(ecosystem);
  const vulnerable = (value['VulnerableVersions'] ?? []) as readonly string[];
  const set = setOfAlternatives(parseConstraint(vulnerable.join(' || ')) ?? [], order);
  return {
    id: pair.key ?? '',
    aliases: (value['VendorIDs'] ?? []) as readonly string[],
    source,
    severities: [],
    cwes: [],
    affected: [
      {
        ecosystem,
        name: normaliseName(ecosystem, name),
        order: order.id,
        ranges: intervalsOfSet(set, order),
        versions: [],
        fixState: 'unknown',
      },
    ],
  };
}

/** Trivy lists all patched versions, we list those on the branch of the installed one: each of ours must be among Trivy's. */
export function detectRow(row: Row, root: string): CaseResult {
  if ('wantErr' in row) return { outcome: 'skipped', reason: 'about a broken record of the Bolt database' };
  const args = row['args'] as Readonly<Record<string, unknown>>;
  const files = (row['fixtures'] as readonly string[]).map((file) => join(root, 'inputs/pkg/detector/library', file));
  const type = types[textOf(row, 'libType')] ?? textOf(row, 'libType');
  const item = packageOf({ name: textOf(args, 'pkgName'), version: textOf(args, 'pkgVer'), type });
  const list = { cataloger: 'table', path: '', ecosystem: type, kind: 'installed', packages: [item] } as const;
  const { findings } = matchPackages([{ list, subjectOf: ({ id }) => id }], memoryLookup(advisoriesOf(files)));
  const wanted = (row['want'] ?? []) as readonly Readonly<Record<string, unknown>>[];
  return expectEqual(
    wanted.map((one) => ({
      id: one['VulnerabilityID'],
      name: one['PkgName'],
      version: one['InstalledVersion'],
      fixed: [],
      others: one['VendorIDs'] ?? [],
      source: (one['DataSource'] as Readonly<Record<string, unknown>>)['Name'],
    })),
    findings.map((finding) => ({
      id: finding.id,
      name: finding.package.name,
      version: finding.package.version,
      fixed: finding.fixedVersions.filter(
        (version) => !wanted.some((one) => textOf(one, 'FixedVersion').split(', ').includes(version)),
      ),
      others: finding.aliases,
      source: sourceName(finding.matches[0]?.source),
    })),
  );
}

/** Names of trivy-db's buckets and of its table of sources. */
function sourceName(bucket: string | undefined): string | undefined {
  return bucket === 'php-security-advisories' ? 'PHP Security Advisories Database' : bucket;
}
