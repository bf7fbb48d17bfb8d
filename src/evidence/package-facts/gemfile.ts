// SPDX-License-Identifier: Apache-2.0
// The groups of a Gemfile, read from its text (it is a Ruby program and never run): what `group` blocks and `group:` options say.
import type { Scope } from '../../model/package.ts';

const gemCall = /^\s*gem[\s(]\s*["']([A-Za-z0-9_.-]{1,200})["'](.*)$/;
const groupBlock = /^\s*group[\s(](.{0,500})\bdo\b/;
const opensBlock = /^\s*(?:if|unless|case|begin|def|while|until|for)\b|\bdo\b\s*(?:\|[^|]{0,200}\|\s*)?$/;
const symbol = /:([a-z_][a-z0-9_]{0,100})\b|["']([a-z_][a-z0-9_]{0,100})["']/g;

/** Groups by gem name; a gem that stands outside every group has none. A gem named twice has the groups of all places. */
export function gemfileGroups(text: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  const blocks: (readonly string[])[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.slice(0, 2_000).replace(/(?:^|\s)#[^{].*$/, '');
    const block = groupBlock.exec(line);
    const gem = gemCall.exec(line);
    if (gem !== null) {
      const [, name = '', options = ''] = gem;
      const own = [...blocks.flat(), ...optionGroups(options)];
      const before = groups.get(name);
      // Named once without a group, it is needed everywhere.
      groups.set(name, before === undefined ? own : before.length === 0 || own.length === 0 ? [] : [...before, ...own]);
    } else if (block !== null) blocks.push(names(block[1] ?? ''));
    else if (opensBlock.test(line)) blocks.push([]);
    else if (/^\s*end\b/.test(line)) blocks.pop();
  }
  return groups;
}

/** Scope for a set of groups: only `test`, only groups that are not deployed, or runtime. */
export function scopeOfGroups(groups: readonly string[]): Scope {
  if (groups.length === 0 || groups.some((group) => group !== 'test' && group !== 'development')) return 'runtime';
  return groups.every((group) => group === 'test') ? 'test' : 'development';
}

/** `group: :test`, `groups: [:development, :test]`, `:group => :test`. */
function optionGroups(options: string): string[] {
  const at = /(?:\bgroups?:|:groups?\s{0,8}=>)/.exec(options);
  if (at === null) return [];
  const rest = options.slice(at.index + at[0].length).trimStart();
  return names(
    rest.startsWith('[') ? rest.slice(0, rest.indexOf(']') + 1 || undefined) : (/^\S+/.exec(rest)?.[0] ?? ''),
  );
}

function names(text: string): string[] {
  return [...text.matchAll(symbol)].map((match) => match[1] ?? match[2] ?? '');
}
