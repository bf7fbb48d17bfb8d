// SPDX-License-Identifier: Apache-2.0
// One RE2 expression made ready to run on texts of bytes: by V8, near the places where keywords stand where that is provably the same as
// everywhere, or by the linear matcher where V8 takes too long.
import type { LinearMatcher } from '../../formats/re2/linear-matcher.ts';
import { linearMatcher } from '../../formats/re2/linear-matcher.ts';
import type { KeywordReach } from '../../formats/re2/measure.ts';
import type { TranslatedPattern } from '../../formats/re2-to-js.ts';
import { translateRe2, utf8FormOf } from '../../formats/re2-to-js.ts';

export type Engine = 'backtracking' | 'linear';

export interface SearchedText {
  readonly text: string;
  readonly isAscii: boolean;
  readonly engine: Engine;
  /** Where the keywords of the rule begin, ascending; undefined: not looked for. */
  readonly hits?: readonly number[] | undefined;
}

export interface SecretPattern {
  readonly captures: number;
  /** Starts and ends of all matches that are not empty, one after the other. */
  spans(searched: SearchedText): readonly number[];
  test(text: string, engine: Engine): boolean;
  /** The groups of the first match in a text, without the match itself; undefined without a match. */
  groups(text: string, engine: Engine): readonly (string | undefined)[] | undefined;
}

/** An expression for paths, which are short, and are tested without a guard: risky ones by the linear matcher. */
export function pathPattern(source: string): (path: string) => boolean {
  const translation = translateRe2(source);
  const isRisky = translation.kind === 'refused' || translation.pattern.isRisky;
  const pattern = secretPattern(source, translation.kind === 'refused' ? undefined : translation.pattern);
  // Other than texts, paths come as characters.
  return (path) => pattern.test(asBytes(path), isRisky ? 'linear' : 'backtracking');
}

function asBytes(path: string): string {
  return /[^\x20-\x7e]/.test(path) ? Buffer.from(path, 'utf8').toString('latin1') : path;
}

/** More places than these before a keyword are searched in one go instead of one by one. */
const mostAnchors = 40;
/** A window so wide that the whole text can be searched as well. */
const widestWindow = 8_000;

/** The expression must be one that translates. */
export function secretPattern(
  source: string,
  known: TranslatedPattern | undefined,
  keywords: readonly string[] = [],
): SecretPattern {
  const translated = known ?? translationOf(source, keywords);
  const compiled = new Map<string, RegExp>();
  let linear: LinearMatcher | undefined;
  const expression = (isAscii: boolean, flag: 'g' | 'y' | ''): RegExp => {
    const isPlain = isAscii || !translated.hasUtf8Form;
    const key = `${flag}${isPlain}`;
    const found = compiled.get(key) ?? new RegExp(isPlain ? translated.ascii : utf8FormOf(source), flag);
    compiled.set(key, found);
    return found;
  };
  const linearly = (): LinearMatcher => {
    linear ??= linearMatcher(source);
    return linear;
  };
  return {
    captures: translated.captures,
    spans: ({ text, isAscii, engine, hits }) => {
      const { reach } = translated;
      if (hits !== undefined && reach !== undefined) {
        if (engine === 'linear') return linearWindows(linearly(), text, windowsOf(hits, reach, text.length));
        if (reach.before <= mostAnchors)
          return anchored(expression(isAscii, 'y'), text, { hits, before: reach.before });
        if (reach.after !== undefined && reach.before + reach.after <= widestWindow)
          return windowed(expression(isAscii, 'g'), text, windowsOf(hits, reach, text.length));
      }
      return engine === 'linear'
        ? linearWindows(linearly(), text, [0, text.length])
        : windowed(expression(isAscii, 'g'), text, [0, text.length]);
    },
    test: (text, engine) =>
      engine === 'linear' ? linearly().find(text, 0) !== undefined : expression(isAsciiText(text), '').test(text),
    groups: (text, engine) => {
      if (engine === 'linear' || translated.hasLoopCaptures) return groupsOf(linearly(), text);
      return expression(isAsciiText(text), '').exec(text)?.slice(1);
    },
  };
}

