// SPDX-License-Identifier: Apache-2.0
// Scans packages as an SBOM would state them, through the functions that the command line calls.
import type { AdvisoryLookup } from '../../src/advisories/lookup.ts';
import { inspect } from '../../src/apps/inspect.ts';
import { scanInspection } from '../../src/apps/scan.ts';
import type { VulnerabilityFinding } from '../../src/model/finding.ts';
import type { Distribution, Package } from '../../src/model/package.ts';
import { vulnerabilitiesOf } from '../../src/model/projection.ts';

/** Vulnerabilities that are left open. */
export async function findingsIn(
  packages: readonly Package[],
  distribution: Distribution | undefined,
  lookup: AdvisoryLookup,
): Promise<readonly VulnerabilityFinding[]> {
  const now = '2026-06-01T00:00:00Z';
  const list = {
    cataloger: 'table',
    path: 'table',
    ecosystem: packages[0]?.type ?? '',
    kind: 'installed',
    packages,
  } as const;
  const document = {
    format: 'cyclonedx',
    specVersion: '1.6',
    name: 'table',
    tools: [],
    lists: [distribution === undefined ? list : { ...list, distribution }],
    problems: [],
  } as const;
  const target = { kind: 'sbom', target: 'sbom:table', path: 'table', document } as const;
  const inspection = await inspect(target, { catalogers: [], observedAt: now, scopes: 'all' });
  scanInspection(inspection, {
    lookup,
    ignores: [],
    vex: [],
    keep: () => true,
    threshold: undefined,
    tolerated: new Set(),
    now,
  });
  return vulnerabilitiesOf(inspection.graph).open.map(({ finding }) => finding);
}
