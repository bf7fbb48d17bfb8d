// SPDX-License-Identifier: Apache-2.0
// Several analysers, one list: two results are the same when they are in one file, a few lines from each other, and speak of the same CWE.
import type { CodeFinding } from '../../model/code-finding.ts';
import { severityRank } from '../../model/severity.ts';

/** Analysers point at the call, the argument or the statement. */
const lineWindow = 2;

/** Findings in order of place. Of those that are the same the worst severity stays, with the names of all who reported it. */
export function mergeCodeFindings(findings: readonly CodeFinding[]): readonly CodeFinding[] {
  const sorted = [...findings].sort(
    (a, b) =>
      compare(a.location.path, b.location.path) ||
      (a.location.line ?? 0) - (b.location.line ?? 0) ||
      compare(a.id, b.id),
  );
  const kept: CodeFinding[] = [];
  for (const finding of sorted) {
    const index = kept.findLastIndex((other) => isSame(other, finding));
    const same = kept[index];
    if (same === undefined) kept.push(finding);
    else kept[index] = joined(same, finding);
  }
  return kept;
}

/** Results of one analyser are never folded: it knows why it told of two. */
function isSame(a: CodeFinding, b: CodeFinding): boolean {
  if (a.location.path !== b.location.path || b.reportedBy.some((name) => a.reportedBy.includes(name))) return false;
  if (Math.abs((a.location.line ?? 0) - (b.location.line ?? 0)) > lineWindow) return false;
  return a.cwes.some((cwe) => b.cwes.includes(cwe));
}

function joined(a: CodeFinding, b: CodeFinding): CodeFinding {
  const lead = severityRank(b.severity) < severityRank(a.severity) ? b : a;
  return {
    ...lead,
    cwes: [...new Set([...a.cwes, ...b.cwes])].sort(),
    reportedBy: [...new Set([...a.reportedBy, ...b.reportedBy])].sort(),
    // Whoever ignored the first of them shall not see it again because another analyser found it too.
    fingerprint: a.fingerprint,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