function translationOf(source: string, keywords: readonly string[]): TranslatedPattern {
  const translation = translateRe2(source, keywords);
  // Readers of rules refuse such expressions; one that finds nothing is safer here than one that means something else.
  return translation.kind === 'pattern'
    ? translation.pattern
    : { ascii: '[]', hasUtf8Form: false, captures: 0, hasLoopCaptures: false, isRisky: false };
}

export function isAsciiText(text: string): boolean {
  return !/[\x80-\xff]/.test(text);
}

/**
 * A match holds a keyword at most `before` bytes after its start: only those places can begin one. Trying them in order gives what a search
 * of the whole text gives.
 */
function anchored(
  expression: RegExp,
  text: string,
  { hits, before }: { readonly hits: readonly number[]; readonly before: number },
): readonly number[] {
  const spans: number[] = [];
  let next = 0;
  for (let index = 0; index < hits.length; index += 1) {
    const hit = hits[index] ?? 0;
    for (let at = Math.max(next, hit - before); at <= hit; at += 1) {
      expression.lastIndex = at;
      if (!expression.test(text)) {
        next = at + 1;
        continue;
      }
      const end = expression.lastIndex;
      if (end > at) spans.push(at, end);
      next = Math.max(end, at + 1);
      at = next - 1;
    }
  }
  return spans;
}

/** Pairs of start and end of the stretches in which matches can lie, joined where they meet. */
function windowsOf(hits: readonly number[], reach: KeywordReach, length: number): readonly number[] {
  const windows: number[] = [];
  for (const hit of hits) {
    const start = Math.max(0, hit - reach.before);
    const end = reach.after === undefined ? length : Math.min(length, hit + reach.after);
    const last = windows.length - 1;
    if (last > 0 && start <= (windows[last] ?? 0)) windows[last] = Math.max(windows[last] ?? 0, end);
    else windows.push(start, end);
  }
  return windows;
}

/** One character more than a match can reach is left in sight, for what looks at edges of words and of the text. */
function windowed(expression: RegExp, text: string, windows: readonly number[]): readonly number[] {
  const spans: number[] = [];
  let next = 0;
  for (let index = 0; index + 1 < windows.length; index += 2) {
    const end = windows[index + 1] ?? 0;
    const seen = end + 1 >= text.length ? text : text.slice(0, end + 1);
    expression.lastIndex = Math.max(next, windows[index] ?? 0);
    for (;;) {
      const from = expression.lastIndex;
      const match = from > seen.length ? null : expression.exec(seen);
      if (match === null) break;
      if (match[0].length === 0) expression.lastIndex += 1;
      else spans.push(match.index, match.index + match[0].length);
      next = expression.lastIndex;
    }
  }
  expression.lastIndex = 0;
  return spans;
}

function linearWindows(matcher: LinearMatcher, text: string, windows: readonly number[]): readonly number[] {
  const spans: number[] = [];
  let next = 0;
  for (let index = 0; index + 1 < windows.length; index += 2) {
    const end = windows[index + 1] ?? 0;
    const seen = end + 1 >= text.length ? text : text.slice(0, end + 1);
    for (let from = Math.max(next, windows[index] ?? 0); from <= seen.length; from = next) {
      const found = matcher.span(seen, from);
      if (found === undefined) break;
      const [start, stop] = found;
      if (stop > start) spans.push(start, stop);
      next = Math.max(stop, start + 1);
    }
  }
  return spans;
}

function groupsOf(matcher: LinearMatcher, text: string): readonly (string | undefined)[] | undefined {
  const slots = matcher.find(text, 0);
  if (slots === undefined) return undefined;
  const groups: (string | undefined)[] = [];
  for (let slot = 2; slot + 1 < slots.length; slot += 2) {
    const start = slots[slot];
    const end = slots[slot + 1];
    groups.push(start === undefined || end === undefined ? undefined : text.slice(start, end));
  }
  return groups;
}
