// SPDX-License-Identifier: Apache-2.0
// Standard output and error, written to directly: Node's stream classes cost more to load than most commands take to run, so they are
// only asked for where they are needed, on terminals and on pipes that do not block.
import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';

export interface OutputStream {
  /** Writes all of it before it returns. A reader that has gone away (`landwaiter scan . | head`) is no error. */
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns; undefined when it is no terminal. */
  readonly width: number | undefined;
}

/** The stream behind a file descriptor; `open` gives Node's own stream for it. */
export function outputStream(descriptor: number, open: () => NodeJS.WriteStream): OutputStream {
  let stream: NodeJS.WriteStream | undefined;
  const opened = (): NodeJS.WriteStream => {
    if (stream === undefined) {
      stream = open();
      stream.on('error', ignoreClosedPipe);
    }
    return stream;
  };
  const isTerminal = mayBeTerminal(descriptor) && opened().isTTY;
  return {
    isTerminal,
    width: isTerminal ? opened().columns : undefined,
    write: (text) => {
      if (stream !== undefined) stream.write(text);
      else {
        const rest = writeNow(descriptor, Buffer.from(text));
        if (rest.length > 0) opened().write(rest);
      }
    },
  };
}

/** Terminals are character devices; files, pipes and sockets are not. The null device is one too, and common enough to be told apart. */
function mayBeTerminal(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isCharacterDevice() && stat.rdev !== statSync(devNull).rdev;
  } catch {
    return false;
  }
}

/** Returns what could not be written without waiting: another process can have made a shared pipe non-blocking. */
function writeNow(descriptor: number, bytes: Uint8Array): Uint8Array {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return bytes.subarray(written);
    ignoreClosedPipe(error);
  }
  return bytes.subarray(bytes.length);
}

function ignoreClosedPipe(error: unknown): void {
  if (codeOf(error) !== 'EPIPE') throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
