// SPDX-License-Identifier: Apache-2.0
// AnyIn, AllIn, AnyNotIn, AllNotIn and the older In and NotIn (Kyverno operator/anyin.go, allin.go, in.go). Keys and values match in both
// directions: a wildcard in the key counts as well. A value may be a list, a text, a text with a list in JSON, or a range (`1-10`).
import { printGoValue } from '../../../formats/go-print.ts';
import { matchesWildcard } from '../../../formats/wildcard.ts';
import { matchesStringPattern, operatorOf } from '../string-pattern.ts';

type Quantifier = 'any' | 'all' | 'any not' | 'all not';
type Test = (key: unknown, value: unknown) => boolean;

/** Whether a key and one of the values are the same. */
type Fit = (key: string, value: string) => boolean;

export function membership(quantifier: Quantifier, fit: Fit = fitsEitherWay): Test {
  return (key, value) => {
    if (Array.isArray(key))
      return judgeList(
        { quantifier, fit, value },
        key.map((item) => printGoValue(item)),
      );
    const isScalar = typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean';
    return isScalar && judgeScalar({ quantifier, fit, value }, printGoValue(key));
  };
}

/**
 * Membership without the laxity: wildcards count in the values only, and only in those that stand in the policy (`written`); what is not in, for whatever
 * reason, is "not in".
 */
export function strictMembership(quantifier: Quantifier, values: 'written' | 'computed'): Test {
  const fit: Fit = values === 'written' ? (key, value) => matchesWildcard(value, key) : (key, value) => key === value;
  if (!isNegative(quantifier)) return membership(quantifier, fit);
  const opposite = membership(quantifier === 'any not' ? 'all' : 'any', fit);
  return (key, value) => !opposite(key, value);
}

interface Asked {
  readonly quantifier: Quantifier;
  readonly fit: Fit;
  readonly value: unknown;
}

function isNegative(quantifier: Quantifier): boolean {
  return quantifier.endsWith('not');
}

function fitsEitherWay(key: string, value: string): boolean {
  return matchesWildcard(value, key) || matchesWildcard(key, value);
}

function judgeScalar(asked: Asked, key: string): boolean {
  const isThere = holdsScalar(asked, key);
  return isThere !== undefined && isThere !== isNegative(asked.quantifier);
}

/** Undefined for values that no key can be looked for in. */
function holdsScalar({ value, fit }: Asked, key: string): boolean | undefined {
  if (Array.isArray(value)) return value.some((item) => fit(key, printGoValue(item)));
  if (typeof value !== 'string') return undefined;
  if (fit === fitsEitherWay ? matchesWildcard(value, key) : fit(key, value)) return true;
  if (operatorOf(value) === 'range') return matchesStringPattern(key, value);
  return textsIn(value)?.includes(key);
}

function judgeList(asked: Asked, keys: readonly string[]): boolean {
  const { quantifier, value } = asked;
  if (Array.isArray(value))
    return judgeMembers(
      asked,
      keys,
      value.map((item) => printGoValue(item)),
    );
  if (typeof value !== 'string') return false;
  if (keys.length === 1 && keys[0] === value) return !isNegative(quantifier);
  if (operatorOf(value) === 'range') return judgeRange(quantifier, keys, value);
  const texts = textsIn(value);
  return texts !== undefined && judgeMembers(asked, keys, texts);
}

function judgeMembers({ quantifier, fit }: Asked, keys: readonly string[], values: readonly string[]): boolean {
  const isThere = (key: string): boolean => values.some((value) => fit(key, value));
  switch (quantifier) {
    case 'any':
      return keys.some(isThere);
    case 'all':
      return keys.every(isThere);
    case 'any not':
      return !keys.every(isThere);
    default:
      return !keys.some(isThere);
  }
}

function judgeRange(quantifier: Quantifier, keys: readonly string[], range: string): boolean {
  // The first dash becomes the mark of an outside range, also where it is a sign: matches Kyverno.
  const outside = range.replace('-', '!-');
  switch (quantifier) {
    case 'any':
      return keys.some((key) => matchesStringPattern(key, range));
    case 'all':
      return keys.every((key) => matchesStringPattern(key, range));
    case 'any not':
      return keys.some((key) => matchesStringPattern(key, outside));
    default:
      return keys.every((key) => matchesStringPattern(key, outside));
  }
}

/** Texts of a list in JSON; a text that is no JSON stands for itself. Undefined for JSON that is no list of texts. */
function textsIn(value: string): readonly string[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return [value];
  }
  if (parsed === null) return [];
  return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : undefined;
}

/** The older NotIn: a list of keys is "not in" when any of it is missing. */
export const oldNotIn: Test = (key, value) => membership(Array.isArray(key) ? 'any not' : 'all not')(key, value);

export function strictOldNotIn(values: 'written' | 'computed'): Test {
  return strictMembership('any not', values);
}
