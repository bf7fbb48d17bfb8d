// SPDX-License-Identifier: Apache-2.0
// A row of a table of gitleaks' tests, as the pack writes it: Go field names, `$name` for a Go identifier, `{"$call"}` for a call.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitleaksConfig } from '../../../src/formats/gitleaks-config.ts';
import { readGitleaksConfig } from '../../../src/formats/gitleaks-config.ts';
import type { SecretRuleSet } from '../../../src/formats/secret-rules.ts';
import type { CaseResult } from '../pack.ts';

export interface TableRow {
  readonly id: string;
  readonly case: unknown;
}

export type RowRun = (root: string, row: TableRow) => CaseResult | Promise<CaseResult>;

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The message of `errors.New("...")` or `fmt.Errorf("...")`; undefined when no error is wanted. */
export function errorOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return textOf(listOf(fieldsOf(value)['args'])[0]);
}

/** Upstream runs its tests in a folder beside testdata, and paths of its files begin with `../testdata`. */
export function fileText(root: string, path: string): string | undefined {
  const file = join(root, path.replace(/^\.\.\//, ''));
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** A configuration of testdata by its name without `.toml`. */
export function configNamed(root: string, name: string): GitleaksConfig {
  const path = `testdata/config/${name}.toml`;
  const text = fileText(root, path);
  if (text === undefined) return { ruleSet: undefined, problems: [] };
  return readGitleaksConfig(text, path, {
    readExtended: (extended) => fileText(root, extended),
    defaultRules: () => defaultRules(root),
  });
}

function defaultRules(root: string): SecretRuleSet {
  const { ruleSet } = readGitleaksConfig(fileText(root, 'config/gitleaks.toml') ?? '', 'config/gitleaks.toml');
  return ruleSet ?? { title: '', description: '', rules: [], allowlists: [] };
}
