// SPDX-License-Identifier: Apache-2.0
// Code rules over the source files of a target, with the results that other analysers left in SARIF files.
import type { CodeRule } from '../../evidence/code/code-rule.ts';
import { mergeCodeFindings } from '../../evidence/code/merge-findings.ts';
import { CodeScanner } from '../../evidence/code/scan-code.ts';
import type { SyntaxEngine } from '../../formats/syntax-tree.ts';
import type { CodeFinding } from '../../model/code-finding.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import { sha256 } from '../../model/sha256.ts';
import type { FileScanner, ScannerDecision } from './file-scanner.ts';

export interface CodeScanOptions {
  readonly rules: readonly CodeRule[];
  readonly engine: SyntaxEngine;
  /** Found by other analysers. */
  readonly imported: readonly CodeFinding[];
  /** Of reading rules and SARIF files. */
  readonly problems: readonly Problem[];
}

export function codeFileScanner({ rules, engine, imported, problems: given }: CodeScanOptions): FileScanner {
  const scanner = new CodeScanner(rules, engine);
  const found: CodeFinding[] = [...imported];
  const ignored: CodeFinding[] = [];
  const problems: Problem[] = [...given, ...scanner.problems];
  const decoder = new TextDecoder();
  let looked = 0;
  return {
    name: 'code',
    rulesDigest: sha256(JSON.stringify([rules, [...engine.languages]])),
    mayWant: (_folder, name) => scanner.wants(name),
    wants: (path) => scanner.wants(path),
    take: ({ path, bytes }) => {
      looked += 1;
      if (bytes.length > defaultLimits.sourceFileBytes) {
        const message = `${bytes.length} bytes of source, more than the limit of ${defaultLimits.sourceFileBytes}; code rules did not look at it`;
        problems.push({ kind: 'limit', message, location: { path }, hidesFindings: true });
        return;
      }
      const result = scanner.scan({ path, text: decoder.decode(bytes) });
      found.push(...result.findings);
      ignored.push(...result.ignored);
      problems.push(...result.problems);
    },
    finish: () => {
      const findings = mergeCodeFindings(found);
      const inline: ScannerDecision['suppressed'] = {
        by: 'ignore',
        source: 'comment in the file',
        reason: 'not stated',
      };
      return Promise.resolve({
        decisions: [
          ...findings.map((finding) => decisionOf(finding)),
          ...ignored.map((finding) => ({ ...decisionOf(finding), suppressed: inline })),
        ],
        problems,
        notable: new Set([
          ...[...found, ...ignored].map(({ location }) => location.path),
          ...problems.map(({ location }) => location.path),
        ]),
        fact: {
          scanner: 'code',
          looked,
          rules: rules.length,
          findings: findings.map(({ id, location, fingerprint }) => ({ id, locations: [location], fingerprint })),
        },
      });
    },
  };
}

function decisionOf(finding: CodeFinding): ScannerDecision {
  const { id, severity, message, location } = finding;
  return { rule: `code/${id}`, outcome: 'fail', severity, message, locations: [location], finding };
}
