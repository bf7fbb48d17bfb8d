// SPDX-License-Identifier: Apache-2.0
// A value of a resource against a leaf of a pattern (Kyverno pkg/engine/pattern, Validate). Maps and lists within patterns, and anchors, are
// overlay.ts.
import { matchesStringPattern } from './string-pattern.ts';

/** Whether a value fits a leaf: text, number, boolean, null, or a map, which only asks for some map. */
export function matchesPattern(value: unknown, pattern: unknown): boolean {
  switch (typeof pattern) {
    case 'string':
      return matchesStringPattern(value, pattern);
    case 'boolean':
      return value === pattern;
    case 'number':
      return matchesNumber(value, pattern);
    default:
      if (pattern === null || pattern === undefined) return isNothing(value);
      return !Array.isArray(pattern) && typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}

const wholeNumber = /^[+-]?[0-9]{1,19}$/;
const decimalNumber = /^[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?$/;

/** A whole number takes texts of whole numbers, any other takes texts of decimals. */
function matchesNumber(value: unknown, pattern: number): boolean {
  if (typeof value === 'number') return value === pattern;
  if (typeof value !== 'string') return false;
  return (Number.isInteger(pattern) ? wholeNumber : decimalNumber).test(value) && Number(value) === pattern;
}

/** Null is fitted by what is missing, null, 0, false or the empty text. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === 0 || value === false || value === '';
}
