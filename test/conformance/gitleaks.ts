// SPDX-License-Identifier: Apache-2.0
// gitleaks' cases: one rule against one text each (rule-cases.jsonl), and the rows of its own test tables (test-tables.jsonl).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecretScanner } from '../../src/evidence/secrets/scanner.ts';
import { readGitleaksConfig } from '../../src/formats/gitleaks-config.ts';
import type { SecretRule, SecretRuleSet } from '../../src/formats/secret-rules.ts';
import type { TableRow } from './gitleaks/row.ts';
import { rowRunner } from './gitleaks/rows.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { expectEqual, failed, passed } from './pack.ts';

interface RuleCase {
  readonly id: string;
  readonly rule: string;
  readonly kind: 'tp' | 'fp';
  readonly text_b64: string;
  readonly path?: string;
  readonly secrets_b64?: readonly string[];
}

export const gitleaksPack: ConformancePack = {
  name: 'gitleaks',
  cases: (root) => [...ruleCases(root), ...tableRows(root)],
};

function linesOf<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}

function ruleCases(root: string): ConformanceCase[] {
  const file = join(root, 'config/gitleaks.toml');
  const cases = linesOf<RuleCase>(join(root, 'rule-cases.jsonl'));
  if (cases.length === 0 || !existsSync(file)) return [];
  const { ruleSet } = readGitleaksConfig(readFileSync(file, 'utf8'), file);
  const scanners = new Map<string, ReturnType<typeof createSecretScanner>>();
  return cases.map((item) => ({
    id: item.id,
    run: () => {
      const rule = ruleSet?.rules.find((candidate) => candidate.id === item.rule);
      if (ruleSet === undefined || rule === undefined) return failed(`the rule ${item.rule}`, 'is not there');
      const scanner = scanners.get(rule.id) ?? createSecretScanner(only(ruleSet, rule), { decodeDepth: 0 });
      scanners.set(rule.id, scanner);
      return runRuleCase(item, scanner);
    },
  }));
}

function only(ruleSet: SecretRuleSet, rule: SecretRule): SecretRuleSet {
  return { ...ruleSet, rules: [rule] };
}

function runRuleCase(item: RuleCase, scanner: ReturnType<typeof createSecretScanner>): CaseResult {
  const text = Buffer.from(item.text_b64, 'base64').toString('latin1');
  const found = scanner
    .scan({ text, path: item.path ?? '' })
    .map(({ secret }) => Buffer.from(secret, 'latin1').toString('base64'));
  if (item.kind === 'fp') return found.length === 0 ? passed : failed([], found);
  return found.length > 0 ? expectEqual(item.secrets_b64 ?? [], found) : failed(item.secrets_b64, []);
}

function tableRows(root: string): ConformanceCase[] {
  const rows = linesOf<TableRow>(join(root, 'test-tables.jsonl'));
  return rows.map((row) => ({ id: row.id, run: () => rowRunner(row)(root, row) }));
}
