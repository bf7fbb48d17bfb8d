// SPDX-License-Identifier: Apache-2.0
// Rules of ast-grep-essentials with their tests: a text under `valid` gives no match of the rule, one under `invalid` at least one. A case is one text.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeRule } from '../../src/evidence/code/code-rule.ts';
import { parseCodeRules, parseCodeUtilities } from '../../src/evidence/code/rule-file.ts';
import { CodeScanner } from '../../src/evidence/code/scan-code.ts';
import { asObject, asString, asStrings } from '../../src/formats/document.ts';
import type { SyntaxEngine } from '../../src/formats/syntax-tree.ts';
import { parseYaml } from '../../src/formats/yaml.ts';
import { loadSyntaxEngine } from '../../src/io/syntax-engine.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { failed, passed } from './pack.ts';

export const astGrepEssentials: ConformancePack = {
  name: 'ast-grep-essentials',
  cases: async (root) => {
    const engine = await loadSyntaxEngine();
    const utilities = Object.assign(
      {},
      ...yamlFiles(join(root, 'utils')).map((path) => parseCodeUtilities(read(path), path)),
    ) as Record<string, unknown>;
    const rules = new Map(
      yamlFiles(join(root, 'rules'))
        .flatMap((path) => parseCodeRules(read(path), path, utilities).rules)
        .map((rule) => [rule.id, rule]),
    );
    return yamlFiles(join(root, 'tests')).flatMap((path) =>
      casesOf(read(path), path.slice(root.length + 1), { rules, engine }),
    );
  },
};

interface Setting {
  readonly rules: ReadonlyMap<string, CodeRule>;
  readonly engine: SyntaxEngine;
}

function casesOf(text: string, path: string, setting: Setting): ConformanceCase[] {
  return parseYaml(text, path).flatMap(({ value }) => {
    const id = asString(asObject(value)?.['id']) ?? '?';
    return (['valid', 'invalid'] as const).flatMap((kind) =>
      asStrings(asObject(value)?.[kind]).map(
        (code, index): ConformanceCase => ({
          id: `${path}#${id}/${kind}/${index}`,
          run: () => judge(setting, id, { code, kind }),
        }),
      ),
    );
  });
}

function judge(
  { rules, engine }: Setting,
  id: string,
  { code, kind }: { code: string; kind: 'valid' | 'invalid' },
): CaseResult {
  const rule = rules.get(id);
  if (rule === undefined) return failed('a rule', `no rule with the id ${id}`);
  const scanner = new CodeScanner([rule], engine);
  const { findings, problems } = scanner.scanAs(rule.language, { path: 'case', text: code });
  const all = [...scanner.problems, ...problems].map(({ message }) => message);
  const isRight = all.length === 0 && findings.length > 0 === (kind === 'invalid');
  return isRight
    ? passed
    : failed(kind === 'invalid' ? 'a match' : 'no match', { matches: findings.length, problems: all });
}

function yamlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
