// SPDX-License-Identifier: Apache-2.0
// Conda: VersionOrder of conda (docs, "Package match specifications"): `dev` first, `post` last, words before numbers.
import { type Comparator, holds, holdsConstraint } from '../version-text/constraint.ts';
import { type Count, compareCounts, compareTexts, countOf, isDigit, skipDigits } from '../version-text/counts.ts';
import { alternativesOf, comparePadded } from '../version-text/lists.ts';
import { remember } from '../version-text/memo.ts';
import { defineVersionOrder } from './order.ts';

type Atom = Count | { readonly word: string };
type Components = readonly (readonly Atom[])[];

interface CondaVersion {
  readonly epoch: Count;
  readonly main: Components;
  readonly local: Components;
}

const parse = remember((version: string): CondaVersion => {
  const text = version.trim().toLowerCase();
  const epoch = /^(\d{1,18})!/.exec(text);
  const rest = epoch === null ? text : text.slice(epoch[0].length);
  const plus = rest.indexOf('+');
  return {
    epoch: countOf(epoch?.[1] ?? ''),
    main: componentsOf(plus === -1 ? rest : rest.slice(0, plus)),
    local: plus === -1 ? [] : componentsOf(rest.slice(plus + 1)),
  };
});

function componentsOf(text: string): Components {
  return text.split(/[._-]/).map((component) => {
    const atoms: Atom[] = [];
    // A component that begins with a letter gets a 0 in front, so that `1.1a1` and `1.1.a1` sort apart.
    if (component !== '' && !isDigit(component.charCodeAt(0))) atoms.push(0);
    let at = 0;
    while (at < component.length) {
      const isNumber = isDigit(component.charCodeAt(at));
      const to = isNumber ? skipDigits(component, at) : skipWord(component, at);
      atoms.push(isNumber ? countOf(component.slice(at, to)) : { word: component.slice(at, to) });
      at = to;
    }
    return atoms;
  });
}

function skipWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function compare(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  return (
    compareCounts(left.epoch, right.epoch) ||
    compareComponents(left.main, right.main) ||
    compareComponents(left.local, right.local)
  );
}

function compareComponents(a: Components, b: Components): number {
  return comparePadded<readonly Atom[]>(a, b, {
    padding: [],
    compare: (x, y) => comparePadded<Atom>(x, y, { padding: 0, compare: compareAtoms }),
  });
}

function compareAtoms(a: Atom, b: Atom): number {
  const difference = rank(a) - rank(b);
  if (difference !== 0) return difference;
  if (typeof a === 'object' && typeof b === 'object') return compareTexts(a.word, b.word);
  return typeof a === 'object' || typeof b === 'object' ? 0 : compareCounts(a, b);
}

function rank(atom: Atom): number {
  if (typeof atom !== 'object') return 2;
  if (atom.word === 'dev') return 0;
  return atom.word === 'post' ? 3 : 1;
}

const parseSpec = remember((spec: string) => alternativesOf(spec, { or: /\|{1,2}/, and: ',', part: parsePart }));

function parsePart(text: string): readonly Comparator[] | undefined {
  if (text === '*' || text === '') return [];
  const match = /^(~=|==|!=|>=|<=|>|<|=)?\s*([0-9a-z_.!+-]{1,256}?)(\.?\*)?$/i.exec(text);
  const version = match?.[2];
  if (match === null || version === undefined) return undefined;
  const operator = match[1] ?? '';
  if (operator === '~=') return [{ operator: '>=', version }, ...startsWith(version.split('.').slice(0, -1).join('.'))];
  if (operator === '=' || (match[3] !== undefined && (operator === '' || operator === '==')))
    return startsWith(version);
  if (operator === '' || operator === '==') return [{ operator: '=', version }];
  return operator === '!=' || operator === '>=' || operator === '<=' || operator === '>' || operator === '<'
    ? [{ operator, version }]
    : undefined;
}

/** `=1.2`: 1.2 and everything below 1.3, prereleases of 1.2 not included. */
function startsWith(version: string): readonly Comparator[] {
  const parts = version.split('.');
  const last = parts.pop() ?? '';
  if (!/^\d{1,18}$/.test(last)) return [{ operator: '=', version }];
  return [
    { operator: '>=', version },
    { operator: '<', version: [...parts, `${BigInt(last) + 1n}dev`].join('.') },
  ];
}

function satisfies(version: string, spec: string): boolean | undefined {
  const alternatives = parseSpec(spec);
  return alternatives === undefined ? undefined : holds(alternatives, (bound) => compare(version, bound));
}

function affects(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compare(version, bound)) ?? satisfies(version, constraint);
}

export const conda = defineVersionOrder({
  id: 'conda',
  ecosystems: ['Conda'],
  compare,
  isValid: (version) => /^[0-9a-z*+._!-]{1,256}$/i.test(version),
  satisfies,
  affects,
});
