// SPDX-License-Identifier: Apache-2.0
// Composer's constraint syntax (composer/semver, "Versions and constraints"): `^1.2`, `~1.2.3`, `1.0 - 2.0`, `1.2.*`, `>=1,<2 || 3.*@beta`.
import type { Alternatives, Comparator, Operator } from './constraint.ts';
import { isDigits } from './counts.ts';
import { nextNumber } from './semver-range.ts';

/** Undefined when a part is not of the syntax. Stability flags (`@dev`) widen what Composer installs and bound nothing. */
export function parseComposerConstraint(constraint: string): Alternatives | undefined {
  const alternatives: (readonly Comparator[])[] = [];
  for (const alternative of constraint.split(/\|{1,2}/)) {
    const all = parseAll(alternative.trim());
    if (all === undefined) return undefined;
    alternatives.push(all);
  }
  return alternatives;
}

function parseAll(text: string): readonly Comparator[] | undefined {
  const hyphen = /^(\S{1,256})\s+-\s+(\S{1,256})$/.exec(text);
  if (hyphen?.[1] !== undefined && hyphen[2] !== undefined) return parseHyphen(hyphen[1], hyphen[2]);
  const comparators: Comparator[] = [];
  let pending = '';
  for (const word of text.split(/[\s,]+/)) {
    if (word === '') continue;
    if (/^[<>=!^~]{1,2}$/.test(word)) {
      pending = word;
      continue;
    }
    const part = parsePart(pending + word);
    if (part === undefined) return undefined;
    comparators.push(...part);
    pending = '';
  }
  return pending === '' ? comparators : undefined;
}

function parseHyphen(from: string, to: string): readonly Comparator[] | undefined {
  const numbers = numbersOf(to);
  if (numbers === undefined || numbersOf(from) === undefined) return undefined;
  const low: Comparator = { operator: '>=', version: from };
  // A partial upper end covers everything that begins so.
  if (numbers.length < 3 && !to.includes('-'))
    return [low, { operator: '<', version: `${raised(numbers, numbers.length - 1)}-dev` }];
  return [low, { operator: '<=', version: to }];
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ['', '='],
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['<>', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

function parsePart(phrase: string): readonly Comparator[] | undefined {
  const match = /^([<>=!^~]{0,2})([^@]{0,256})(?:@[a-zA-Z]{1,16})?$/.exec(phrase);
  const [, operator = '', version = ''] = match ?? [];
  if (match === null) return undefined;
  if (/^(?:[vV]?[*xX](?:\.[*xX]){0,3}|)$/.test(version)) return [];
  const wildcard = /^[vV]?(\d{1,18}(?:\.\d{1,18}){0,2})(?:\.[*xX]){1,3}$/.exec(version);
  if (wildcard?.[1] !== undefined) {
    const prefix = wildcard[1].split('.');
    return between(`${wildcard[1]}-dev`, `${raised(prefix, prefix.length - 1)}-dev`);
  }
  if (operator === '^' || operator === '~') return parseRounded(operator, version);
  const known = operators.get(operator);
  if (known === undefined || version === '') return undefined;
  // `<1.2` means before 1.2-dev, and `>=1.2` from 1.2-dev on.
  const isPlain = numbersOf(version) !== undefined && /^[vV]?[\d.]{1,80}$/.test(version);
  return [{ operator: known, version: isPlain && (known === '<' || known === '>=') ? `${version}-dev` : version }];
}

/** `~1.2.3` raises the last but one number, `^1.2.3` the first that is not 0. */
function parseRounded(operator: '^' | '~', version: string): readonly Comparator[] | undefined {
  const numbers = numbersOf(version);
  if (numbers === undefined) return undefined;
  const isPlain = /^[vV]?[\d.]{1,80}$/.test(version);
  const from = isPlain ? `${version}-dev` : version;
  if (operator === '~') return between(from, `${raised(numbers, Math.max(0, numbers.length - 2))}-dev`);
  const significant = numbers.findIndex((number) => Number(number) !== 0);
  return between(from, `${raised(numbers, significant === -1 ? numbers.length - 1 : significant)}-dev`);
}

/** Leading numbers of a version; undefined when it has none. */
function numbersOf(version: string): readonly string[] | undefined {
  const match = /^[vV]?(\d{1,18}(?:\.\d{1,18}){0,3})/.exec(version);
  return match?.[1]?.split('.');
}

/** The numbers up to `at`, the last one raised by one. */
function raised(numbers: readonly string[], at: number): string {
  const last = numbers[at] ?? '0';
  return [...numbers.slice(0, at), isDigits(last) ? nextNumber(last) : last].join('.');
}

function between(from: string, to: string): readonly Comparator[] {
  return [
    { operator: '>=', version: from },
    { operator: '<', version: to },
  ];
}
