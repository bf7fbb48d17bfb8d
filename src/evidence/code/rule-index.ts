// SPDX-License-Identifier: Apache-2.0
// Which rules could match in a file: by its language, its path, and the words its text holds. No tree is needed for that.
import { compileGlob } from '../../formats/glob.ts';
import type { CodeLanguage } from '../../formats/syntax-tree.ts';
import type { CodeRule } from './code-rule.ts';
import type { Requirement } from './literal-prefilter.ts';
import { meets, requirementOf } from './literal-prefilter.ts';

interface PreparedRule {
  readonly rule: CodeRule;
  readonly requirement: Requirement;
  readonly applies: (path: string) => boolean;
}

export class CodeRuleIndex {
  readonly #byLanguage: ReadonlyMap<CodeLanguage, readonly PreparedRule[]>;

  constructor(rules: readonly CodeRule[]) {
    this.#byLanguage = Map.groupBy(rules.map(prepare), ({ rule }) => rule.language);
  }

  hasRulesFor(language: CodeLanguage): boolean {
    return this.#rulesFor(language).length > 0;
  }

  /** Rules that could match in a text. */
  candidates(
    language: CodeLanguage,
    { path, text }: { readonly path: string; readonly text: string },
  ): readonly CodeRule[] {
    return this.#rulesFor(language)
      .filter(({ requirement, applies }) => applies(path) && meets(text, requirement))
      .map(({ rule }) => rule);
  }

  #rulesFor(language: CodeLanguage): readonly PreparedRule[] {
    const own = this.#byLanguage.get(language) ?? [];
    // TSX is TypeScript with another grammar for `<`: rules for one are meant for both.
    return language === 'tsx' ? [...own, ...(this.#byLanguage.get('typescript') ?? [])] : own;
  }
}

/** Code of others that lies in the tree. Its quality is theirs to judge; what looks like an attack is told. */
const isDependency = /(?:^|\/)(?:node_modules|vendor|site-packages|dist-packages|third_party|bower_components)\//;

/** Embedded malicious code (506), downloads that run without a check (494), text that reads otherwise than it runs (1007). */
const attackCwes: ReadonlySet<string> = new Set(['CWE-506', 'CWE-494', 'CWE-1007']);

function prepare(rule: CodeRule): PreparedRule {
  const isForDependencies = rule.cwes.some((cwe) => attackCwes.has(cwe));
  const wanted = rule.files.map((glob) => compileGlob(glob));
  const unwanted = rule.ignores.map((glob) => compileGlob(glob));
  return {
    rule,
    requirement: requirementOf(rule.matcher),
    applies: (path) =>
      (isForDependencies || !isDependency.test(path)) &&
      (wanted.length === 0 || wanted.some((matches) => matches(path))) &&
      !unwanted.some((matches) => matches(path)),
  };
}
