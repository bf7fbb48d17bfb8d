// SPDX-License-Identifier: Apache-2.0
// Regular expressions of users, which are written for Go's RE2: linear in time, compiled once. The cache is bounded, because patterns may come
// from the objects that are judged.
import { RE2JS } from 're2js';

const longestPattern = 10_000;
const mostPatterns = 500;
const compiled = new Map<string, Re2Pattern>();

export type Re2Pattern =
  | { readonly kind: 'pattern'; readonly pattern: RE2JS }
  | { readonly kind: 'fault'; readonly message: string };

/** The compiled pattern, or why RE2 does not take it. Never throws. */
export function compileRe2(pattern: string): Re2Pattern {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const result = compile(pattern);
  if (compiled.size >= mostPatterns) compiled.clear();
  compiled.set(pattern, result);
  return result;
}

function compile(pattern: string): Re2Pattern {
  if (pattern.length > longestPattern) return { kind: 'fault', message: 'regular expression is too long' };
  try {
    return { kind: 'pattern', pattern: RE2JS.compile(pattern) };
  } catch (error) {
    const message = `invalid regular expression: ${error instanceof Error ? error.message : 'unknown'}`;
    return { kind: 'fault', message };
  }
}
