// SPDX-License-Identifier: Apache-2.0
// Rows about reading configuration, and about allowlists by themselves.
import { compileAllowlist } from '../../../src/evidence/secrets/allowlist.ts';
import { readGitleaksConfig } from '../../../src/formats/gitleaks-config.ts';
import type { SecretAllowlist, SecretRule } from '../../../src/formats/secret-rules.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed } from '../pack.ts';
import type { Fields, RowRun, TableRow } from './row.ts';
import { configNamed, errorOf, fieldsOf, listOf, textOf } from './row.ts';

export const configRows: Readonly<Record<string, RowRun>> = {
  TestTranslate: runTranslate,
  TestTranslateAllowlists: runTranslate,
  TestTranslateExtend: runTranslate,
  TestExtendedRuleKeywordsAreDowncase: runKeywords,
  TestCommitAllowed: (_root, row) => runAllowed(row, 'commitAllowed'),
  TestPathAllowed: (_root, row) => runAllowed(row, 'pathAllowed'),
  TestRegexAllowed: (_root, row) => runAllowed(row, 'regexAllowed'),
  TestValidate: runValidate,
};

function runTranslate(root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const { ruleSet, problems } = configNamed(root, textOf(item['cfgName']));
  const wanted = errorOf(item['wantError']);
  if (wanted !== undefined) return expectEqual(wanted, ruleSet === undefined ? problems[0]?.message : 'no error');
  if (ruleSet === undefined) return failed('a configuration', problems);
  const config = fieldsOf(item['cfg']);
  const only = item['rules'] === undefined ? undefined : new Set(listOf(item['rules']));
  const rules = ruleSet.rules.filter((rule) => only === undefined || only.has(rule.id));
  const actual = {
    title: ruleSet.title,
    rules: Object.fromEntries(rules.map((rule) => [rule.id, plainRule(rule)])),
    allowlists: ruleSet.allowlists.map(plainAllowlist),
  };
  const expected = {
    title: textOf(config['Title']),
    rules: Object.fromEntries(
      Object.entries(fieldsOf(config['Rules'])).map(([id, rule]) => [id, wantedRule(fieldsOf(rule))]),
    ),
    allowlists: listOf(config['Allowlists']).map((list) => wantedAllowlist(fieldsOf(list))),
  };
  return expectEqual(expected, actual);
}

function plainRule(rule: SecretRule): object {
  return {
    id: rule.id,
    description: rule.description,
    regex: rule.regex ?? '',
    path: rule.path ?? '',
    secretGroup: rule.secretGroup,
    entropy: rule.entropy,
    keywords: rule.keywords,
    tags: rule.tags,
    skipReport: rule.skipReport,
    allowlists: rule.allowlists.map(plainAllowlist),
    required: rule.required.map((item) => item.id),
  };
}

function wantedRule(rule: Fields): object {
  return {
    id: textOf(rule['RuleID']),
    description: textOf(rule['Description']),
    regex: textOf(rule['Regex']),
    path: textOf(rule['Path']),
    secretGroup: Number(rule['SecretGroup'] ?? 0),
    entropy: Number(rule['Entropy'] ?? 0),
    keywords: listOf(rule['Keywords']),
    tags: listOf(rule['Tags']),
    skipReport: rule['SkipReport'] === true,
    allowlists: listOf(rule['Allowlists']).map((list) => wantedAllowlist(fieldsOf(list))),
    required: listOf(rule['RequiredRules']).map((item) => textOf(fieldsOf(item)['RuleID'])),
  };
}

function plainAllowlist(list: SecretAllowlist): object {
  return { ...list, commits: list.commits.toSorted(), stopWords: list.stopWords.toSorted() };
}

function wantedAllowlist(list: Fields): object {
  const words = (field: string): string[] => listOf(list[field]).map((word) => textOf(word).toLowerCase());
  const target = textOf(list['RegexTarget']);
  return {
    description: textOf(list['Description']),
    condition: textOf(list['MatchCondition']).endsWith('And') ? 'and' : 'or',
    commits: words('Commits').sort(),
    paths: listOf(list['Paths']),
    regexTarget: target === '' ? 'secret' : target,
    regexes: listOf(list['Regexes']),
    stopWords: words('StopWords').sort(),
  };
}

/** All keywords of the rules, which must be in lower case. */
function runKeywords(root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const { ruleSet } = configNamed(root, textOf(item['cfgName']));
  const keywords = ruleSet?.rules.flatMap((rule) => rule.keywords) ?? [];
  return keywords.includes(textOf(item['expectedKeywords']))
    ? expectEqual(1, 1)
    : failed(item['expectedKeywords'], keywords);
}

/** The list as a file would give it; undefined when it would be refused. */
function listFrom(fields: Fields): SecretAllowlist | undefined {
  const names = { Commits: 'commits', Paths: 'paths', Regexes: 'regexes', StopWords: 'stopwords' };
  const lines = Object.entries(names).map(([field, key]) => `${key} = ${JSON.stringify(listOf(fields[field]))}`);
  return readGitleaksConfig(['[[allowlists]]', ...lines].join('\n'), 'allowlist.toml').ruleSet?.allowlists[0];
}

function runAllowed(row: TableRow, field: 'commitAllowed' | 'pathAllowed' | 'regexAllowed'): CaseResult {
  const item = fieldsOf(row.case);
  const list = listFrom(fieldsOf(item['allowlist']));
  if (list === undefined) return expectEqual(item[field], false);
  const commit = textOf(item['commit']);
  const fragment = { text: '', path: textOf(item['path']), ...(commit === '' ? {} : { commit }) };
  const secret = textOf(item['secret']);
  const allowlist = compileAllowlist(list);
  const isAllowed =
    field === 'regexAllowed'
      ? allowlist.allowsFinding({ fragment, secret, match: secret, line: secret }, 'backtracking')
      : allowlist.allowsFragment(fragment);
  return expectEqual(item[field], isAllowed);
}

function runValidate(_root: string, row: TableRow): CaseResult {
  const item = fieldsOf(row.case);
  const list = listFrom(fieldsOf(item['input']));
  const wanted = errorOf(item['wantErr'] ?? item['wantError']);
  if (wanted !== undefined || list === undefined)
    return expectEqual(wanted === undefined ? 'a list' : 'refused', list === undefined ? 'refused' : 'a list');
  return expectEqual(wantedAllowlist(fieldsOf(item['expected'])), plainAllowlist(list));
}
