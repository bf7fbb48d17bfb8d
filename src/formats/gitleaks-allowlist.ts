// SPDX-License-Identifier: Apache-2.0
// Allowlists of gitleaks' configuration: `[allowlist]`, the old form, and `[[allowlists]]`; of a rule or of all.
import { asArray } from './document.ts';
import type { Keys } from './gitleaks-keys.ts';
import { ConfigError, keysOf, listAt, textAt } from './gitleaks-keys.ts';
import { translateRe2 } from './re2-to-js.ts';
import type { SecretAllowlist } from './secret-rules.ts';

export interface Allowlists {
  readonly global: readonly SecretAllowlist[];
  readonly targeted: readonly { readonly rule: string; readonly allowlist: SecretAllowlist }[];
}

/** `name` and `oldName` begin the messages. Throws ConfigError. */
export function allowlistsOf(keys: Keys, name: string, oldName: string): Allowlists {
  const old = keys.get('allowlist');
  const listed = asArray(keys.get('allowlists'));
  if (old !== undefined && listed.length > 0) {
    const newName = name.slice(name.indexOf('[['));
    throw new ConfigError(`${oldName} is deprecated, it cannot be used alongside ${newName}`);
  }
  const global: SecretAllowlist[] = [];
  const targeted: { rule: string; allowlist: SecretAllowlist }[] = [];
  for (const item of old === undefined ? listed : [old]) {
    const table = keysOf(item);
    const allowlist = allowlistOf(table, name);
    const targets = listAt(table, 'targetrules');
    if (targets.length === 0) global.push(allowlist);
    else targeted.push(...targets.map((rule) => ({ rule, allowlist })));
  }
  return { global, targeted };
}

function allowlistOf(keys: Keys, name: string): SecretAllowlist {
  const list: SecretAllowlist = {
    description: textAt(keys, 'description'),
    condition: conditionOf(textAt(keys, 'condition'), name),
    commits: unique(listAt(keys, 'commits').map((commit) => commit.toLowerCase().trim())),
    paths: listAt(keys, 'paths'),
    regexTarget: targetOf(textAt(keys, 'regextarget'), name),
    regexes: listAt(keys, 'regexes'),
    stopWords: unique(listAt(keys, 'stopwords').map((word) => word.toLowerCase())),
  };
  if ([list.commits, list.paths, list.regexes, list.stopWords].every((items) => items.length === 0))
    throw new ConfigError(`${name} must contain at least one check for: commits, paths, regexes, or stopwords`);
  for (const expression of [...list.paths, ...list.regexes]) {
    const translation = translateRe2(expression);
    if (translation.kind === 'refused')
      throw new ConfigError(`${name} the expression cannot be used: ${translation.reason}`);
  }
  return list;
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}

function conditionOf(word: string, name: string): SecretAllowlist['condition'] {
  const upper = word.toUpperCase();
  if (upper === 'AND' || upper === '&&') return 'and';
  if (upper === '' || upper === 'OR' || upper === '||') return 'or';
  throw new ConfigError(`${name} unknown allowlist |condition| '${word}' (expected 'and', 'or')`);
}

function targetOf(word: string, name: string): SecretAllowlist['regexTarget'] {
  if (word === '' || word === 'secret') return 'secret';
  if (word === 'match' || word === 'line') return word;
  throw new ConfigError(`${name} unknown allowlist |regexTarget| '${word}' (expected 'match', 'line')`);
}
