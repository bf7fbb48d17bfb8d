// SPDX-License-Identifier: Apache-2.0

/** Offsets in UTF-16 code units: the first character, and the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
