// SPDX-License-Identifier: Apache-2.0
// Rows that hand one fragment to the detector.

import type { Segment } from '../../../src/evidence/secrets/decode/decode-pass.ts';
import { decodePass } from '../../../src/evidence/secrets/decode/decode-pass.ts';
import { toGitleaksFinding } from '../../../src/evidence/secrets/gitleaks-finding.ts';
import { gitleaksPlaceOf } from '../../../src/evidence/secrets/place.ts';
import type { RawSecret, SecretFragment } from '../../../src/evidence/secrets/raw-secret.ts';
import { createSecretScanner } from '../../../src/evidence/secrets/scanner.ts';
import { readGitleaksConfig } from '../../../src/formats/gitleaks-config.ts';
import type { SecretRuleSet } from '../../../src/formats/secret-rules.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import { compareFindings, shown } from './findings.ts';
import type { Fields, RowRun, TableRow } from './row.ts';
import { configNamed, fieldsOf, listOf, textOf } from './row.ts';

export const detectRows: Readonly<Record<string, RowRun>> = {
  TestDetect: runDetect,
  TestDetectRuleAllowlist: runRuleAllowlists,
  TestWindowsFileSeparator_RulePath: runWindowsPath,
  TestWindowsFileSeparator_RuleAllowlistPaths: runWindowsPath,
  TestDecode: runDecode,
  TestGetLocation: runLocation,
};

function fragmentOf(fields: Fields, raw?: string): SecretFragment {
  const text = Buffer.from(raw ?? textOf(fields['Raw']), 'utf8').toString('latin1');
  const windowsPath = textOf(fields['WindowsFilePath']);
  const commit = textOf(fields['CommitSHA']);
  return {
    text,
    path: textOf(fields['FilePath']),
    // Upstream's fragments count from zero when nothing is said.
    startLine: typeof fields['StartLine'] === 'number' ? fields['StartLine'] : 0,
    ...(windowsPath === '' ? {} : { windowsPath }),
    ...(commit === '' ? {} : { commit }),
  };
}

function runDetect(root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const name = textOf(item['cfgName']);
  const { ruleSet, problems } = configNamed(root, name);
  if (ruleSet === undefined) return failed('a configuration', problems);
  const baseline = textOf(item['baselinePath']);
  const scanner = createSecretScanner(ruleSet, {
    decodeDepth: 8,
    ownPaths: [`testdata/config/${name}.toml`, ...(baseline === '' ? [] : [baseline])],
  });
  const found = scanner.scan(fragmentOf(fieldsOf(item['fragment'])));
  const compared = compareFindings(
    item['expectedFindings'],
    found.map((raw) => shown(toGitleaksFinding(raw), raw)),
    { without: ['Fingerprint'] },
  );
  const printed = textOf(item['expectedAuxOutput']);
  return compared.outcome !== 'passed' || printed === '' ? compared : expectEqual(printed, requiredText(found));
}

/** As upstream prints what required rules have found. */
function requiredText(found: readonly RawSecret[]): string {
  return found
    .flatMap(({ required }) =>
      required.map((near, index) => {
        const head = index === 0 ? 'Required:' : '';
        return `${head.padEnd(12)} ${near.rule.id}:${near.gitleaks.startLine}:${near.secret}\n`;
      }),
    )
    .join('');
}

function ruleSetOf(rule: Fields, allowlist: unknown): SecretRuleSet | undefined {
  const lists = allowlist === undefined ? listOf(rule['Allowlists']) : [allowlist];
  const config = [
    '[[rules]]',
    `id = ${JSON.stringify(textOf(rule['RuleID']))}`,
    `regex = ${JSON.stringify(textOf(rule['Regex']))}`,
    `path = ${JSON.stringify(textOf(rule['Path']))}`,
    ...lists.map((list) => allowlistToml(fieldsOf(list))),
  ].join('\n');
  return readGitleaksConfig(config, 'rule.toml').ruleSet;
}

