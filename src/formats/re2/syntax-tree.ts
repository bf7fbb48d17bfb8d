// SPDX-License-Identifier: Apache-2.0
// The tree of a regular expression in RE2 syntax (https://github.com/google/re2/wiki/Syntax, as Go's regexp/syntax reads it). Flags are
// worked in: a letter under (?i) is a class of both cases, a dot is the class of what it matches.

export type Re2Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-boundary' | 'no-word-boundary';

export type Re2Node =
  | { readonly kind: 'empty' }
  /** One character of these ranges: pairs of first and last code point, ascending and apart. */
  | { readonly kind: 'class'; readonly ranges: readonly number[] }
  | { readonly kind: 'assertion'; readonly what: Re2Assertion }
  /** `capture` counts from 1. */
  | { readonly kind: 'group'; readonly capture: number; readonly node: Re2Node }
  | { readonly kind: 'concatenation'; readonly nodes: readonly Re2Node[] }
  | { readonly kind: 'alternation'; readonly nodes: readonly Re2Node[] }
  | {
      readonly kind: 'repetition';
      readonly node: Re2Node;
      readonly least: number;
      /** Infinity for `*` and `+`. */
      readonly most: number;
      readonly isLazy: boolean;
    };

export interface Re2Expression {
  readonly node: Re2Node;
  /** Capture groups, without the whole match. */
  readonly captures: number;
}

/** Thrown by the parser, caught by its callers; the words are those of Go's regexp/syntax. */
export class Re2SyntaxError extends Error {
  override readonly name = 'Re2SyntaxError';
}
