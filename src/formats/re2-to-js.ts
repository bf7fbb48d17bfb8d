// SPDX-License-Identifier: Apache-2.0
// Translates RE2 syntax into a JavaScript regular expression without flags that finds the same in a text whose characters are the bytes of
// UTF-8 (latin1): offsets are then byte offsets. Written as they stand, half of all patterns made for Go are refused by JavaScript, and some
// are accepted and mean something else: `\z` is a z there, `[[:alnum:]]` a class of seven characters, `\s` and `.` differ. So none is used
// without being parsed first. JavaScript backtracks: who runs the result on foreign text must bound its time.
import type { KeywordReach } from './re2/measure.ts';
import { backtrackingDegree, capturesInRepetition, keywordReach } from './re2/measure.ts';
import { parseRe2 } from './re2/parse.ts';
import type { Re2Node } from './re2/syntax-tree.ts';
import { Re2SyntaxError } from './re2/syntax-tree.ts';
import { utf8Sequences } from './re2/utf8-ranges.ts';

/** Plain data, so that it can be computed when the program is built. */
export interface TranslatedPattern {
  /** For texts of ASCII only. */
  readonly ascii: string;
  /** Texts beyond ASCII need another form (`utf8FormOf`), which is slower. */
  readonly hasUtf8Form: boolean;
  /** Number of capture groups. */
  readonly captures: number;
  /** Groups have to be asked of an RE2 engine, because JavaScript forgets captures in repetitions. */
  readonly hasLoopCaptures: boolean;
  readonly reach?: KeywordReach;
  /** A backtracking engine may take more than quadratic time: never to be run by one without a guard. */
  readonly isRisky: boolean;
}

export type Translation =
  | { readonly kind: 'pattern'; readonly pattern: TranslatedPattern }
  | { readonly kind: 'refused'; readonly reason: string };

/** `keywords` are those, in lower case, of which one must be near for the pattern to be tried at all. Never throws. */
export function translateRe2(source: string, keywords: readonly string[] = []): Translation {
  try {
    const { node, captures } = parseRe2(source);
    const ascii = print(node, 'ascii');
    const utf8 = print(node, 'utf8');
    const reach = keywordReach(node, keywords);
    // What Go can compile and V8 cannot is refused here and not when a file is read.
    compileJs(utf8);
    const pattern = {
      ascii,
      hasUtf8Form: ascii !== utf8,
      captures,
      hasLoopCaptures: capturesInRepetition(node),
      isRisky: backtrackingDegree(node) > 1,
      ...(reach === undefined ? {} : { reach }),
    };
    return { kind: 'pattern', pattern };
  } catch (error) {
    const reason = error instanceof Re2SyntaxError ? error.message : 'the expression is too large';
    return { kind: 'refused', reason };
  }
}

/** Throws for what V8 cannot compile. */
function compileJs(source: string): RegExp {
  return new RegExp(source);
}

/** The form for texts with characters beyond ASCII. The expression must be one that translates. */
export function utf8FormOf(source: string): string {
  return print(parseRe2(source).node, 'utf8');
}

type Alphabet = 'ascii' | 'utf8';

function print(node: Re2Node, alphabet: Alphabet): string {
  switch (node.kind) {
    case 'empty':
      return '';
    case 'class':
      return printClass(node.ranges, alphabet);
    case 'assertion':
      return assertions[node.what];
    case 'group':
      return `(${print(node.node, alphabet)})`;
    case 'concatenation':
      return node.nodes
        .map((item) => (item.kind === 'alternation' ? `(?:${print(item, alphabet)})` : print(item, alphabet)))
        .join('');
    case 'alternation':
      return node.nodes.map((item) => print(item, alphabet)).join('|');
    default:
      return printRepetition(node, alphabet);
  }
}

const assertions: Readonly<Record<Extract<Re2Node, { kind: 'assertion' }>['what'], string>> = {
  'text-start': '^',
  'text-end': '$',
  'line-start': '(?<![^\\n])',
  'line-end': '(?![^\\n])',
  'word-boundary': '\\b',
  'no-word-boundary': '\\B',
};

function printRepetition(node: Extract<Re2Node, { kind: 'repetition' }>, alphabet: Alphabet): string {
  const { least, most, isLazy, node: inner } = node;
  // Without an upper bound, bytes one by one are the same as characters.
  const isByteWise = inner.kind === 'class' && most === Number.POSITIVE_INFINITY && least <= 1;
  const body = print(inner, isByteWise ? 'ascii' : alphabet);
  const isAtom = inner.kind === 'group' || (inner.kind === 'class' && !body.startsWith('(?:'));
  const atom = isAtom || (body.startsWith('(?:') && isByteWise) ? body : `(?:${body})`;
  return `${atom}${quantifier(least, most)}${isLazy ? '?' : ''}`;
}

function quantifier(least: number, most: number): string {
  if (least === 0 && most === 1) return '?';
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  return least === most ? `{${least}}` : `{${least},${most}}`;
}

/** A negated class, or a dot: everything beyond ASCII but for a few characters. */
const manyCodePoints = 100_000;

function printClass(ranges: readonly number[], alphabet: Alphabet): string {
  const members: string[] = [];
  const sequences: string[] = [];
  let wide = 0;
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    const first = ranges[at] ?? 0;
    const last = ranges[at + 1] ?? 0;
    if (first < 0x80) members.push(printRange(first, Math.min(last, 0x7f)));
    if (last >= 0x80) wide += last - Math.max(first, 0x80) + 1;
  }
  if (wide > manyCodePoints && alphabet === 'ascii') members.push('\\x80-\\xff');
  else if (wide > manyCodePoints)
    sequences.push(
      '[\\xc2-\\xdf][\\x80-\\xbf]',
      '[\\xe0-\\xef][\\x80-\\xbf]{2}',
      '[\\xf0-\\xf4][\\x80-\\xbf]{3}',
      // What is no UTF-8 counts byte by byte.
      '(?![\\xc2-\\xf4][\\x80-\\xbf])[\\x80-\\xff]',
    );
  else if (wide > 0) sequences.push(...sequencesOf(ranges));
  if (sequences.length === 0) return members.length === 0 ? '[]' : bracket(members);
  const all = members.length === 0 ? sequences : [bracket(members), ...sequences];
  return `(?:${all.join('|')})`;
}

function sequencesOf(ranges: readonly number[]): string[] {
  const printed: string[] = [];
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    const first = Math.max(ranges[at] ?? 0, 0x80);
    const last = ranges[at + 1] ?? 0;
    if (first > last) continue;
    for (const sequence of utf8Sequences(first, last))
      printed.push(sequence.map(([from, to]) => bracket([printRange(from, to)])).join(''));
  }
  return printed;
}

function bracket(members: readonly string[]): string {
  const inner = members.join('');
  if (/^(?:[A-Za-z0-9]|\\x[0-9a-f]{2})$/.test(inner)) return inner;
  return `[${inner}]`;
}

function printRange(first: number, last: number): string {
  if (first === last) return printCode(first);
  return last === first + 1 ? printCode(first) + printCode(last) : `${printCode(first)}-${printCode(last)}`;
}

function printCode(code: number): string {
  const character = String.fromCharCode(code);
  return /[A-Za-z0-9]/.test(character) && code < 0x80 ? character : `\\x${code.toString(16).padStart(2, '0')}`;
}
