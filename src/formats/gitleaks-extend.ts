// SPDX-License-Identifier: Apache-2.0
// What becomes of a rule file that extends another: rules of the same id are merged, the others joined.
import type { SecretRule, SecretRuleSet } from './secret-rules.ts';

type Rules = Pick<SecretRuleSet, 'rules' | 'allowlists'>;

/** `own` extends `base` without the disabled rules; the result is sorted by id (matches gitleaks). */
export function mergeRules(own: Rules, base: Rules, disabled: ReadonlySet<string>): Rules {
  const rules = new Map(own.rules.map((rule) => [rule.id, rule]));
  for (const rule of base.rules) {
    if (disabled.has(rule.id)) continue;
    const over = rules.get(rule.id);
    rules.set(rule.id, over === undefined ? rule : merged(rule, over));
  }
  const sorted = [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { rules: sorted, allowlists: [...own.allowlists, ...base.allowlists] };
}

/** What `over` says replaces what `base` says; lists are joined. */
function merged(base: SecretRule, over: SecretRule): SecretRule {
  const { translated, ...rest } = base;
  return {
    ...rest,
    // What was translated belongs to the expression of the base and to its keywords.
    ...(translated === undefined || over.regex !== undefined || over.keywords.length > 0 ? {} : { translated }),
    ...(over.regex === undefined ? {} : { regex: over.regex }),
    ...(over.path === undefined ? {} : { path: over.path }),
    description: over.description === '' ? base.description : over.description,
    entropy: over.entropy === 0 ? base.entropy : over.entropy,
    secretGroup: over.secretGroup === 0 ? base.secretGroup : over.secretGroup,
    tags: [...base.tags, ...over.tags],
    keywords: [...base.keywords, ...over.keywords],
    allowlists: [...base.allowlists, ...over.allowlists],
    ...(over.confidence === undefined ? {} : { confidence: over.confidence }),
    ...(over.severity === undefined ? {} : { severity: over.severity }),
  };
}
