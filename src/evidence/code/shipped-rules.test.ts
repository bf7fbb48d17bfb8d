// SPDX-License-Identifier: Apache-2.0
// Every shipped rule has texts it must and must not match, and meets both.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import { parseYaml } from '../../formats/yaml.ts';
import { loadSyntaxEngine } from '../../io/syntax-engine.ts';
import { parseCodeRules } from './rule-file.ts';
import { CodeScanner } from './scan-code.ts';

const folder = new URL('../../../rules/code/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
const engine = await loadSyntaxEngine();

for (const file of files) {
  const { rules, problems } = parseCodeRules(readFileSync(new URL(file, folder), 'utf8'), file);
  const examples = new Map(
    parseYaml(readFileSync(new URL(`tests/${file}`, folder), 'utf8'), file).map(({ value }) => {
      const object = asObject(value) ?? {};
      return [asString(object['id']) ?? '?', object];
    }),
  );

  describe(file, () => {
    test('is read without problems', () => {
      expect(problems).toEqual([]);
    });

    test('has examples for every rule and no others', () => {
      expect([...examples.keys()].sort()).toEqual([...new Set(rules.map(({ id }) => id))].sort());
    });

    test.each(rules.map((rule) => [`${rule.id} (${rule.language})`, rule] as const))('%s', (_name, rule) => {
      const object = examples.get(rule.id);
      const scanner = new CodeScanner([rule], engine);
      const path = asString(object?.['path']) ?? 'example';
      const found = (code: string): boolean => scanner.scanAs(rule.language, { path, text: code }).findings.length > 0;

      const missed = asStrings(object?.['invalid']).filter((code) => !found(code));
      const wrong = asStrings(object?.['valid']).filter(found);

      expect({ problems: scanner.problems, missed, wrong }).toEqual({ problems: [], missed: [], wrong: [] });
      expect(rule.cwes).not.toEqual([]);
      expect(rule.note).not.toBe('');
    });
  });
}
