// SPDX-License-Identifier: Apache-2.0
// Reads a file of a disk as its reader wants it: whole, or only its beginning.
import type { Disk, ReadResult } from '../io/disk.ts';
import type { FileReading } from './source.ts';

/** `maximum` in bytes: more is too large for a whole file, and left where it is for a beginning. Never throws. */
export function readPart(
  disk: Disk,
  absolute: string,
  { reading, maximum }: { readonly reading: FileReading | undefined; readonly maximum: number },
): ReadResult {
  const result = disk.read(absolute, maximum);
  if (result.kind !== 'too-large' || reading?.part !== 'beginning') return result;
  const head = disk.head?.(absolute, maximum);
  return head === undefined
    ? { kind: 'unreadable', reason: 'its beginning cannot be read' }
    : { kind: 'bytes', ...head };
}
