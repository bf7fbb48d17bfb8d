// SPDX-License-Identifier: Apache-2.0
// Walks a whole archive and keeps what the walker told.
import type { TarProblem } from '../../src/formats/tar.ts';
import { TarWalker } from '../../src/formats/tar.ts';
import type { TarEntry } from '../../src/formats/tar-entry.ts';

export interface Walked {
  readonly entries: TarEntry[];
  readonly contents: Map<string, string>;
  readonly problems: TarProblem[];
}

/** In pieces of `chunkLength` bytes; contents of files below a million bytes are kept as Latin-1. */
export function walk(archive: Uint8Array, chunkLength = archive.length || 1): Walked {
  const walked: Walked = { entries: [], contents: new Map(), problems: [] };
  const walker = new TarWalker({
    entry: (entry) => {
      walked.entries.push(entry);
      return entry.size < 1_000_000;
    },
    content: (entry, bytes) => void walked.contents.set(entry.path, bytes.toString('latin1')),
    problem: (problem) => void walked.problems.push(problem),
  });
  const buffer = Buffer.from(archive);
  for (let at = 0; at < buffer.length; at += chunkLength) walker.push(buffer.subarray(at, at + chunkLength));
  walker.end();
  return walked;
}
