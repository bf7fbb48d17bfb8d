// SPDX-License-Identifier: Apache-2.0
// Alpine and its children: `1.2.3a_rc1_p2~hash-r4`, apk-package(5) of apk-tools 3.
import { holdsConstraint } from '../version-text/constraint.ts';
import { compareCounts, compareTexts, countOf, isDigit, skipDigits, skipLetters } from '../version-text/counts.ts';
import { withoutLeadingV } from '../version-text/leading-v.ts';
import { remember } from '../version-text/memo.ts';
import { defineVersionOrder } from './order.ts';

/** At the first place where two versions differ in kind, the smaller kind is the smaller version. */
const kinds = {
  preSuffix: 0,
  invalid: 1,
  emptyNumber: 2,
  end: 3,
  revision: 4,
  hash: 5,
  suffixNumber: 6,
  postSuffix: 7,
  letter: 8,
  number: 9,
} as const;

interface Token {
  readonly kind: number;
  readonly text: string;
}

const preSuffixes: readonly string[] = ['alpha', 'beta', 'pre', 'rc'];
const postSuffixes: readonly string[] = ['cvs', 'svn', 'git', 'hg', 'p'];
const end: Token = { kind: kinds.end, text: '' };
const invalid: Token = { kind: kinds.invalid, text: '' };

const parse = remember((version: string): readonly Token[] => {
  const text = withoutLeadingV(version.trim());
  const tokens: Token[] = [];
  let at = readNumbers(text, 0, tokens);
  at = readSuffixes(text, at, tokens);
  if (text.charAt(at) === '~') {
    const to = skipHexadecimal(text, at + 1);
    if (to > at + 1) {
      tokens.push({ kind: kinds.hash, text: text.slice(at + 1, to) });
      at = to;
    }
  }
  // `-r` alone is revision 0; `-r` before anything but a digit is no revision.
  if (text.startsWith('-r', at)) {
    const to = skipDigits(text, at + 2);
    if (to > at + 2 || to === text.length) {
      tokens.push({ kind: kinds.revision, text: text.slice(at + 2, to) });
      at = to;
    }
  }
  tokens.push(at < text.length ? invalid : end);
  return tokens;
});

/** `1.2.3a`, also `1.2b3.4`: after a letter, digits start a new number. */
function readNumbers(text: string, from: number, tokens: Token[]): number {
  let at = pushNumber(text, from, tokens);
  for (;;) {
    const code = text.charCodeAt(at);
    const afterLetter = tokens.at(-1)?.kind === kinds.letter;
    if (code === 46) at = pushNumber(text, at + 1, tokens);
    else if (afterLetter && isDigit(code)) at = pushNumber(text, at, tokens);
    else if (!afterLetter && code >= 97 && code <= 122) {
      tokens.push({ kind: kinds.letter, text: text.charAt(at) });
      at += 1;
    } else return at;
  }
}

function pushNumber(text: string, from: number, tokens: Token[]): number {
  const to = skipDigits(text, from);
  tokens.push({ kind: to === from ? kinds.emptyNumber : kinds.number, text: text.slice(from, to) });
  return to;
}

function readSuffixes(text: string, from: number, tokens: Token[]): number {
  let at = from;
  while (text.charAt(at) === '_') {
    const endOfWord = skipLetters(text, at + 1);
    const word = text.slice(at + 1, endOfWord);
    const pre = preSuffixes.indexOf(word);
    const post = postSuffixes.indexOf(word);
    if (pre === -1 && post === -1) return at;
    tokens.push(
      pre === -1 ? { kind: kinds.postSuffix, text: String(post) } : { kind: kinds.preSuffix, text: String(pre) },
    );
    at = skipDigits(text, endOfWord);
    if (at > endOfWord) tokens.push({ kind: kinds.suffixNumber, text: text.slice(endOfWord, at) });
  }
  return at;
}

function skipHexadecimal(text: string, from: number): number {
  let at = from;
  while (at < text.length && '0123456789abcdef'.includes(text.charAt(at))) at += 1;
  return at;
}

function compare(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  for (let at = 0; ; at += 1) {
    const x = left[at] ?? end;
    const y = right[at] ?? end;
    const difference = x.kind - y.kind || compareTokens(x, y, at);
    if (difference !== 0 || x.kind === kinds.end || x.kind === kinds.invalid) return difference;
  }
}

/** Numbers after the first one compare as text when one has a leading zero (as in Gentoo). */
function compareTokens(a: Token, b: Token, at: number): number {
  if (a.kind === kinds.letter || a.kind === kinds.hash) return compareTexts(a.text, b.text);
  const isZeroLed = at > 0 && a.kind === kinds.number && (a.text.startsWith('0') || b.text.startsWith('0'));
  return isZeroLed ? compareTexts(a.text, b.text) : compareCounts(countOf(a.text), countOf(b.text));
}

function satisfies(version: string, constraint: string): boolean | undefined {
  // `~1.2` and `=~1.2` of apk mean "begins with".
  const fuzzy = /^\s*=?~=?\s*(\S{1,256})\s*$/.exec(constraint);
  if (fuzzy?.[1] !== undefined)
    return parse(fuzzy[1]).every((token, at) => token === end || sameToken(token, parse(version)[at]));
  return affects(version, constraint);
}

function sameToken(a: Token, b: Token | undefined): boolean {
  return b !== undefined && a.kind === b.kind && a.text === b.text;
}

function affects(version: string, constraint: string): boolean | undefined {
  return holdsConstraint(constraint, (bound) => compare(version, bound));
}

export const apk = defineVersionOrder({
  id: 'apk',
  ecosystems: ['Alpine', 'Alpaquita', 'BellSoft Hardened Containers', 'Chainguard', 'Wolfi', 'MinimOS', 'CleanStart'],
  compare,
  isValid: (version) => !parse(version).some((token) => token === invalid || token.kind === kinds.emptyNumber),
  satisfies,
  affects,
});
