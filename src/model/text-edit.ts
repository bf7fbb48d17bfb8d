// SPDX-License-Identifier: Apache-2.0
// An automatic fix, as the smallest change of the text it is about, so that comments and layout stay.

export interface TextEdit {
  /** Relative to the root of the target. */
  readonly path: string;
  /** Offsets in UTF-16 code units: first character replaced, and the one after the last. Equal for an insertion. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Fix {
  /** One sentence in the imperative: `Pin the action to its commit`. */
  readonly title: string;
  /** `safe`: does not change what the file does for an honest user; `unsafe`: wants to be looked at. */
  readonly safety: 'safe' | 'unsafe';
  /** Never overlapping. */
  readonly edits: readonly TextEdit[];
}
