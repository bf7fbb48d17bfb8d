// SPDX-License-Identifier: Apache-2.0
// The little language of leaf patterns: alternatives `|`, conjunctions `&`, operators `>= <= > < !`, ranges `1-10` and `1!-10`, durations, quantities
// and wildcards (Kyverno pkg/engine/pattern and pkg/engine/operator). A text is compiled once; values are compared many times.
import { parseGoDuration } from '../../formats/go-duration.ts';
import { parseKubernetesQuantity } from '../../formats/kubernetes-quantity.ts';
import { hasWildcard, matchesWildcard } from '../../formats/wildcard.ts';

type Operator = '' | '>=' | '<=' | '>' | '<' | '!';
type Test = (value: unknown) => boolean;

const rangeForm =
  /^([-|+]?[0-9]{1,40}(?:\.[0-9]{1,40})?[A-Za-z]{0,10})-([-|+]?[0-9]{1,40}(?:\.[0-9]{1,40})?[A-Za-z]{0,10})$/;
const outsideForm =
  /^([-|+]?[0-9]{1,40}(?:\.[0-9]{1,40})?[A-Za-z]{0,10})!-([-|+]?[0-9]{1,40}(?:\.[0-9]{1,40})?[A-Za-z]{0,10})$/;

/** What a pattern begins with. A pattern of one character has no operator. */
export function operatorOf(pattern: string): Operator | 'range' | 'outside' {
  if (pattern.length < 2) return '';
  const two = pattern.slice(0, 2);
  if (two === '>=' || two === '<=') return two;
  const one = pattern.charAt(0);
  if (one === '>' || one === '<' || one === '!') return one;
  if (outsideForm.test(pattern)) return 'outside';
  return rangeForm.test(pattern) ? 'range' : '';
}

/** A pattern text as a test of scalars and null. Compile once. */
export function stringPattern(pattern: string): (value: unknown) => boolean {
  const test = compileStringPattern(pattern);
  return (value) => value === pattern || test(value);
}

const mostPatterns = 5_000;
const compiled = new Map<string, Test>();

/** Whether a scalar or null fits a pattern text. The compiled form is kept, because texts with variables come as new texts again and again. */
export function matchesStringPattern(value: unknown, pattern: string): boolean {
  if (value === pattern) return true;
  let test = compiled.get(pattern);
  if (test === undefined) {
    test = compileStringPattern(pattern);
    if (compiled.size >= mostPatterns) compiled.clear();
    compiled.set(pattern, test);
  }
  return test(value);
}

function compileStringPattern(pattern: string): Test {
  const alternatives = pattern
    .split('|')
    .map((alternative) => allOf(trimSpaces(alternative).split('&').map(compileCondition)));
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1) return only;
  return (value) => alternatives.some((test) => test(value));
}

function allOf(tests: readonly Test[]): Test {
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (value) => tests.every((test) => test(value));
}

function trimSpaces(text: string): string {
  return text.replace(/^ +/, '').replace(/ +$/, '');
}

function compileCondition(text: string): Test {
  const condition = trimSpaces(text);
  const operator = operatorOf(condition);
  if (operator !== 'range' && operator !== 'outside')
    return compileComparison(operator, condition.slice(operator.length).trim());
  const [, left = '', right = ''] = (operator === 'range' ? rangeForm : outsideForm).exec(condition) ?? [];
  const [low, high] =
    operator === 'range'
      ? [compileComparison('>=', left), compileComparison('<=', right)]
      : [compileComparison('<', left), compileComparison('>', right)];
  return operator === 'range' ? (value) => low(value) && high(value) : (value) => low(value) || high(value);
}

/** As durations if both are, else as quantities if both are, else as texts. */
function compileComparison(operator: Operator, operand: string): Test {
  const duration = parseGoDuration(operand);
  const quantity = parseKubernetesQuantity(operand)?.nano;
  const asText = compileTextComparison(operator, operand);
  if (duration === undefined && quantity === undefined) return asText;
  return (value) => {
    const text = comparableText(value);
    if (text === undefined) return asText(value);
    const otherDuration = duration === undefined ? undefined : parseGoDuration(text);
    if (duration !== undefined && otherDuration !== undefined) return holds(operator, otherDuration, duration);
    const otherQuantity = quantity === undefined ? undefined : parseKubernetesQuantity(text)?.nano;
    if (quantity !== undefined && otherQuantity !== undefined) return holds(operator, otherQuantity, quantity);
    return asText(value);
  };
}

function holds(operator: Operator, left: bigint, right: bigint): boolean {
  switch (operator) {
    case '':
      return left === right;
    case '!':
      return left !== right;
    case '>':
      return left > right;
    case '<':
      return left < right;
    case '>=':
      return left >= right;
    default:
      return left <= right;
  }
}

/** Null counts as 0 here; whole numbers print without, others with six decimals (Go's `%f`). */
function comparableText(value: unknown): string | undefined {
  if (value === null || value === undefined) return '0';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return undefined;
  return Number.isInteger(value) ? String(value) : value.toFixed(6);
}

function compileTextComparison(operator: Operator, operand: string): Test {
  if (operator !== '' && operator !== '!') return () => false;
  const isWanted = operator === '';
  const isPlain = !hasWildcard(operand);
  return (value) => {
    const text = printedText(value);
    if (text === undefined) return false;
    return (isPlain ? text === operand : matchesWildcard(operand, text)) === isWanted;
  };
}

/** Numbers that are not whole print with an exponent (Go's FormatFloat with 'E'): `1.5E+00`. */
function printedText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return undefined;
  if (Number.isInteger(value)) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa}E${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}