function allowlistToml(list: Fields): string {
  const names = { Commits: 'commits', Paths: 'paths', Regexes: 'regexes', StopWords: 'stopwords' };
  const lines = Object.entries(names).flatMap(([field, key]) =>
    list[field] === undefined ? [] : [`${key} = ${JSON.stringify(list[field])}`],
  );
  const isAnd = textOf(list['MatchCondition']).endsWith('And');
  const target = textOf(list['RegexTarget']);
  return [
    '[[rules.allowlists]]',
    ...(isAnd ? ['condition = "AND"'] : []),
    ...(target === '' ? [] : [`regexTarget = ${JSON.stringify(target)}`]),
    ...lines,
  ].join('\n');
}

function scanWith(rule: Fields, allowlist: unknown, fragment: SecretFragment): readonly RawSecret[] | undefined {
  const ruleSet = ruleSetOf(rule, allowlist);
  return ruleSet === undefined ? undefined : createSecretScanner(ruleSet, { decodeDepth: 0 }).scan(fragment);
}

function runWindowsPath(_root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const found = scanWith(fieldsOf(item['rule']), undefined, fragmentOf(fieldsOf(item['fragment'])));
  if (found === undefined) return failed('a rule', 'cannot be used');
  const findings = found.map((raw) => shown(toGitleaksFinding(raw), raw));
  return compareFindings(item['expected'], findings, { without: ['Fingerprint'] });
}

/** One row holds all cases by name; rule and text stand outside of them, the text whole in the line of an expected finding. */
function runRuleAllowlists(_root: string, row: TableRow): CaseResult {
  const cases = Object.entries(fieldsOf(row.case)).map(([name, item]) => ({ name, item: fieldsOf(item) }));
  if (!row.id.endsWith('/cases')) return { outcome: 'skipped', reason: 'the rule of the other rows, not a case' };
  const raw = cases
    .flatMap(({ item }) => listOf(item['expected']).map((finding) => textOf(fieldsOf(finding)['Line'])))
    .find((line) => line !== '');
  const rule = { RuleID: 'test-rule', Regex: 'Summer2024!' };
  for (const { name, item } of cases) {
    const found = scanWith(rule, item['allowlist'], fragmentOf(fieldsOf(item['fragment']), raw));
    if (found === undefined) return failed(`${name}: a rule`, 'cannot be used');
    const findings = found.map((secret) => shown(toGitleaksFinding(secret), secret));
    const result = compareFindings(item['expected'], findings, { without: ['Fingerprint'] });
    if (result.outcome === 'failed') return failed({ name, expected: result.expected }, result.actual);
  }
  return passed;
}

function runDecode(_root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  let text = Buffer.from(textOf(item['chunk']), 'utf8').toString('latin1');
  let segments: readonly Segment[] = [];
  for (let round = 0; round === 0 || (segments.length > 0 && round < 100); round += 1) {
    const pass = decodePass(text, segments);
    text = pass.text;
    segments = pass.segments;
  }
  return expectEqual(textOf(item['expected']), Buffer.from(text, 'latin1').toString('utf8'));
}

/** Line ends are given without the text; one that has them is put together. Lines count from zero there. */
function runLocation(_root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const want = fieldsOf(item['wantLocation']);
  const lineBreaks = listOf(item['linePairs']).map((pair) => Number(listOf(pair)[0]));
  const length = (lineBreaks.at(-1) ?? 0) + 1;
  const text = Array.from({ length }, (_item, at) => (lineBreaks.includes(at) ? '\n' : 'x')).join('');
  const place = gitleaksPlaceOf(
    { text, lineBreaks, firstLine: 0, lines: new Map() },
    Number(item['start']),
    Number(item['end']),
  );
  return expectEqual(
    [want['startLine'], want['endLine'], want['startColumn'], want['endColumn']],
    [place.startLine, place.endLine, place.startColumn, place.endColumn],
  );
}
