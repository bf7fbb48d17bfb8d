// SPDX-License-Identifier: Apache-2.0
// RE2 patterns of expressions, compiled once. The cache is bounded, because patterns may come from the objects that are judged.

import { RE2JS } from 're2js';
import { CelError } from '../values.ts';

const longestPattern = 10_000;
const mostPatterns = 500;
const compiled = new Map<string, RE2JS | CelError>();

/** The compiled pattern, or the error of one that RE2 does not take. */
export function compilePattern(pattern: string): RE2JS | CelError {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const result = compile(pattern);
  if (compiled.size >= mostPatterns) compiled.clear();
  compiled.set(pattern, result);
  return result;
}

function compile(pattern: string): RE2JS | CelError {
  if (pattern.length > longestPattern) return new CelError('regular expression is too long');
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return new CelError(`invalid regular expression: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}
