// SPDX-License-Identifier: Apache-2.0
// `zizmor.yml`: checks turned off, findings ignored by file and line, other severities, and settings of single checks.
// https://docs.zizmor.sh/configuration/
import type { Document } from '../../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../../formats/document.ts';
import { parseYamlDocument } from '../../../formats/yaml.ts';
import type { Problem } from '../../../model/problem.ts';
import type { Severity } from '../../../model/severity.ts';
import type { Settings } from './settings.ts';
import { settingReaders } from './settings.ts';

export interface GithubAuditConfiguration {
  readonly rules: ReadonlyMap<string, RuleConfiguration>;
}

export interface RuleConfiguration {
  readonly disabled: boolean;
  readonly ignores: readonly IgnoredPlace[];
  readonly severity?: Severity;
  readonly settings: Settings;
}

export interface IgnoredPlace {
  /** Name of the file without folders. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** `faulty`: nothing may be judged by it; the problems say why. */
export type ConfigurationResult =
  | { readonly kind: 'read'; readonly configuration: GithubAuditConfiguration }
  | { readonly kind: 'faulty'; readonly problems: readonly Problem[] };

export const noConfiguration: GithubAuditConfiguration = { rules: new Map() };

/** Places where a repository keeps it, the first one counts. */
export const configurationPaths = ['zizmor.yml', 'zizmor.yaml', '.github/zizmor.yml', '.github/zizmor.yaml'] as const;

export function parseGithubAuditConfiguration(text: string, path: string): ConfigurationResult {
  const document = parseYamlDocument(text, path);
  const problems: Problem[] = [...document.problems];
  const root = asObject(document.value);
  const rules = new Map<string, RuleConfiguration>();
  const unknown = Object.keys(root ?? {}).filter((name) => name !== 'rules');
  for (const name of unknown)
    problems.push(faultAt(document, [name], `unknown member ${JSON.stringify(name)}; there is rules`));
  if (root?.['rules'] === undefined && problems.length === 0)
    problems.push(faultAt(document, [], 'the configuration has no rules'));
  else if (root?.['rules'] !== undefined && asObject(root['rules']) === undefined)
    problems.push(faultAt(document, ['rules'], 'rules must be a map'));
  for (const [name, body] of entriesOf(root?.['rules'])) rules.set(name, readRule(document, { name, body }, problems));
  return problems.length > 0 ? { kind: 'faulty', problems } : { kind: 'read', configuration: { rules } };
}

const severityWords: Readonly<Record<string, Severity>> = {
  informational: 'negligible',
  low: 'low',
  medium: 'medium',
  high: 'high',
};

function readRule(
  document: Document,
  rule: { readonly name: string; readonly body: unknown },
  problems: Problem[],
): RuleConfiguration {
  const at = ['rules', rule.name];
  const body = asObject(rule.body) ?? {};
  if (asObject(rule.body) === undefined && rule.body !== null)
    problems.push(faultAt(document, at, 'a rule must be a map'));
  for (const member of Object.keys(body))
    if (!['disable', 'ignore', 'config', 'severity'].includes(member))
      problems.push(faultAt(document, [...at, member], `unknown member ${JSON.stringify(member)} of a rule`));
  if (body['disable'] !== undefined && typeof body['disable'] !== 'boolean')
    problems.push(faultAt(document, [...at, 'disable'], 'disable must be true or false'));
  const severity = severityWords[String(body['severity'])];
  if (body['severity'] !== undefined && severity === undefined)
    problems.push(faultAt(document, [...at, 'severity'], 'severity must be informational, low, medium or high'));
  const settings = asObject(body['config']) ?? {};
  const checked = settingReaders[rule.name]?.(settings);
  if (checked?.kind === 'fault')
    problems.push(faultAt(document, [...at, 'config'], `${rule.name}: ${checked.message}`));
  return {
    disabled: body['disable'] === true,
    ignores: readIgnores(document, { at: [...at, 'ignore'], list: body['ignore'] }, problems),
    settings,
    ...(severity === undefined ? {} : { severity }),
  };
}

function readIgnores(
  document: Document,
  ignores: { readonly at: readonly string[]; readonly list: unknown },
  problems: Problem[],
): readonly IgnoredPlace[] {
  return asArray(ignores.list).flatMap((item, index): IgnoredPlace[] => {
    const match = /^([^:]{1,1000})(?::(\d{1,9}))?(?::(\d{1,9}))?$/.exec(asString(item) ?? '');
    if (match === null || match[2] === '0' || match[3] === '0') {
      problems.push(faultAt(document, [...ignores.at, index], 'not of the form file, file:line or file:line:column'));
      return [];
    }
    const [, file = '', line, column] = match;
    return [
      {
        file: file.slice(file.lastIndexOf('/') + 1),
        ...(line === undefined ? {} : { line: Number(line) }),
        ...(column === undefined ? {} : { column: Number(column) }),
      },
    ];
  });
}

function faultAt(document: Document, at: readonly (string | number)[], message: string): Problem {
  return { kind: 'schema', message, location: document.locate(at), hidesFindings: true };
}
