// SPDX-License-Identifier: Apache-2.0
// Names of all functions in a Go program, inlined ones included: the names in the table that the runtime prints stack traces with
// (pclntab), which stripping does not remove. Since Go 1.16 they stand together; older tables are not read.
// Layout: https://go.dev/s/go12symtab and src/internal/abi/symtab.go, src/debug/gosym/pclntab.go of Go.
import type { ByteOrder } from './byte-view.ts';
import { ByteView, bufferOf } from './byte-view.ts';
import type { ExecutableImage } from './executable-image.ts';

/** Magic numbers of Go 1.16, 1.18 and 1.20; the word in which the offset of the names stands. */
const versions: readonly { readonly magic: number; readonly namesWord: number }[] = [
  { magic: 0xfffffff1, namesWord: 3 },
  { magic: 0xfffffff0, namesWord: 3 },
  { magic: 0xfffffffa, namesWord: 2 },
];
const maximumNames = 64 * 1024 * 1024;

/** The names separated by NULs; undefined when the program has no such table. Never throws. */
export function readGoFunctionNames(image: ExecutableImage): string | undefined {
  const bytes = bufferOf(image.bytes);
  for (const { offset, size } of placesOf(image)) {
    const part = bytes.subarray(offset, offset + size);
    for (const version of versions) {
      const magic = magicBytes(version.magic, image.byteOrder);
      for (let at = part.indexOf(magic); at !== -1; at = part.indexOf(magic, at + 1)) {
        const names = namesOf(new ByteView(part.subarray(at), image.byteOrder), version.namesWord);
        if (names !== undefined) return names;
      }
    }
  }
  return undefined;
}

/** A section of its own; of PE, which has none, all that hold data. */
function placesOf(image: ExecutableImage): readonly { readonly offset: number; readonly size: number }[] {
  const own = image.sections.filter(({ name }) =>
    /^(?:\.gopclntab|__gopclntab|\.data\.rel\.ro\.gopclntab)$/.test(name),
  );
  if (own.length > 0) return own;
  return image.sections.filter(({ name }) => /^\.(?:rdata|data|text|data\.rel\.ro)$/.test(name));
}

/** The magic number and the two zeros behind it. */
function magicBytes(magic: number, order: ByteOrder): Buffer {
  const bytes = Buffer.alloc(6);
  if (order === 'little') bytes.writeUInt32LE(magic, 0);
  else bytes.writeUInt32BE(magic, 0);
  return bytes;
}

/**
 * Behind the magic number: two zeros, the step of instructions, the size of pointers; then words: functions, files, (since 1.18 the start
 * of the code,) offset of the names, offset of what follows them.
 */
function namesOf(table: ByteView, namesWord: number): string | undefined {
  const step = table.u8(6);
  const size = table.u8(7);
  if ((step !== 1 && step !== 2 && step !== 4) || (size !== 4 && size !== 8)) return undefined;
  const start = table.word(8 + namesWord * size, size);
  const end = table.word(8 + (namesWord + 1) * size, size);
  if (start < 8 || end <= start || end > table.length || end - start > maximumNames) return undefined;
  return bufferOf(table.slice(start, end - start)).toString('utf8');
}
