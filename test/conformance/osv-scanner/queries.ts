// SPDX-License-Identifier: Apache-2.0
// osv-queries.jsonl: what osv.dev answered for one package. A case is a query in an ecosystem that the data holds; every listed advisory
// that the data has for the package must be found, more is no failure (the answers date from their recording).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ecosystemKey } from '../../../src/advisories/feed-facts.ts';
import { normaliseName } from '../../../src/advisories/names.ts';
import { asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { distributionOf } from '../../../src/formats/purl-package.ts';
import type { Distribution } from '../../../src/model/package.ts';
import { packageOf } from '../../../src/model/package.ts';
import { findingsIn } from '../../support/scan-packages.ts';
import type { VulnerabilityData } from '../../support/vulnerability-data.ts';
import { vulnerabilityData } from '../../support/vulnerability-data.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectSameSet } from '../pack.ts';

interface Query {
  readonly id: string;
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly advisories: readonly string[];
}

interface Kind {
  readonly type: string;
  /** ID of os-release, for ecosystems with releases. */
  readonly system?: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  Alpine: { type: 'apk', system: 'alpine' },
  AlmaLinux: { type: 'rpm', system: 'almalinux' },
  Bitnami: { type: 'bitnami' },
  Debian: { type: 'deb', system: 'debian' },
  Go: { type: 'golang' },
  Hackage: { type: 'hackage' },
  Maven: { type: 'maven' },
  NuGet: { type: 'nuget' },
  Packagist: { type: 'composer' },
  PyPI: { type: 'pypi' },
  RubyGems: { type: 'gem' },
  SwiftURL: { type: 'swift' },
  Ubuntu: { type: 'deb', system: 'ubuntu' },
  'crates.io': { type: 'cargo' },
  npm: { type: 'npm' },
  openSUSE: { type: 'rpm', system: 'opensuse-leap' },
};

export function queryCases(root: string): readonly ConformanceCase[] {
  const file = join(root, 'osv-queries.jsonl');
  const data = existsSync(file) ? vulnerabilityData() : undefined;
  if (data === undefined) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => queryOf(JSON.parse(line)))
    .filter((query) => data.lookup.covers(ecosystemKey(query.ecosystem)))
    .map((query) => ({ id: `queries:${query.id}`, run: () => run(query, data) }));
}

function queryOf(value: unknown): Query {
  const row = asObject(value) ?? {};
  const item = asObject(row['package']) ?? {};
  return {
    id: asString(row['id']) ?? '',
    ecosystem: asString(item['ecosystem']) ?? '',
    name: asString(item['name']) ?? '',
    version: asString(row['version']) ?? '',
    advisories: asStrings(row['vulns']),
  };
}

async function run(query: Query, data: VulnerabilityData): Promise<CaseResult> {
  const [base = '', release = ''] = query.ecosystem.split(/:(.*)/s);
  const kind = kinds[base] ?? { type: base.toLowerCase() };
  const item = packageOf({ name: query.name, version: query.version, type: kind.type });
  const distribution: Distribution | undefined =
    kind.system === undefined ? undefined : distributionOf(kind.system, release.replace(/^v|^Leap /, ''));
  const findings = await findingsIn([item], distribution, data.lookup);
  const found = new Set(
    findings.flatMap(({ id, aliases, matches }) => [id, ...aliases, ...matches.map((match) => match.advisory)]),
  );
  const held = query.advisories.map(plainId).filter((id) => isHeld(id, query, data));
  return expectSameSet(
    held,
    held.filter((id) => found.has(id)),
  );
}

/** Distributions' records of osv.dev put their name in front of the CVE. */
function plainId(id: string): string {
  return id.replace(/^[A-Z]{2,12}-(?=CVE-)/, '');
}

function isHeld(id: string, { ecosystem, name }: Query, { lookup }: VulnerabilityData): boolean {
  const key = ecosystemKey(ecosystem);
  return lookup
    .find(key, normaliseName(key, name))
    .some(({ advisory }) => [advisory.id, ...advisory.aliases, ...(advisory.fixes ?? [])].includes(id));
}
