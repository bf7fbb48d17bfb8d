// SPDX-License-Identifier: Apache-2.0
// Constraints as alternatives of comparisons: what every constraint syntax is turned into, and the plain syntax that
// advisory databases use in all ecosystems (`>= 1.0, < 2.0 || "3.0"`).
import { remember } from './memo.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface Comparator {
  readonly operator: Operator;
  readonly version: string;
}

/** Any of the inner lists must hold as a whole. An empty inner list holds always. */
export type Alternatives = readonly (readonly Comparator[])[];

/** Evaluates; `compareTo` says how the version in question stands to a bound (negative: before it). */
export function holds(alternatives: Alternatives, compareTo: (bound: string) => number): boolean {
  return alternatives.some((all) => all.every((one) => holdsComparator(one.operator, compareTo(one.version))));
}

/** Whether a comparison result (negative, 0, positive) is what the operator asks for. */
export function holdsComparator(operator: Operator, result: number): boolean {
  switch (operator) {
    case '=':
      return result === 0;
    case '!=':
      return result !== 0;
    case '<':
      return result < 0;
    case '<=':
      return result <= 0;
    case '>':
      return result > 0;
    default:
      return result >= 0;
  }
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ['', '='],
  ['=', '='],
  ['==', '='],
  ['===', '='],
  ['!=', '!='],
  ['<>', '!='],
  ['<', '<'],
  ['<<', '<'],
  ['<=', '<='],
  ['=<', '<='],
  ['>', '>'],
  ['>>', '>'],
  ['>=', '>='],
  ['=>', '>='],
]);

/** Operator characters at the front, and the rest with the blanks around it removed. */
export function splitOperator(phrase: string): { readonly operator: string; readonly rest: string } {
  const text = phrase.trim();
  let at = 0;
  while (at < text.length && '<>=!~^'.includes(text.charAt(at))) at += 1;
  return { operator: text.slice(0, at), rest: text.slice(at).trim() };
}

/** `>= 1.0`, `=1.0`, `1.0`, `< "odd version"`: one comparison, or undefined when it is none. */
export function parseComparator(phrase: string): Comparator | undefined {
  const { operator, rest } = splitOperator(phrase);
  const known = operators.get(operator);
  if (known === undefined || rest === '') return undefined;
  return { operator: known, version: unquote(rest) ?? rest };
}

/** The text between a pair of equal quotes; undefined when it is not in quotes. */
export function unquote(text: string): string | undefined {
  const first = text.charAt(0);
  if (text.length < 2 || (first !== '"' && first !== "'") || !text.endsWith(first)) return undefined;
  return text.slice(1, -1);
}

/**
 * Splits at `||` and, inside, at `,` or at a blank before an operator. Quoted text is kept whole, other blanks are dropped,
 * empty parts too. Undefined for parentheses, which this syntax does not have, and for a lone `|`.
 */
export function splitExpression(phrase: string): string[][] | undefined {
  const alternatives: string[][] = [];
  let all: string[] = [];
  let part = '';
  let quote = '';
  let blank = false;
  const endPart = (): void => {
    if (part !== '') all.push(part);
    part = '';
    blank = false;
  };
  const endAlternative = (): void => {
    endPart();
    if (all.length > 0) alternatives.push(all);
    all = [];
  };
  for (let at = 0; at < phrase.length; at += 1) {
    const character = phrase.charAt(at);
    if (quote !== '') {
      part += character;
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
      part += character;
    } else if (character === ',') endPart();
    else if (character === '|') {
      if (phrase.charAt(at + 1) !== '|') return undefined;
      at += 1;
      endAlternative();
    } else if (character === '(' || character === ')') return undefined;
    else if (/\s/.test(character)) blank = true;
    else {
      if (blank && '<>=!~^'.includes(character) && !endsInOperator(part)) endPart();
      part += character;
      blank = false;
    }
  }
  endAlternative();
  return alternatives;
}

function endsInOperator(part: string): boolean {
  return part === '' || '<>=!~^'.includes(part.charAt(part.length - 1));
}

/** Begins like a version; wildcards belong to the ecosystems' own syntaxes. */
function isBound(version: string): boolean {
  return /^[\p{L}\p{N}]/u.test(version) && !version.includes('*');
}

/** The plain syntax as alternatives; undefined when a part is not a comparison with something that looks like a version. */
export const parseConstraint = remember((phrase: string): Alternatives | undefined => {
  const parts = splitExpression(phrase);
  if (parts === undefined) return undefined;
  if (parts.length === 0) return [[]];
  const alternatives: Comparator[][] = [];
  for (const all of parts) {
    const comparators: Comparator[] = [];
    for (const part of all) {
      const comparator = parseComparator(part);
      if (comparator === undefined || !isBound(comparator.version)) return undefined;
      comparators.push(comparator);
    }
    alternatives.push(comparators);
  }
  return alternatives;
});

/** Evaluates a constraint in the plain syntax; the empty constraint holds for every version, undefined when it is not of the syntax. */
export function holdsConstraint(phrase: string, compareTo: (bound: string) => number): boolean | undefined {
  const alternatives = parseConstraint(phrase);
  return alternatives === undefined ? undefined : holds(alternatives, compareTo);
}
