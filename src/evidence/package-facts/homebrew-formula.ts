// SPDX-License-Identifier: Apache-2.0
// A Homebrew formula (Ruby) in the statements that are plain data: desc, homepage, license, version. Nothing is evaluated.
// https://docs.brew.sh/Formula-Cookbook
import type { PackageFacts } from '../../model/package.ts';

export interface HomebrewFormula {
  readonly facts: Pick<PackageFacts, 'description' | 'homepage' | 'downloadUrl'>;
  readonly licenses: readonly string[];
}

const longestLine = 2_000;

/** Reads the statements of a formula; what it computes is left out. */
export function readFormula(text: string): HomebrewFormula {
  const lines = text.split('\n').map((line) => line.slice(0, longestLine).trim());
  const valueOf = (name: string): string | undefined => {
    const line = lines.find((candidate) => isStatement(candidate, name));
    return line === undefined ? undefined : quotedValue(line) || undefined;
  };
  const facts = { description: valueOf('desc'), homepage: valueOf('homepage'), downloadUrl: valueOf('url') };
  return {
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    licenses: licensesOf(lines),
  };
}

/** `license "MIT"`, `license any_of: ["MIT", "Apache-2.0"]`; a list may go on over lines. */
function licensesOf(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => isStatement(line, 'license'));
  if (start === -1) return [];
  const first = lines[start] ?? '';
  const isList = /^license\s{1,20}(?:any_of|all_of):/.test(first);
  if (!isList) return [quotedValue(first)].filter((name) => name !== '');
  const rest = lines.slice(start, start + 20);
  const end = rest.findIndex((line) => line.includes(']'));
  const statement = rest.slice(0, end + 1).join(' ');
  const names = [...statement.matchAll(/"([^"]{1,100})"/g)].map((match) => match[1] ?? '');
  const joined = names.join(first.includes('any_of') ? ' OR ' : ' AND ');
  // An exception (`=> { with: ... }`) inside of the list is a rule of its own.
  return statement.includes('=>') ? names : [joined].filter((text) => text !== '');
}

/** Whether the line sets `name`: the word, then white space. */
export function isStatement(line: string, name: string): boolean {
  return line.startsWith(name) && /^[ \t]/.test(line.slice(name.length));
}

/** What stands between the first and the last double quote; empty without two. */
export function quotedValue(text: string): string {
  const first = text.indexOf('"');
  const last = text.lastIndexOf('"');
  return first === -1 || last === first ? '' : text.slice(first + 1, last);
}
