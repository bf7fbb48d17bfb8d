// SPDX-License-Identifier: Apache-2.0
// Rows about findings after they were made: baselines, ignore files, redaction, links, reports.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fragmentsOf, safeBoundary } from '../../../src/evidence/secrets/fragments.ts';
import type { RepositoryHost } from '../../../src/formats/commit-link.ts';
import { commitLink, repositoryHosts } from '../../../src/formats/commit-link.ts';
import { readGitleaksIgnore } from '../../../src/formats/gitleaks-ignore.ts';
import type { GitleaksFinding } from '../../../src/formats/gitleaks-report.ts';
import {
  isSameFinding,
  maskSecret,
  readGitleaksBaseline,
  redactFinding,
} from '../../../src/formats/gitleaks-report.ts';
import type { GitleaksForm } from '../../../src/formats/gitleaks-report-forms.ts';
import { printGitleaks } from '../../../src/formats/gitleaks-report-print.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, expectSameSet, failed, passed } from '../pack.ts';
import type { Fields, RowRun, TableRow } from './row.ts';
import { errorOf, fieldsOf, listOf, textOf } from './row.ts';

export const reportRows: Readonly<Record<string, RowRun>> = {
  TestIsNew: runIsNew,
  TestFileLoadBaseline: runLoadBaseline,
  TestNormalizeGitleaksIgnorePaths: runIgnoreFile,
  TestRedact: runRedact,
  TestMask: runMask,
  TestMaskSecret: runMaskSecret,
  Test_createScmLink: runLink,
  Test_readUntilSafeBoundary: runBoundary,
  TestWriteJSON: (root, row) => runReport(root, row, 'json'),
  TestWriteCSV: (root, row) => runReport(root, row, 'csv'),
  TestWriteJunit: (root, row) => runReport(root, row, 'junit'),
  TestWriteSarif: (root, row) => runReport(root, row, 'sarif'),
};

/** Through the reader, which fills in what is not there. */
function findingFrom(value: unknown): GitleaksFinding {
  const [finding] = readGitleaksBaseline(JSON.stringify([fieldsOf(value)]), 'row.json').findings;
  if (finding === undefined) throw new Error('a finding that cannot be read');
  return finding;
}

function runIsNew(_root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const finding = findingFrom(item['findings'] ?? item['finding']);
  const isRedacted = Number(item['redact'] ?? 0) > 0 || item['redact'] === true || row.id.includes('redacted');
  const isKnown = listOf(item['baseline']).some((known) =>
    isSameFinding(finding, findingFrom(known), isRedacted ? 'redacted' : 'shown'),
  );
  return expectEqual(item['expect'], !isKnown);
}

function runLoadBaseline(root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const path = textOf(item['Filename']);
  const file = join(root, path);
  const wanted = errorOf(item['ExpectedError']);
  if (!existsSync(file)) return expectEqual(wanted, `could not open ${path}`);
  return expectEqual(wanted, readGitleaksBaseline(readFileSync(file, 'utf8'), path).problem?.message);
}

/** The file itself is not in the pack; what a line in its form becomes is. */
function runIgnoreFile(root: string, row: TableRow): CaseResult {
  const expected = Object.keys(fieldsOf(row.case)).filter((key) => key !== 'expected');
  const file = join(root, 'testdata/gitleaksignore/.windowspaths');
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : expected.map((line) => line.replaceAll('/', '\\')).join('\n');
  return expectSameSet(
    expected,
    readGitleaksIgnore(text, '.gitleaksignore').entries.map((entry) => entry.fingerprint),
  );
}

function runRedact(_root: string, row: TableRow): CaseResult {
  for (const value of listOf(fieldsOf(row.case)['findings'])) {
    const redacted = redactFinding(findingFrom(value), 100);
    if (redacted.Secret !== 'REDACTED' || redacted.Match !== 'line containing REDACTED')
      return failed('line containing REDACTED', redacted.Match);
  }
  return passed;
}

function runMask(_root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const { Match, Secret } = redactFinding(findingFrom(item['finding']), Number(item['percent'] ?? 0));
  const expected = findingFrom(item['expect']);
  return expectEqual({ Match: expected.Match, Secret: expected.Secret }, { Match, Secret });
}

function runMaskSecret(_root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  return expectEqual(item['expect'], maskSecret(textOf(item['secret']), Number(item['percent'])));
}

function runLink(_root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const remote = fieldsOf(item['remote']);
  const name = textOf(remote['Platform']).replace('$scm.', '').replace('Platform', '').toLowerCase();
  const host = repositoryHosts.find((known): known is RepositoryHost => known === name);
  const finding = findingFrom(item['finding']);
  const place = { commit: finding.Commit, file: finding.File, startLine: finding.StartLine, endLine: finding.EndLine };
  return expectEqual(item['want'] ?? '', host === undefined ? '' : commitLink(host, textOf(remote['Url']), place));
}

/** Upstream reads five bytes first and at most twenty more. */
function runBoundary(_root: string, row: TableRow): CaseResult {
  for (const value of listOf(row.case)) {
    const item = fieldsOf(value);
    const text = textOf(listOf(fieldsOf(item['r'])['args'])[0]);
    const bytes = Buffer.from(text);
    const end = safeBoundary(bytes, { start: 0, cut: Math.min(5, bytes.length), most: 20 });
    if (text.slice(0, end) !== item['expected']) return failed(item, text.slice(0, end));
    if ([...fragmentsOf(bytes)].length !== 1) return failed('one fragment', text);
  }
  return passed;
}

function runReport(root: string, row: TableRow, form: GitleaksForm): CaseResult {
  const item: Fields = fieldsOf(row.case);
  const findings = listOf(item['findings']).map(findingFrom);
  const path = textOf(item['expected'])
    .replace('$expectPath', 'testdata/expected')
    .replace(/^\.\.\//, '');
  const file = join(root, path);
  const rules = [
    { id: 'aws-access-key', description: 'AWS Access Key' },
    { id: 'pypi', description: 'PyPI upload token' },
  ];
  const tool = { name: 'gitleaks', version: 'v8.0.0', url: 'https://github.com/gitleaks/gitleaks' };
  const written = printGitleaks(form, findings, { tool, rules });
  if (item['wantEmpty'] === true) return expectEqual('', written);
  if (!existsSync(file)) return failed(`the file ${path}`, 'is not there');
  return expectEqual(readFileSync(file, 'utf8'), written);
}
