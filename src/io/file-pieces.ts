// SPDX-License-Identifier: Apache-2.0
// Regular files without memory for each: small ones into memory that is there already, large ones in pieces.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { reasonOf } from './disk.ts';

export type FilledResult =
  | { readonly kind: 'filled'; readonly length: number }
  | { readonly kind: 'too-large'; readonly size: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads a whole file to `offset` of `memory`, when there is room for it. Never throws. */
export function readInto(path: string, memory: Buffer, offset: number): FilledResult {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { size } = fstatSync(descriptor);
    if (size > memory.length - offset) return { kind: 'too-large', size };
    let filled = 0;
    while (filled < size) {
      const count = readSync(descriptor, memory, offset + filled, size - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return { kind: 'filled', length: filled };
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Each piece has memory of its own. Throws what the system says. */
export function* filePieces(path: string, pieceBytes: number): Generator<Buffer> {
  const descriptor = openSync(path, 'r');
  try {
    for (let at = 0; ; ) {
      const piece = Buffer.allocUnsafeSlow(pieceBytes);
      let filled = 0;
      while (filled < pieceBytes) {
        const count = readSync(descriptor, piece, filled, pieceBytes - filled, at + filled);
        if (count === 0) break;
        filled += count;
      }
      if (filled > 0) yield piece.subarray(0, filled);
      if (filled < pieceBytes) return;
      at += filled;
    }
  } finally {
    closeSync(descriptor);
  }
}
