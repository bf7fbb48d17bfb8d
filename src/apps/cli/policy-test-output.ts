// SPDX-License-Identifier: Apache-2.0
// What `landwaiter policy test` prints: results that were not as expected, and those that passed only because no rule was about the resource. For people
// as a table or Markdown, for programs as JSON, for build servers as JUnit.
import type { Column } from '../../formats/text-table.ts';
import { layoutTable, printable } from '../../formats/text-table.ts';
import { escapeXml } from '../../formats/xml-print.ts';
import { plural } from '../../model/quantity.ts';
import type { TestReport } from '../policy/kyverno-test.ts';
import type { TestRow } from '../policy/kyverno-test-check.ts';

export const testForms = ['table', 'json', 'junit', 'markdown'] as const;
export type TestForm = (typeof testForms)[number];
export type RowCounts = Readonly<Record<TestRow['outcome'], number>>;

/** Files in the reports are named as they are to be shown. */
export const testTexts: Readonly<Record<TestForm, (reports: readonly TestReport[]) => string>> = {
  table: tableText,
  json: (reports) => `${JSON.stringify({ counts: countRows(reports), tests: reports }, undefined, 2)}\n`,
  junit: junitText,
  markdown: markdownText,
};

export function countRows(reports: readonly TestReport[]): RowCounts {
  const counts = { passed: 0, excluded: 0, failed: 0, unsupported: 0 };
  for (const { rows } of reports) for (const { outcome } of rows) counts[outcome] += 1;
  return counts;
}

const columns: readonly Column[] = [
  { title: 'RESULT' },
  { title: 'POLICY' },
  { title: 'RULE' },
  { title: 'RESOURCE' },
  { title: 'EXPECTED' },
  { title: 'WHY', shrink: 'end' },
];

/** Passed ones are only counted: what is not as expected, or hidden by exclusion, is what people look for. */
function toldRows(reports: readonly TestReport[]): readonly (readonly string[])[] {
  return reports.flatMap(({ file, rows }) =>
    rows
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ outcome, policy, rule, resource, expected, message }) =>
        [outcome, policy, rule, resource, expected, `${message} (${file})`].map(printable),
      ),
  );
}

function problemsOf(reports: readonly TestReport[]): readonly string[] {
  return reports.flatMap(({ file, problems }) => problems.map((message) => printable(`${file}: ${message}`)));
}

function tableText(reports: readonly TestReport[]): string {
  const rows = toldRows(reports);
  const table = rows.length === 0 ? [] : layoutTable(columns, rows, undefined);
  return `${[...table, ...problemsOf(reports), sentence(reports)].join('\n')}\n`;
}

function sentence(reports: readonly TestReport[]): string {
  const { passed, failed, unsupported, excluded } = countRows(reports);
  const parts = [
    `${passed} passed`,
    `${failed} failed`,
    ...(unsupported === 0 ? [] : [`${unsupported} could not be run`]),
    ...(excluded === 0 ? [] : [`${excluded} excluded (passed only because no rule is about the resource)`]),
  ];
  return `${plural(reports.length, 'test')}: ${parts.join(', ')}`;
}

function markdownText(reports: readonly TestReport[]): string {
  const cell = (text: string): string => text.replaceAll(/[\\`*_<>|[\]]/g, (mark) => `\\${mark}`);
  const lines = toldRows(reports).map((row) => `| ${row.map(cell).join(' | ')} |`);
  const table = [`| ${columns.map(({ title }) => title).join(' | ')} |`, `|${columns.map(() => '---|').join('')}`];
  return [
    '## Policy tests',
    '',
    sentence(reports),
    ...(lines.length === 0 ? [] : ['', ...table, ...lines]),
    ...problemsOf(reports).map((problem) => `\n- ${cell(problem)}`),
    '',
  ].join('\n');
}

/** A suite for each test. Excluded ones are skipped: a build server must not count them among the passed. */
function junitText(reports: readonly TestReport[]): string {
  const suites = reports.map(({ name, file, rows, problems }) => {
    const cases = [
      ...rows.map((row) => caseText(file, [row.policy, row.rule, row.resource], bodyOf(row))),
      ...problems.map((message) => caseText(file, ['the test itself'], `<error message="${escapeXml(message)}"/>`)),
    ];
    const count = (outcome: TestRow['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
    const errors = count('unsupported') + problems.length;
    return `  <testsuite name="${escapeXml(`${name} (${file})`)}" tests="${cases.length}" failures="${count('failed')}" errors="${errors}" skipped="${count('excluded')}">\n${cases.join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="policy tests">\n${suites.join('')}</testsuites>\n`;
}

function caseText(file: string, words: readonly string[], body: string): string {
  const name = words.filter((word) => word !== '').join(' / ');
  return `    <testcase classname="${escapeXml(file)}" name="${escapeXml(name)}">${body}</testcase>\n`;
}

function bodyOf({ outcome, expected, message }: TestRow): string {
  const text = escapeXml(message);
  if (outcome === 'failed') return `<failure message="${text}" type="expected ${escapeXml(expected)}"/>`;
  if (outcome === 'excluded') return `<skipped message="${text}"/>`;
  return outcome === 'unsupported' ? `<error message="${text}" type="could not be run"/>` : '';
}
