// SPDX-License-Identifier: Apache-2.0
// Code rules over the source files of a target, with the results that other analysers left in SARIF files. While files are walked only their words are
// looked at; parsers, which are large native libraries, are loaded at the end, and only when a rule could match somewhere.
import { mergeCodeFindings } from '../../evidence/code/merge-findings.ts';
import { parseCodeRules } from '../../evidence/code/rule-file.ts';
import { CodeRuleIndex } from '../../evidence/code/rule-index.ts';
import type { CodeText } from '../../evidence/code/scan-code.ts';
import { CodeScanner } from '../../evidence/code/scan-code.ts';
import type { SyntaxEngine } from '../../formats/syntax-tree.ts';
import { languageOfFile } from '../../formats/syntax-tree.ts';
import { decodeText } from '../../formats/text.ts';
import type { CodeFinding } from '../../model/code-finding.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import { sha256 } from '../../model/sha256.ts';
import type { CodeRuleText } from './code-rules.ts';
import type { FileScanner, ScannerDecision } from './file-scanner.ts';

export interface CodeScanOptions {
  readonly shipped: readonly CodeRuleText[];
  /** Those of the user: read even when there is nothing to look at, because one that is not understood must be told. */
  readonly named: readonly CodeRuleText[];
  readonly loadEngine: () => Promise<SyntaxEngine>;
  /** Found by other analysers. */
  readonly imported: readonly CodeFinding[];
  /** Of reading their files. */
  readonly problems: readonly Problem[];
}

export function codeFileScanner(options: CodeScanOptions): FileScanner {
  const problems: Problem[] = [...options.problems];
  const waiting: CodeText[] = [];
  let looked = 0;
  let ready: { readonly rules: ReturnType<typeof readRules>; readonly index: CodeRuleIndex } | undefined;
  const prepare = (): NonNullable<typeof ready> => {
    if (ready === undefined) {
      const rules = readRules([...options.shipped, ...options.named]);
      ready = { rules, index: new CodeRuleIndex(rules.rules) };
      problems.push(...rules.problems);
    }
    return ready;
  };
  return {
    name: 'code',
    rulesDigest: sha256(JSON.stringify([options.shipped, options.named])),
    mayWant: (_folder, name) => languageOfFile(name) !== undefined,
    wants: (path) => languageOfFile(path) !== undefined,
    take: ({ path, bytes }) => {
      const language = languageOfFile(path);
      const { index } = prepare();
      if (language === undefined || !index.hasRulesFor(language)) return;
      looked += 1;
      if (bytes.length > defaultLimits.sourceFileBytes) {
        const message = `${bytes.length} bytes of source, more than the limit of ${defaultLimits.sourceFileBytes}; code rules did not look at it`;
        problems.push({ kind: 'limit', message, location: { path }, hidesFindings: true });
        return;
      }
      // What it has to guess changes nothing here: the parsers take any text.
      const { text } = decodeText(bytes, path);
      if (index.candidates(language, { path, text }).length > 0) waiting.push({ path, text });
    },
    finish: async () => {
      if (options.named.length > 0) prepare();
      const rules = ready?.rules.rules ?? [];
      const scanned =
        waiting.length === 0 ? nothing : scanAll(waiting, new CodeScanner(rules, await options.loadEngine()));
      problems.push(...scanned.problems);
      const findings = mergeCodeFindings([...options.imported, ...scanned.findings]);
      const inline: ScannerDecision['suppressed'] = {
        by: 'ignore',
        source: 'comment in the file',
        reason: 'not stated',
      };
      return {
        decisions: [
          ...findings.map((finding) => decisionOf(finding)),
          ...scanned.ignored.map((finding) => ({ ...decisionOf(finding), suppressed: inline })),
        ],
        problems,
        notable: new Set([...findings, ...scanned.ignored, ...problems].map(({ location }) => location.path)),
        fact: {
          scanner: 'code',
          looked,
          rules: rules.length,
          findings: findings.map(({ id, location, fingerprint }) => ({ id, locations: [location], fingerprint })),
        },
      };
    },
  };
}

function readRules(texts: readonly CodeRuleText[]) {
  const read = texts.map(({ path, text }) => parseCodeRules(text, path));
  return { rules: read.flatMap(({ rules }) => rules), problems: read.flatMap(({ problems }) => problems) };
}

interface Scanned {
  readonly findings: readonly CodeFinding[];
  readonly ignored: readonly CodeFinding[];
  readonly problems: readonly Problem[];
}

const nothing: Scanned = { findings: [], ignored: [], problems: [] };

function scanAll(files: readonly CodeText[], scanner: CodeScanner): Scanned {
  const results = files.map((file) => scanner.scan(file));
  return {
    findings: results.flatMap(({ findings }) => findings),
    ignored: results.flatMap(({ ignored }) => ignored),
    problems: [...scanner.problems, ...results.flatMap(({ problems }) => problems)],
  };
}

function decisionOf(finding: CodeFinding): ScannerDecision {
  const { id, severity, message, location } = finding;
  return { rule: `code/${id}`, outcome: 'fail', severity, message, locations: [location], finding };
}
