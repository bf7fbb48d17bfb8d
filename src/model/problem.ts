// SPDX-License-Identifier: Apache-2.0
// What could not be read. A problem is a return value that travels beside what could be read, so that nothing is lost in silence.
import type { Location } from './location.ts';

/** Closed union: each kind is explained in docs/errors.md. */
export type ProblemKind =
  | 'syntax' // the text is not of the format
  | 'schema' // the format is right, a value has the wrong shape
  | 'encoding' // not valid UTF-8 / UTF-16
  | 'limit' // larger, deeper or longer than src/io/limits.ts allows
  | 'unreadable' // the operating system refused (permission, I/O error)
  | 'unsupported' // a version or feature this program does not read
  | 'unresolved' // a value that stands elsewhere (parent, property, include) which is not in the tree
  | 'outside' // a link or path that leaves the root
  | 'cycle';

export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
  readonly location: Location;
  /**
   * true when what failed could hide a finding (a lock file cut in half): the run then ends with exit 3.
   * false for remarks (an unreadable licence text).
   */
  readonly hidesFindings: boolean;
}
