// SPDX-License-Identifier: Apache-2.0
// Leaves of patterns, and texts with wildcards, as CEL (../string-pattern.ts and ../pattern.ts are what they mean).
import { parseGoDuration } from '../../../formats/go-duration.ts';
import { parseKubernetesQuantity } from '../../../formats/kubernetes-quantity.ts';
import { hasWildcard } from '../../../formats/wildcard.ts';
import { operatorOf } from '../string-pattern.ts';
import type { Place } from './cel-text.ts';
import { allOf, anyOf, CannotCarryOver, literal, not, quote, valueOf } from './cel-text.ts';

/** Whether the value at a place fits a leaf. A missing value is null. */
export function leafToCel(place: Place, pattern: unknown): string {
  const value = valueOf(place);
  switch (typeof pattern) {
    case 'string':
      return textPatternToCel(place, pattern);
    case 'boolean':
      return `${value} == ${pattern}`;
    case 'number':
      return Number.isInteger(pattern)
        ? anyOf([`${value} == ${pattern}`, `${value} == ${quote(String(pattern))}`])
        : `${value} == ${literal(pattern)}`;
    default:
      if (pattern === null || pattern === undefined)
        return anyOf([`${value} == null`, `${value} == 0`, `${value} == false`, `${value} == ""`]);
      return place.isOptional ? `${place.text}.hasValue()` : `${value} != null`;
  }
}

function textPatternToCel(place: Place, pattern: string): string {
  if (pattern.includes('{{') || pattern.includes('$('))
    throw new CannotCarryOver(`the pattern ${pattern} depends on the object`);
  return anyOf(
    pattern.split('|').map((alternative) =>
      allOf(
        alternative
          .trim()
          .split('&')
          .map((part) => conditionToCel(place, part.trim())),
      ),
    ),
  );
}

const range = /^([-+]?[0-9.]+[A-Za-z]*)(!?)-([-+]?[0-9.]+[A-Za-z]*)$/;

function conditionToCel(place: Place, text: string): string {
  const operator = operatorOf(text);
  if (operator === 'range' || operator === 'outside') {
    const [, low = '', , high = ''] = range.exec(text) ?? [];
    return operator === 'range'
      ? allOf([comparisonToCel(place, '>=', low), comparisonToCel(place, '<=', high)])
      : anyOf([comparisonToCel(place, '<', low), comparisonToCel(place, '>', high)]);
  }
  return comparisonToCel(place, operator, text.slice(operator.length).trim());
}

/** Texts that are durations, as a regular expression. */
export const durationForm = '^[+-]?([0-9.]+(ns|us|ms|s|m|h))+$';

const celOperators = { '': '==', '!': '!=', '>': '>', '<': '<', '>=': '>=', '<=': '<=' } as const;

function comparisonToCel(place: Place, operator: keyof typeof celOperators, operand: string): string {
  if (operator !== '' && operator !== '!' && place.isOptional) {
    const one = 'one';
    const inner = scalarComparison({ text: one, isOptional: false }, operator, operand);
    const list = `type(${valueOf(place)}) == list`;
    return `(${list} ? ${place.text}.orValue([]).all(${one}, ${inner}) : ${scalarComparison(place, operator, operand)})`;
  }
  return scalarComparison(place, operator, operand);
}

function scalarComparison(place: Place, operator: keyof typeof celOperators, operand: string): string {
  const value = valueOf(place);
  const isDuration = parseGoDuration(operand) !== undefined && operand !== '0';
  const isQuantity = parseKubernetesQuantity(operand) !== undefined;
  const asText = textToCel(value, operator, operand);
  if (!isDuration && !isQuantity) return asText;
  // Null counts as 0 here.
  const text = place.isOptional ? `string(${place.text}.orValue("0"))` : `string(${place.text})`;
  const symbol = celOperators[operator];
  const byQuantity = isQuantity ? `quantity(${text}).compareTo(quantity(${quote(operand)})) ${symbol} 0` : undefined;
  const byDuration = isDuration ? `duration(${text}) ${symbol} duration(${quote(operand)})` : undefined;
  const otherwise = operator === '' || operator === '!' ? asText : 'false';
  const afterDuration = byQuantity === undefined ? otherwise : `(isQuantity(${text}) ? ${byQuantity} : ${otherwise})`;
  if (byDuration === undefined) return afterDuration;
  return `(${text}.matches(${quote(durationForm)}) ? ${byDuration} : ${afterDuration})`;
}

function textToCel(value: string, operator: string, operand: string): string {
  if (operator === '') return operand === '*' ? `${value} != null` : globToCel(value, operand, 'any scalar');
  // What is not there does not fit `!x` either.
  if (operator === '!') return allOf([`${value} != null`, not(globToCel(value, operand, 'any scalar'))]);
  return 'false';
}

/** Whether a text fits a glob. `text`: the value is known to be one; else numbers and booleans are written as texts, and null fits nothing. */
export function globToCel(value: string, glob: string, of: 'text' | 'any scalar'): string {
  if (!hasWildcard(glob))
    return looksLikeScalar(glob) && of === 'any scalar'
      ? guarded(value, `string(${value}) == ${quote(glob)}`)
      : `${value} == ${quote(glob)}`;
  const text = of === 'text' ? value : `string(${value})`;
  const test = wildcardTest(text, glob);
  return of === 'text' ? test : guarded(value, test);
}

/** Whether a value fits a text that is known only when it is judged, and may be a glob: one of a ConfigMap, say. */
export function globOfValue(value: string, glob: string): string {
  const marks = [
    ['\\', '\\E\\\\\\Q'],
    ['*', '\\E.*\\Q'],
    ['?', '\\E.\\Q'],
  ];
  const escaped = marks.map(([from = '', to = '']) => `.replace(${quote(from)}, ${quote(to)})`).join('');
  return guarded(value, `string(dyn(${value})).matches("(?s)^\\\\Q" + string(dyn(${glob}))${escaped} + "\\\\E$")`);
}

/** `string(null)` has no meaning. */
function guarded(value: string, test: string): string {
  return allOf([value.includes('null') ? `${value} != null` : undefined, test]);
}

function looksLikeScalar(text: string): boolean {
  return /^(?:true|false|[-+]?[0-9.]+)$/.test(text);
}

function wildcardTest(text: string, glob: string): string {
  if (/^\*+$/.test(glob)) return 'true';
  if (glob === '?*' || glob === '*?') return `${text} != ""`;
  const inner = glob.replace(/^\*/, '').replace(/\*$/, '');
  if (!hasWildcard(inner)) {
    const isOpenLeft = glob.startsWith('*');
    const isOpenRight = glob.endsWith('*');
    if (isOpenLeft && isOpenRight) return `${text}.contains(${quote(inner)})`;
    return isOpenLeft ? `${text}.endsWith(${quote(inner)})` : `${text}.startsWith(${quote(inner)})`;
  }
  return `${text}.matches(${quote(globExpression(glob))})`;
}

export function globExpression(glob: string): string {
  const body = Array.from(glob, (character) => {
    if (character === '*') return '.*';
    return character === '?' ? '.' : character.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  }).join('');
  return `(?s)^${body}$`;
}
