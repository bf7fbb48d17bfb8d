// SPDX-License-Identifier: Apache-2.0
// Literals that can only fail: Kubernetes refuses an expression with a regular expression, duration or time that is none when it is written
// (cel-go validators ValidateRegexLiterals, ValidateDurationLiterals, ValidateTimestampLiterals).
import { compileRe2 } from '../../formats/re2.ts';
import type { Call } from './ast.ts';
import type { SyntaxFault } from './lexer.ts';
import { parseDuration, parseTimestamp } from './time-text.ts';
import { CelError } from './values.ts';

export function literalFault({ name, target, arguments: given }: Call): SyntaxFault | undefined {
  const last = given.at(-1);
  if (last?.kind !== 'literal' || typeof last.value !== 'string' || given.length > 2) return undefined;
  if (name !== 'matches' && target !== undefined) return undefined;
  return isFault(name, last.value) ? { message: `invalid ${name} argument`, offset: last.start } : undefined;
}

function isFault(name: string, text: string): boolean {
  if (name === 'matches') return compileRe2(text).kind === 'fault';
  if (name === 'duration') return parseDuration(text) instanceof CelError;
  return name === 'timestamp' && parseTimestamp(text) instanceof CelError;
}
