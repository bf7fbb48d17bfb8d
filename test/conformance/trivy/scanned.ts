// SPDX-License-Identifier: Apache-2.0
// Runs the scan that the command line runs (look at a target, match, decide) with the database of a test.
import { memoryLookup } from '../../../src/advisories/memory-lookup.ts';
import type { Inspection, InspectOptions } from '../../../src/apps/inspect.ts';
import { inspect } from '../../../src/apps/inspect.ts';
import type { ScanResult } from '../../../src/apps/scan.ts';
import { scanInspection } from '../../../src/apps/scan.ts';
import type { Target } from '../../../src/apps/target.ts';
import { catalogers } from '../../../src/evidence/packages/index.ts';
import type { VulnerabilityFinding } from '../../../src/model/finding.ts';
import type { Distribution, Package } from '../../../src/model/package.ts';
import type { VulnerabilityDecision } from '../../../src/model/projection.ts';
import { vulnerabilitiesOf } from '../../../src/model/projection.ts';
import type { VexStatement } from '../../../src/model/vex.ts';
import type { TrivyDatabase } from './trivy-db.ts';
import { unnamedSource } from './trivy-db.ts';

export interface Scanned {
  readonly inspection: Inspection;
  readonly result: ScanResult;
  readonly open: readonly VulnerabilityDecision[];
  readonly suppressed: readonly VulnerabilityDecision[];
}

export interface ScanWith {
  readonly database: TrivyDatabase;
  readonly vex?: readonly VexStatement[];
  readonly scopes?: InspectOptions['scopes'];
  /** Looked for; absent: vulnerabilities. */
  readonly scanners?: readonly ('vuln' | 'license')[];
}

const now = '2021-08-25T12:20:30Z';

export async function scanTarget(target: Target, options: ScanWith): Promise<Scanned> {
  const scanners = options.scanners ?? ['vuln'];
  const inspection = await inspect(target, { catalogers, observedAt: now, scopes: options.scopes ?? 'all' });
  const result = scanInspection(inspection, {
    lookup: scanners.includes('vuln') ? memoryLookup(options.database.advisories) : undefined,
    licenses: scanners.includes('license') ? { allow: [], deny: [] } : undefined,
    ignores: [],
    vex: options.vex ?? [],
    keep: () => true,
    threshold: undefined,
    tolerated: new Set(),
    now,
  });
  return { inspection, result, ...vulnerabilitiesOf(inspection.graph) };
}

/** Scans packages as an SBOM would state them. */
export function scanPackages(
  packages: readonly Package[],
  distribution: Distribution | undefined,
  database: TrivyDatabase,
): Promise<Scanned> {
  const ecosystem = packages[0]?.type ?? '';
  const list = { cataloger: 'table', path: 'table', ecosystem, kind: 'installed', packages } as const;
  const document = {
    format: 'cyclonedx',
    specVersion: '1.6',
    name: 'table',
    tools: [],
    lists: [distribution === undefined ? list : { ...list, distribution }],
    problems: [],
  } as const;
  return scanTarget({ kind: 'sbom', target: 'sbom:table', path: 'table', document }, { database });
}

/** A finding in the terms of Trivy's reports. */
export function inTrivysWords(finding: VulnerabilityFinding): {
  readonly status: string;
  readonly severity: string;
  readonly source: string | undefined;
} {
  const words = { ...statusWords, unknown: 'affected' };
  const source = finding.severitySource.replace(/^(?:vendor|cvss):/, '');
  return {
    status: words[finding.fixState],
    // Trivy has no word for what is less than low.
    severity: finding.severity === 'negligible' ? 'LOW' : finding.severity.toUpperCase(),
    source: source === 'none' || source === unnamedSource ? undefined : source,
  };
}

const statusWords = {
  fixed: 'fixed',
  'not-fixed': 'affected',
  'will-not-fix': 'will_not_fix',
  'fix-deferred': 'fix_deferred',
  'end-of-life': 'end_of_life',
} as const;

/**
 * Trivy repeats every version that an advisory calls patched, we give the one on the branch of the installed version, or the first
 * that the affected range leaves out: ours must be among what the advisory names, and both or none must give one.
 */
export function isSameFix(finding: VulnerabilityFinding, stated: string, database: TrivyDatabase): boolean {
  const ours = new Set(finding.fixedVersions.map(plain));
  if (ours.size === 0 || stated === '') return ours.size === 0 && stated === '';
  const { name } = finding.package;
  const ids = [finding.id, ...finding.aliases, ...finding.matches.map((match) => match.advisory)];
  const named = [
    ...stated.split(',').map((part) => part.trim()),
    ...ids.flatMap((id) => database.fixes.get(`${name}\n${id}`) ?? []),
  ];
  return named.some((text) => ours.has(plain(text)));
}

/** Without operator, and without the epoch that says nothing. */
function plain(version: string): string {
  return version.replace(/^[<>=\s]{1,8}/, '').replace(/^0:/, '');
}
