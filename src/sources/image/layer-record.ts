// SPDX-License-Identifier: Apache-2.0
// What is kept of a layer after it was read once: what its wanted files gave, and how it changes the layers below. Holds only plain values,
// so that it can be sent between threads and stored.
import type { Coverage } from '../../model/coverage.ts';
import type { Problem } from '../../model/problem.ts';

export interface LayerRecord<T> {
  /** Of the bytes as stored. */
  readonly digest: string;
  /** Of the tar stream, as measured. */
  readonly diffId: string;
  /** Wanted files in the order of the layer; a path can come twice, the later one counts. */
  readonly items: readonly LayerItem<T>[];
  readonly links: readonly LayerLink[];
  /** Hard links that are wanted, to files whose content was not kept: the layer has to be read again for them. */
  readonly missing: readonly LayerLink[];
  /** Numbers of paths (path-hash.ts) that are no folders here, or are removed: below, they and everything in them are gone. */
  readonly gone: Float64Array;
  /** Numbers of folders: a file of that path below is gone. */
  readonly folders: Float64Array;
  /** Numbers of folders whose content below is gone. 0 is the root. */
  readonly opaque: Float64Array;
  /** Files that run with the rights of their owner or group (setuid, setgid). */
  readonly privileged: readonly PrivilegedFile[];
  readonly entries: number;
  readonly coverage: Coverage;
}

export interface LayerItem<T> {
  readonly path: string;
  /**
   * The path under which it is wanted, when that is not its own: `lib/x` for `usr/lib/x`. Holds only in an image where `lib` is a link to
   * `usr/lib`.
   */
  readonly alias?: string;
  readonly result: T;
}

export interface LayerLink {
  readonly path: string;
  /** Path in the root that it leads to. */
  readonly target: string;
}

export interface PrivilegedFile {
  readonly path: string;
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
}

/** Whether it has nothing but problems: the layer could not be read to its end, or is not what its digests say. */
export function isRefused<T>(record: LayerRecord<T>): boolean {
  return record.diffId === '';
}

/** The record of a layer of which nothing is known but why. */
export function unreadLayer<T>(digest: string, message: string): LayerRecord<T> {
  return recordOfProblems(digest, [
    { kind: 'unreadable', message, location: { path: '.', layer: digest }, hidesFindings: true },
  ]);
}

export function recordOfProblems<T>(digest: string, problems: readonly Problem[]): LayerRecord<T> {
  const nothing = new Float64Array(0);
  return {
    digest,
    diffId: '',
    items: [],
    links: [],
    missing: [],
    gone: nothing,
    folders: nothing,
    opaque: nothing,
    privileged: [],
    entries: 0,
    coverage: { filesSeen: 0, filesRead: 0, bytesRead: 0, skipped: [], problems },
  };
}
