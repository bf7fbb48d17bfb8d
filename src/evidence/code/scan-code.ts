// SPDX-License-Identifier: Apache-2.0
// Runs code rules over files: each file is parsed at most once per language, and only when a rule could match in it. Structural matching, no flow of
// data is followed (docs/code.md says so to users).
import type { CodeLanguage, SyntaxEngine, SyntaxMatch, SyntaxTree } from '../../formats/syntax-tree.ts';
import { languageOfFile } from '../../formats/syntax-tree.ts';
import type { CodeFinding } from '../../model/code-finding.ts';
import { messageOf } from '../../model/error.ts';
import type { Problem } from '../../model/problem.ts';
import type { Severity } from '../../model/severity.ts';
import { sha256 } from '../../model/sha256.ts';
import type { Fix } from '../../model/text-edit.ts';
import type { CodeRule } from './code-rule.ts';
import { ignoredLines } from './inline-ignores.ts';
import { CodeRuleIndex } from './rule-index.ts';

export interface CodeText {
  readonly path: string;
  readonly text: string;
}

export interface CodeResult {
  readonly findings: readonly CodeFinding[];
  /** Findings that a comment in the file takes out. */
  readonly ignored: readonly CodeFinding[];
  readonly problems: readonly Problem[];
}

export class CodeScanner {
  readonly #engine: SyntaxEngine;
  readonly #index: CodeRuleIndex;
  readonly #refused: Problem[] = [];
  /** Milliseconds per rule id, where a clock is given. */
  readonly timing = new Map<string, number>();
  readonly #now: () => number;

  /** `now` gives milliseconds, for the timing of rules. */
  constructor(rules: readonly CodeRule[], engine: SyntaxEngine, now: () => number = () => 0) {
    this.#engine = engine;
    this.#now = now;
    const usable = rules.filter((rule) => this.#understands(rule));
    this.#index = new CodeRuleIndex(usable);
  }

  /** Rules that the engine refuses; each hides findings. */
  get problems(): readonly Problem[] {
    return this.#refused;
  }

  /** Whether a rule could be for this file. */
  wants(path: string): boolean {
    const language = languageOfFile(path);
    return language !== undefined && this.#index.hasRulesFor(language);
  }

  scan({ path, text }: CodeText): CodeResult {
    const language = languageOfFile(path);
    if (language === undefined) return { findings: [], ignored: [], problems: [] };
    return this.scanAs(language, { path, text });
  }

  /** As `scan`, for a text whose name does not tell its language. */
  scanAs(language: CodeLanguage, { path, text }: CodeText): CodeResult {
    const rules = this.#index.candidates(language, { path, text });
    if (rules.length === 0) return { findings: [], ignored: [], problems: [] };
    const tree = this.#engine.parse(language, text);
    if (tree === undefined) {
      const message = this.#engine.languages.has(language)
        ? `could not be parsed as ${language}`
        : `${rules.length} rules could match here, and there is no parser for ${language} (docs/code.md tells how to install one)`;
      return {
        findings: [],
        ignored: [],
        problems: [{ kind: 'unsupported', message, location: { path }, hidesFindings: true }],
      };
    }
    const found = rules.flatMap((rule) =>
      this.#timed(rule, tree).map((match) => findingOf(rule, match, { path, text })),
    );
    const isIgnored = ignoredLines(text);
    return {
      findings: found.filter(({ id, location }) => !isIgnored(id, location.line ?? 0)),
      ignored: found.filter(({ id, location }) => isIgnored(id, location.line ?? 0)),
      problems: [],
    };
  }

  #timed(rule: CodeRule, tree: SyntaxTree): readonly SyntaxMatch[] {
    const start = this.#now();
    const matches = tree.find(rule.matcher);
    this.timing.set(rule.id, (this.timing.get(rule.id) ?? 0) + this.#now() - start);
    return matches;
  }

  /** A rule is tried on an empty text, because the engine tells only then what it does not accept. */
  #understands(rule: CodeRule): boolean {
    if (!this.#engine.languages.has(rule.language)) return true;
    try {
      this.#engine.parse(rule.language, '')?.find(rule.matcher);
      return true;
    } catch (error) {
      this.#refused.push({
        kind: 'schema',
        message: `rule ${rule.id} is not accepted: ${messageOf(error).slice(0, 500)}`,
        location: rule.location,
        hidesFindings: true,
      });
      return false;
    }
  }
}

function findingOf(rule: CodeRule, match: SyntaxMatch, { path, text }: CodeText): CodeFinding {
  const fix = fixOf(rule, match, path);
  return {
    kind: 'code',
    id: rule.id,
    title: firstSentence(rule.message),
    message: withVariables(rule.message, match),
    severity: severityIn(path, rule.severity),
    confidence: rule.confidence,
    location: { path, line: match.start.line, endLine: match.end.line, column: match.start.column },
    cwes: rule.cwes,
    reportedBy: ['landwaiter'],
    fingerprint: fingerprintOf(rule.id, path, lineAround(text, match)),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** What only a test does is not what is shipped; malicious code hides there too, so it is told. */
function severityIn(path: string, severity: Severity): Severity {
  return severity !== 'critical' && isTest.test(path) ? 'low' : severity;
}

const isTest =
  /(?:^|\/)(?:tests?|__tests__|testdata|fixtures)\/|[._-](?:test|spec)\.[a-z]{1,5}$|(?:^|\/)test_[^/]{1,200}\.py$/i;

/** The same while the line stays as it is, wherever it moves in its file. */
function fingerprintOf(id: string, path: string, line: string): string {
  return sha256(`${id}\n${path}\n${line.trim().replace(/\s+/g, ' ')}`).slice(0, 32);
}

function lineAround(text: string, { start }: SyntaxMatch): string {
  const from = text.lastIndexOf('\n', start.offset - 1) + 1;
  const end = text.indexOf('\n', start.offset);
  return text.slice(from, end === -1 ? text.length : end).slice(0, 2000);
}

function fixOf(rule: CodeRule, match: SyntaxMatch, path: string): Fix | undefined {
  if (rule.fix === undefined || rule.matcher.transform !== undefined) return undefined;
  return {
    title: `Replace with what the rule ${rule.id} proposes`,
    safety: 'unsafe',
    edits: [{ path, start: match.start.offset, end: match.end.offset, text: withVariables(rule.fix, match) }],
  };
}

function withVariables(template: string, match: SyntaxMatch): string {
  return template.replace(/\${1,3}([A-Z_][A-Z0-9_]{0,100})/g, (whole, name: string) => match.variable(name) ?? whole);
}

function firstSentence(message: string): string {
  const text = message.replace(/\s+/g, ' ');
  const end = text.search(/\.(?:\s|$)/);
  return (end === -1 ? text : text.slice(0, end)).slice(0, 120);
}
