// SPDX-License-Identifier: Apache-2.0
// The rules of this program, ready to be scanned with. Their source is rules/secrets/*.toml.
import type { SecretAllowlist, SecretRule, SecretRuleSet } from '../../formats/secret-rules.ts';
import { shippedRules } from './shipped-rules.ts';

type StoredRule = Omit<SecretRule, 'allowlists'> & { readonly allowlists?: readonly Partial<SecretAllowlist>[] };

export function defaultSecretRules(): SecretRuleSet {
  const rules = JSON.parse(`[${shippedRules.join(',')}]`) as readonly StoredRule[];
  return {
    title: 'Landwaiter',
    description: 'rules that are shipped',
    rules: rules.map((rule) => ({
      ...rule,
      tags: rule.tags ?? [],
      skipReport: false,
      required: [],
      secretGroup: 0,
      entropy: rule.entropy ?? 0,
      allowlists: (rule.allowlists ?? []).map(allowlistFrom),
    })),
    allowlists: [],
  };
}

function allowlistFrom(stored: Partial<SecretAllowlist>): SecretAllowlist {
  const empty = { description: '', condition: 'or', commits: [], paths: [], regexTarget: 'secret' } as const;
  return { ...empty, regexes: [], stopWords: [], ...stored };
}
