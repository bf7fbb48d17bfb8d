// SPDX-License-Identifier: Apache-2.0
// Rules made ready for scanning: one table of all keywords, and for each keyword the rules that wait for it.
import type { SecretRule, SecretRuleSet } from '../../formats/secret-rules.ts';
import type { Allowlist } from './allowlist.ts';
import { compileAllowlist } from './allowlist.ts';
import type { KeywordHits, KeywordTable } from './keyword-table.ts';
import { keywordTable } from './keyword-table.ts';
import type { SecretPattern } from './pattern.ts';
import { pathPattern, secretPattern } from './pattern.ts';

/** Expressions and allowlists are compiled when they are first needed: a small commit meets few rules. */
export interface CompiledRule {
  readonly rule: SecretRule;
  /** Numbers of its keywords in the table. */
  readonly keywords: readonly number[];
  regex(): SecretPattern | undefined;
  path(): ((path: string) => boolean) | undefined;
  allowlists(): readonly Allowlist[];
}

export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly byId: ReadonlyMap<string, CompiledRule>;
  readonly keywords: KeywordTable;
  /** Rules to try where these keywords were found, in their order. */
  wakened(hits: KeywordHits): readonly CompiledRule[];
  allowlists(): readonly Allowlist[];
}

export function compileRules(ruleSet: SecretRuleSet): CompiledRules {
  const words = [...new Set(ruleSet.rules.flatMap((rule) => rule.keywords))];
  const numbers = new Map(words.map((word, index) => [word, index]));
  const rules = ruleSet.rules.map((rule) => compileRule(rule, numbers));
  const waiting: number[][] = words.map(() => []);
  const always: number[] = [];
  const marks = new Uint8Array(rules.length);
  for (const [index, { keywords }] of rules.entries()) {
    if (keywords.length === 0) always.push(index);
    for (const keyword of keywords) waiting[keyword]?.push(index);
  }
  return {
    rules,
    byId: new Map(rules.map((compiled) => [compiled.rule.id, compiled])),
    keywords: keywordTable(words),
    wakened: ({ found }) => {
      if (found.length === 0 && always.length === 0) return [];
      // By marks and not by a set: this is asked for every fragment.
      marks.fill(0);
      let last = always.length > 0 ? rules.length - 1 : 0;
      let first = always.length > 0 ? 0 : rules.length;
      for (const index of always) marks[index] = 1;
      for (const keyword of found)
        for (const index of waiting[keyword] ?? []) {
          marks[index] = 1;
          if (index < first) first = index;
          if (index > last) last = index;
        }
      const awake: CompiledRule[] = [];
      for (let index = first; index <= last; index += 1) {
        const rule = marks[index] === 1 ? rules[index] : undefined;
        if (rule !== undefined) awake.push(rule);
      }
      return awake;
    },
    allowlists: once(() => ruleSet.allowlists.map(compileAllowlist)),
  };
}

function compileRule(rule: SecretRule, numbers: ReadonlyMap<string, number>): CompiledRule {
  const { regex, path } = rule;
  return {
    rule,
    keywords: rule.keywords.flatMap((word) => numbers.get(word) ?? []),
    regex: once(() => (regex === undefined ? undefined : secretPattern(regex, rule.translated, rule.keywords))),
    path: once(() => (path === undefined ? undefined : pathPattern(path))),
    allowlists: once(() => rule.allowlists.map(compileAllowlist)),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
