// SPDX-License-Identifier: Apache-2.0
// NuGet: four numbers and a prerelease compared without regard to case; ranges `[1.0,2.0)`, `1.0` (at least) and `1.*`.
import { type Alternatives, holds, holdsConstraint } from '../version-text/constraint.ts';
import { isDigits } from '../version-text/counts.ts';
import { parseIntervals } from '../version-text/interval-notation.ts';
import { remember } from '../version-text/memo.ts';
import { nextNumber } from '../version-text/semver-range.ts';
import { compareSemver, parseSemver } from '../version-text/semver-text.ts';
import { defineVersionOrder } from './order.ts';

const parse = remember((version: string) => parseSemver(version.toLowerCase()));

function compare(a: string, b: string): number {
  return compareSemver(parse(a), parse(b));
}

const parseRange = remember((range: string): Alternatives | undefined => {
  const text = range.trim();
  if (text.startsWith('[') || text.startsWith('(')) return parseIntervals(text);
  if (text === '*') return [[{ operator: '>=', version: '0' }]];
  const floating = /^((?:\d{1,18}\.){1,3})\*$/.exec(text);
  if (floating?.[1] !== undefined) {
    const parts = floating[1].split('.').filter(isDigits);
    const last = parts.pop() ?? '0';
    const from = [...parts, last].join('.');
    return [
      [
        { operator: '>=', version: from },
        { operator: '<', version: `${[...parts, nextNumber(last)].join('.')}-0` },
      ],
    ];
  }
  return isValid(text) ? [[{ operator: '>=', version: text }]] : undefined;
});

function isValid(version: string): boolean {
  return /^v?\d{1,18}(?:\.\d{1,18}){0,3}(?:-[0-9A-Za-z.-]{1,256})?(?:\+[0-9A-Za-z.-]{1,256})?$/.test(version);
}

function satisfies(version: string, range: string): boolean | undefined {
  const alternatives = parseRange(range);
  return alternatives === undefined ? undefined : holds(alternatives, (bound) => compare(version, bound));
}

function affects(version: string, constraint: string): boolean | undefined {
  const intervals = parseIntervals(constraint);
  if (intervals !== undefined) return holds(intervals, (bound) => compare(version, bound));
  return holdsConstraint(constraint, (bound) => compare(version, bound)) ?? satisfies(version, constraint);
}

export const nuget = defineVersionOrder({ id: 'nuget', ecosystems: ['NuGet'], compare, isValid, satisfies, affects });
