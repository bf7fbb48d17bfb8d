// SPDX-License-Identifier: Apache-2.0
// Python versions: the grammar and order of PEP 440 (PyPA "Version specifiers"), and setuptools' order for older texts.
import { type Count, compareCounts, compareTexts, countOf, isDigit, isDigits, skipDigits } from './counts.ts';
import { remember } from './memo.ts';

export interface PythonVersion {
  readonly epoch: Count;
  /** As written, at least one. */
  readonly release: readonly Count[];
  readonly pre?: { readonly rank: number; readonly number: Count };
  readonly post?: Count;
  readonly dev?: Count;
  /** Segments after `+`; empty when there are none. */
  readonly local: readonly string[];
}

const preLabels: ReadonlyMap<string, number> = new Map([
  ['alpha', 0],
  ['a', 0],
  ['beta', 1],
  ['b', 1],
  ['preview', 2],
  ['pre', 2],
  ['rc', 2],
  ['c', 2],
]);
const postLabels: ReadonlyMap<string, number> = new Map([
  ['post', 0],
  ['rev', 0],
  ['r', 0],
]);
const devLabels: ReadonlyMap<string, number> = new Map([['dev', 0]]);

/** A version of PEP 440 in any of its spellings (appendix B), or undefined. */
export const parsePythonVersion = remember((version: string): PythonVersion | undefined => {
  const text = version.trim().toLowerCase();
  // Nobody released a longer one; it keeps its place among the texts that are no versions.
  if (text.length > 1_024) return undefined;
  let at = text.startsWith('v') ? 1 : 0;
  let to = skipDigits(text, at);
  let epoch: Count = 0;
  if (to > at && text.charAt(to) === '!') {
    epoch = countOf(text.slice(at, to));
    at = to + 1;
    to = skipDigits(text, at);
  }
  if (to === at) return undefined;
  const release: Count[] = [countOf(text.slice(at, to))];
  while (text.charAt(to) === '.' && isDigit(text.charCodeAt(to + 1))) {
    at = to + 1;
    to = skipDigits(text, at);
    release.push(countOf(text.slice(at, to)));
  }
  const pre = readLabel(text, to, preLabels);
  to = pre?.end ?? to;
  let post = readLabel(text, to, postLabels);
  if (text.charAt(to) === '-' && isDigit(text.charCodeAt(to + 1))) {
    const end = skipDigits(text, to + 1);
    post = { rank: 0, number: countOf(text.slice(to + 1, end)), end };
  }
  to = post?.end ?? to;
  const dev = readLabel(text, to, devLabels);
  to = dev?.end ?? to;
  const local = text.charAt(to) === '+' ? text.slice(to + 1).split(/[-_.]/) : [];
  if (text.charAt(to) !== '+' && to < text.length) return undefined;
  if (!local.every((segment) => /^[a-z0-9]{1,512}$/.test(segment))) return undefined;
  return {
    epoch,
    release,
    ...(pre === undefined ? {} : { pre: { rank: pre.rank, number: pre.number } }),
    ...(post === undefined ? {} : { post: post.number }),
    ...(dev === undefined ? {} : { dev: dev.number }),
    local,
  };
});

interface Label {
  readonly rank: number;
  readonly number: Count;
  readonly end: number;
}

/** `-alpha.1`, `rc2`, `.post`: separator, word, separator, number, all but the word optional. */
function readLabel(text: string, from: number, labels: ReadonlyMap<string, number>): Label | undefined {
  const at = skipSeparator(text, from);
  for (const [label, rank] of labels) {
    if (!text.startsWith(label, at)) continue;
    const number = skipSeparator(text, at + label.length);
    const end = skipDigits(text, number);
    return { rank, number: countOf(text.slice(number, end)), end };
  }
  return undefined;
}

function skipSeparator(text: string, at: number): number {
  const character = text.charAt(at);
  return character === '-' || character === '_' || character === '.' ? at + 1 : at;
}

/** Order of PEP 440 with the local version last. */
export function comparePythonVersions(a: PythonVersion, b: PythonVersion): number {
  return comparePublicVersions(a, b) || compareLocals(a.local, b.local);
}

/** Order without regard to local versions. */
export function comparePublicVersions(a: PythonVersion, b: PythonVersion): number {
  return (
    compareCounts(a.epoch, b.epoch) ||
    compareReleases(a.release, b.release) ||
    stage(a) - stage(b) ||
    compareCounts(a.pre?.number ?? 0, b.pre?.number ?? 0) ||
    compareOptional(a.post, b.post) ||
    compareOptional(a.dev, b.dev, 'last')
  );
}

/** Release segments, the shorter one filled with zeros. */
export function compareReleases(a: readonly Count[], b: readonly Count[]): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = compareCounts(a[at] ?? 0, b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `1.0.dev1` comes before `1.0a1`, a release and a post release after every prerelease. */
function stage(version: PythonVersion): number {
  if (version.pre !== undefined) return version.pre.rank;
  return version.post === undefined && version.dev !== undefined ? -1 : 3;
}

function compareOptional(a: Count | undefined, b: Count | undefined, missing: 'first' | 'last' = 'first'): number {
  if (a === undefined || b === undefined) {
    const difference = Number(a !== undefined) - Number(b !== undefined);
    return missing === 'first' ? difference : -difference;
  }
  return compareCounts(a, b);
}

function compareLocals(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const x = a[at] ?? '';
    const y = b[at] ?? '';
    const difference =
      Number(isDigits(x)) - Number(isDigits(y)) ||
      (isDigits(x) ? compareCounts(countOf(x), countOf(y)) : compareTexts(x, y));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The key of setuptools' LegacyVersion: numbers, `*word`, `*final` at the end; numbers sort after words. */
const legacyKey = remember((version: string): readonly (Count | { readonly word: string })[] => {
  const key: (Count | { readonly word: string })[] = [];
  const words =
    version
      .trim()
      .toLowerCase()
      .match(/\d+|[a-z]+|\.|-|[^\da-z.-]+/g) ?? [];
  for (const written of [...words, 'final']) {
    const word = legacyWords.get(written) ?? written;
    if (word === '.') continue;
    if (isDigits(word)) {
      key.push(countOf(word));
      continue;
    }
    if (word < 'final') while (isWord(key.at(-1), 'final-')) key.pop();
    while (key.at(-1) === 0) key.pop();
    key.push({ word });
  }
  return key;
});

const legacyWords: ReadonlyMap<string, string> = new Map([
  ['pre', 'c'],
  ['preview', 'c'],
  ['-', 'final-'],
  ['rc', 'c'],
  ['dev', '@'],
]);

function isWord(item: Count | { readonly word: string } | undefined, word: string): boolean {
  return typeof item === 'object' && item.word === word;
}

/** Order of two texts that are no PEP 440 versions. */
export function compareLegacyVersions(a: string, b: string): number {
  const left = legacyKey(a);
  const right = legacyKey(b);
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const x = left[at] ?? 0;
    const y = right[at] ?? 0;
    if (typeof x === 'object' && typeof y === 'object') {
      const difference = compareTexts(x.word, y.word);
      if (difference !== 0) return difference;
    } else if (typeof x === 'object' || typeof y === 'object') return typeof x === 'object' ? -1 : 1;
    else {
      const difference = compareCounts(x, y);
      if (difference !== 0) return difference;
    }
  }
  return left.length - right.length;
}
