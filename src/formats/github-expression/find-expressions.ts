// SPDX-License-Identifier: Apache-2.0
// All `${{ }}` in a text, which is the value of a YAML scalar (or any other text in which the runner replaces them).
import { defaultLimits } from '../../model/limits.ts';
import type { ParsedExpression } from './ast.ts';
import { parseTokens, tooLong } from './parse-expression.ts';
import { lexExpression } from './tokens.ts';

export interface ExpressionSite {
  /** Offset of `${{` in the text, and the one after `}}` (the end of the text when it is not closed). */
  readonly start: number;
  readonly end: number;
  /** Offset of the first character after `${{`: add it to the offsets of the tree. */
  readonly sourceStart: number;
  /** What stands between `${{` and `}}`, blanks included. */
  readonly source: string;
  readonly parsed: ParsedExpression;
}

/** From first to last. A `}}` in a string does not end an expression; after one that cannot be cut, the search goes on behind the next `}}`. */
export function findExpressions(text: string): readonly ExpressionSite[] {
  const sites: ExpressionSite[] = [];
  let start = text.indexOf('${{');
  while (start !== -1) {
    const site = siteAt(text, start);
    sites.push(site);
    start = text.indexOf('${{', site.end);
  }
  return sites;
}

function siteAt(text: string, start: number): ExpressionSite {
  const sourceStart = start + 3;
  // One character more than the limit is enough to see that it is too long, and keeps an endless expression from being cut whole.
  const window = text.slice(sourceStart, sourceStart + defaultLimits.workflowExpressionLength + 3);
  const lexed = lexExpression(window, 0, 'braces');
  if (lexed.fault === undefined) {
    const source = window.slice(0, lexed.end - 2);
    return { start, end: sourceStart + lexed.end, sourceStart, source, parsed: parseTokens(lexed.tokens) };
  }
  const next = text.indexOf('}}', sourceStart);
  const sourceEnd = next === -1 ? text.length : next;
  const isCut =
    text.length > sourceStart + window.length && lexed.fault.offset >= defaultLimits.workflowExpressionLength;
  return {
    start,
    end: next === -1 ? text.length : next + 2,
    sourceStart,
    source: text.slice(sourceStart, sourceEnd),
    parsed: isCut ? tooLong() : { kind: 'fault', fault: lexed.fault },
  };
}

/** The one expression that a text consists of, blanks around it left out of account; undefined when there is other text, or several. */
export function wholeExpression(text: string): ExpressionSite | undefined {
  const start = text.length - text.trimStart().length;
  if (!text.startsWith('${{', start) || !text.trimEnd().endsWith('}}')) return undefined;
  const site = siteAt(text, start);
  return site.end === text.trimEnd().length ? site : undefined;
}
