// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { SyntaxEngine } from '../../formats/syntax-tree.ts';
import { loadSyntaxEngine, openSyntaxEngine } from '../../io/syntax-engine.ts';
import type { CodeFinding } from '../../model/code-finding.ts';
import { mergeCodeFindings } from './merge-findings.ts';
import { parseCodeRules } from './rule-file.ts';
import { CodeScanner } from './scan-code.ts';

const engine = await loadSyntaxEngine();

const rule = `
id: no-eval
language: js
severity: error
message: Do not call eval with $CODE
note: "[CWE-95] write the code instead"
rule: { pattern: eval($CODE) }
fix: run($CODE)
files: ['src/**']
`;

function scannerOf(text: string, by: SyntaxEngine = engine): CodeScanner {
  return new CodeScanner(parseCodeRules(text, 'rule.yml').rules, by);
}

describe('scanning source code', () => {
  test('a rule that is also for a language nobody knows lost it in silence', () => {
    const { rules, problems } = parseCodeRules(`${rule}metadata: { alsoFor: [typescript, typoscript] }\n`, 'rule.yml');

    expect(rules.map(({ language }) => language)).toEqual(['javascript', 'typescript']);
    expect(problems).toMatchObject([{ hidesFindings: true, message: expect.stringContaining('typoscript') }]);
  });

  test('a match says what its variables caught, where it stands, and how it is fixed', () => {
    const text = '// ünïcödé 🎉\n  eval(body);\n';

    const { findings } = scannerOf(rule).scan({ path: 'src/a.js', text });

    expect(findings).toMatchObject([
      {
        id: 'no-eval',
        message: 'Do not call eval with body',
        severity: 'high',
        cwes: ['CWE-95'],
        location: { path: 'src/a.js', line: 2, column: 3 },
        fix: { edits: [{ path: 'src/a.js', text: 'run(body)' }] },
      },
    ]);
    const edit = findings[0]?.fix?.edits[0];
    expect(text.slice(edit?.start, edit?.end)).toBe('eval(body)');
  });

  test('a file that the globs of a rule leave out is not looked at', () => {
    expect(scannerOf(rule).scan({ path: 'lib/a.js', text: 'eval(body)' }).findings).toEqual([]);
  });

  test('in dependencies only rules for attacks look', () => {
    const attack = rule.replace('CWE-95', 'CWE-506').replace("files: ['src/**']", '');
    const path = 'node_modules/a/index.js';

    expect(scannerOf(rule.replace("files: ['src/**']", '')).scan({ path, text: 'eval(a)' }).findings).toEqual([]);
    expect(scannerOf(attack).scan({ path, text: 'eval(a)' }).findings).toHaveLength(1);
  });

  test('a comment takes a finding out and is counted', () => {
    const text =
      '// landwaiter: ignore[no-eval]\neval(a)\neval(b) // ast-grep-ignore: other, no-eval\neval(c) // ast-grep-ignore: other';

    const { findings, ignored } = scannerOf(rule).scan({ path: 'src/a.js', text });

    expect(findings.map(({ location }) => location.line)).toEqual([4]);
    expect(ignored).toHaveLength(2);
  });

  test('the fingerprint stays when the line moves and changes when the line does', () => {
    const print = (text: string): string | undefined =>
      scannerOf(rule).scan({ path: 'src/a.js', text }).findings[0]?.fingerprint;

    expect(print('\n\n  eval(a)')).toBe(print('eval(a)'));
    expect(print('eval(b)')).not.toBe(print('eval(a)'));
  });

  test('a rule that the engine refuses is a problem, not a rule that finds nothing', () => {
    const scanner = scannerOf('id: bad\nlanguage: js\nrule: { kind: no_such_kind }\n');

    expect(scanner.problems).toMatchObject([{ hidesFindings: true }]);
  });

  test('utilities with names that ast-grep refuses are renamed with what refers to them', () => {
    const text = 'id: a\nlanguage: js\nutils: { "eval($X)": { pattern: eval($X) } }\nrule: { matches: "eval($X)" }\n';

    const scanner = scannerOf(text);

    expect(scanner.problems).toEqual([]);
    expect(scanner.scan({ path: 'a.js', text: 'eval(b)' }).findings).toHaveLength(1);
  });

  test('without a parser for its language a file that could hold a finding is a problem', async () => {
    const none = await openSyntaxEngine(() => Promise.reject(new Error('not installed')));

    const could = scannerOf(rule, none).scan({ path: 'src/a.js', text: 'eval(a)' });
    const couldNot = scannerOf(rule, none).scan({ path: 'src/a.js', text: 'run(a)' });

    expect(could.problems).toMatchObject([{ kind: 'unsupported', hidesFindings: true }]);
    expect(couldNot.problems).toEqual([]);
  });

  test.each(['id: a\nlanguage: cobol\nrule: {kind: x}', 'language: js\nrule: {}', 'id: a\nlanguage: js', '- 1', ': ['])(
    'the rule file %j is a problem',
    (text) => {
      const { rules, problems } = parseCodeRules(text, 'rule.yml');

      expect(rules).toEqual([]);
      expect(problems.some(({ hidesFindings }) => hidesFindings)).toBe(true);
    },
  );

  test.each([
    ['deep nesting', '('.repeat(20_000)],
    ['one long line', `a = "${'x'.repeat(1_000_000)}"; eval(a)`],
    ['no text', '\0\uFFFD'],
  ])('hostile source (%s) ends', (_name, text) => {
    expect(() => scannerOf(rule).scan({ path: 'src/a.js', text: `${text}\neval(x)` })).not.toThrow();
  });
});

describe('findings of several analysers', () => {
  const found = (more: Partial<CodeFinding>): CodeFinding => ({
    kind: 'code',
    id: 'a',
    title: '',
    message: '',
    severity: 'medium',
    confidence: 'medium',
    location: { path: 'a.py', line: 10 },
    cwes: ['CWE-78'],
    reportedBy: ['landwaiter'],
    fingerprint: 'one',
    ...more,
  });

  test('of one weakness in one place become one, with the worst severity and all names', () => {
    const other = found({
      id: 'b',
      severity: 'high',
      location: { path: 'a.py', line: 12 },
      reportedBy: ['Bandit'],
      fingerprint: 'two',
    });

    expect(mergeCodeFindings([found({}), other])).toMatchObject([
      { severity: 'high', reportedBy: ['Bandit', 'landwaiter'], fingerprint: 'one' },
    ]);
  });

  test.each([
    [{ location: { path: 'a.py', line: 20 }, reportedBy: ['Bandit'] }],
    [{ location: { path: 'b.py', line: 10 }, reportedBy: ['Bandit'] }],
    [{ cwes: ['CWE-89'], reportedBy: ['Bandit'] }],
    [{ id: 'b' }],
  ])('stay apart when they differ in %j', (more) => {
    expect(mergeCodeFindings([found({}), found(more)])).toHaveLength(2);
  });
});
