// SPDX-License-Identifier: Apache-2.0
// What CycloneDX documents show of a run, and the versions they are written in.
import { LandwaiterError } from '../../model/error.ts';
import type { EvidenceGraph } from '../../model/graph.ts';
import { coverageOf, packageListsOf, vulnerabilitiesOf } from '../../model/projection.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { BomContent } from './content.ts';
import type { Minor } from './notation.ts';

/** The parts of a report's view that are written. */
export interface Run extends Pick<BomContent, 'target' | 'tool' | 'createdAt'> {
  readonly graph: EvidenceGraph;
  readonly verdict?: Verdict;
  /** What was looked for; absent: vulnerabilities. */
  readonly scanners?: ReadonlySet<string>;
}

/** The graph in the terms of the format. Vulnerabilities are part of it when a scan looked for them. */
export function bomContentOf({ graph, target, tool, createdAt, verdict, scanners }: Run): BomContent {
  const { open, suppressed } = vulnerabilitiesOf(graph);
  const isLookedFor = verdict !== undefined && scanners?.has('vuln') !== false;
  return {
    target,
    tool,
    createdAt: wholeSeconds(createdAt),
    lists: packageListsOf(graph),
    coverage: coverageOf(graph),
    ...(isLookedFor ? { vulnerabilities: [...open, ...suppressed] } : {}),
  };
}

function wholeSeconds(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The minor number of the version asked for, 1.6 when none is. Throws USAGE for others than 1.6 and 1.7. */
export function writtenMinor(formatVersion: string | undefined): Minor {
  switch (formatVersion) {
    case undefined:
    case '1.6':
      return 6;
    case '1.7':
      return 7;
    default: {
      const message = `CycloneDX is not written in version ${formatVersion}`;
      throw new LandwaiterError({ code: 'USAGE', message, hint: 'it takes 1.6 and 1.7' });
    }
  }
}
