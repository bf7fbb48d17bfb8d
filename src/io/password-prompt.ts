// SPDX-License-Identifier: Apache-2.0
// Asks for a password on the terminal, without showing it. The terminal is opened by itself, because standard input may be a pipe.
import { openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';

export type AskPassword = (question: string) => Promise<Buffer | undefined>;

const longest = 4_096;
const keys = { enter: new Set(['\r', '\n', '\u0004']), interrupt: '\u0003', erase: new Set(['\u007f', '\b']) };

/** Undefined when there is no terminal, or when the person broke off. */
export const askOnTerminal: AskPassword = async (question) => {
  let descriptor: number;
  try {
    descriptor = openSync('/dev/tty', 'r+');
  } catch {
    return undefined;
  }
  try {
    return await readHidden(new ReadStream(descriptor), (text) => writeSync(descriptor, text), question);
  } catch {
    return undefined;
  }
};

/** What is needed of a terminal. */
export interface HiddenInput extends AsyncIterable<Buffer> {
  setRawMode(on: boolean): unknown;
  destroy(): unknown;
}

/** Reads up to the end of the line. */
export async function readHidden(
  input: HiddenInput,
  write: (text: string) => void,
  question: string,
): Promise<Buffer | undefined> {
  write(question);
  input.setRawMode(true);
  let text = '';
  try {
    for await (const chunk of input) {
      for (const letter of chunk.toString('utf8')) {
        if (keys.enter.has(letter)) return Buffer.from(text);
        if (letter === keys.interrupt) return undefined;
        text = keys.erase.has(letter) ? text.slice(0, -1) : text + letter;
        if (text.length > longest) return undefined;
      }
    }
    return undefined;
  } finally {
    input.setRawMode(false);
    write('\n');
    input.destroy();
  }
}
