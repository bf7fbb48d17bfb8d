// SPDX-License-Identifier: Apache-2.0
// Where in the target something stands. Paths are relative to the target's root, with forward slashes.

export interface Location {
  readonly path: string;
  /** First line, counted from 1. Absent when the format has no useful line (binary files). */
  readonly line?: number;
  readonly endLine?: number;
  readonly column?: number;
  /** Digest of the image layer that brought the file, for image targets. */
  readonly layer?: string;
}

/** `path:line:column`, the form terminals and editors open. */
export function formatLocation(location: Location): string {
  const line = location.line === undefined ? '' : `:${location.line}`;
  const column = location.column === undefined ? '' : `:${location.column}`;
  return `${location.path}${line}${column}`;
}
