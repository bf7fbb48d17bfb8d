// SPDX-License-Identifier: Apache-2.0
// A file of any length line by line, of which only one line is in memory at a time.
import { statSync } from 'node:fs';
import { fileChunks } from './file-chunks.ts';

export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Without its end; undefined for a line longer than the caller takes. */
  readonly text: string | undefined;
}

const newline = 10;

/** Lines of UTF-8; `maximum` bytes of one. Throws what the system says. */
export async function* fileLines(file: string, maximum: number): AsyncGenerator<FileLine> {
  let held: Buffer[] = [];
  let length = 0;
  let number = 0;
  const end = (last: Buffer): FileLine => {
    length += last.length;
    number += 1;
    const text =
      length > maximum
        ? undefined
        : Buffer.concat([...held, last])
            .toString('utf8')
            .replace(/\r$/, '');
    held = [];
    length = 0;
    return { number, text };
  };
  for await (const chunk of fileChunks({ file, offset: 0, length: statSync(file).size })) {
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      yield end(chunk.subarray(from, at));
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    length += rest.length;
    // The memory of a chunk is that of the next one.
    if (length <= maximum) held.push(Buffer.from(rest));
    else held = [];
  }
  if (length > 0) yield end(Buffer.alloc(0));
}
