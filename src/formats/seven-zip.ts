// SPDX-License-Identifier: Apache-2.0
// Reading 7z archives (7zFormat.txt of the LZMA SDK): files packed with LZMA, LZMA2 or not at all. Encrypted archives, filters for machine
// code, chains of coders and multi-volume archives are told as unread.
import { messageOf } from '../model/error.ts';
import { Lzma2Error, Lzma2Output, unpackLzma, unpackLzma2 } from './lzma2.ts';

export interface SevenZipFile {
  /** As stored, never to be trusted as a path on disk. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface SevenZipContent {
  readonly files: readonly SevenZipFile[];
  /** Why not all of it was read. */
  readonly problem?: string;
}

export interface SevenZipLimits {
  readonly entries: number;
  /** All files together. */
  readonly expandedBytes: number;
}

const signature = Buffer.from('377abcaf271c', 'hex');

/** Never throws. */
export function readSevenZip(archive: Uint8Array, limits: SevenZipLimits): SevenZipContent {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  try {
    return { files: read(bytes, limits) };
  } catch (error) {
    return { files: [], problem: error instanceof RangeError ? 'cut off' : messageOf(error) };
  }
}

function read(bytes: Buffer, limits: SevenZipLimits): readonly SevenZipFile[] {
  if (!bytes.subarray(0, 6).equals(signature)) throw new Lzma2Error('not a 7z archive');
  const offset = Number(bytes.readBigUInt64LE(12));
  const size = Number(bytes.readBigUInt64LE(20));
  if (size === 0) return [];
  let header = new Reader(bytes.subarray(32 + offset, 32 + offset + size));
  let id = header.byte();
  for (let turn = 0; id === 0x17 && turn < 4; turn += 1) {
    const [plain] = unpackFolders(bytes, readStreams(header), limits);
    header = new Reader(plain ?? Buffer.alloc(0));
    id = header.byte();
  }
  if (id !== 0x01) throw new Lzma2Error('a header of unknown kind');
  return filesOf(bytes, header, limits);
}

function filesOf(bytes: Buffer, header: Reader, limits: SevenZipLimits): readonly SevenZipFile[] {
  let contents: readonly Buffer[] = [];
  for (let id = header.byte(); id !== 0; id = header.byte()) {
    if (id === 0x02) skipProperties(header);
    else if (id === 0x04) {
      const streams = readStreams(header);
      contents = splitFolders(unpackFolders(bytes, streams, limits), streams);
    } else if (id === 0x05) return named(readFiles(header, limits), contents);
    else throw new Lzma2Error(`a property of unknown kind: ${id}`);
  }
  return [];
}

interface ListedFile {
  readonly path: string;
  readonly hasContent: boolean;
}

function named(files: readonly ListedFile[], contents: readonly Buffer[]): readonly SevenZipFile[] {
  let next = 0;
  return files
    .filter(({ hasContent }) => hasContent)
    .map(({ path }) => {
      const content = contents[next];
      next += 1;
      if (content === undefined) throw new Lzma2Error('more names than files');
      return { path, bytes: content };
    });
}

interface Folder {
  readonly method: 'copy' | 'lzma' | 'lzma2';
  readonly properties: Buffer;
}

interface Streams {
  packPosition: number;
  packSizes: readonly number[];
  folders: readonly Folder[];
  unpackSizes: readonly number[];
  /** Sizes of the files of each folder. */
  parts: readonly (readonly number[])[];
}

function readStreams(header: Reader): Streams {
  const streams: Streams = { packPosition: 0, packSizes: [], folders: [], unpackSizes: [], parts: [] };
  for (let id = header.byte(); id !== 0; id = header.byte()) {
    if (id === 0x06) readPackInfo(header, streams);
    else if (id === 0x07) readFolders(header, streams);
    else if (id === 0x08) readParts(header, streams);
    else throw new Lzma2Error(`streams of unknown kind: ${id}`);
  }
  if (streams.parts.length === 0) streams.parts = streams.unpackSizes.map((size) => [size]);
  return streams;
}

function readPackInfo(header: Reader, streams: Streams): void {
  streams.packPosition = header.number();
  const count = header.count();
  for (let id = header.byte(); id !== 0; id = header.byte()) {
    if (id === 0x09) streams.packSizes = header.numbers(count);
    else if (id === 0x0a) skipDigests(header, count);
    else throw new Lzma2Error('a pack property of unknown kind');
  }
}

function readFolders(header: Reader, streams: Streams): void {
  if (header.byte() !== 0x0b) throw new Lzma2Error('no folders');
  const count = header.count();
  if (header.byte() !== 0) throw new Lzma2Error('folders in another stream');
  streams.folders = Array.from({ length: count }, () => readFolder(header));
  if (header.byte() !== 0x0c) throw new Lzma2Error('no sizes of folders');
  streams.unpackSizes = header.numbers(count);
  for (let id = header.byte(); id !== 0; id = header.byte()) {
    if (id !== 0x0a) throw new Lzma2Error('a folder property of unknown kind');
    skipDigests(header, count);
  }
}

function readFolder(header: Reader): Folder {
  if (header.count() !== 1) throw new Lzma2Error('packed with several coders, or encrypted; not read here');
  const flags = header.byte();
  const id = header.take(flags & 0x0f).toString('hex');
  if ((flags & 0x10) !== 0) throw new Lzma2Error('packed with a coder that is not read here');
  const properties = (flags & 0x20) === 0 ? Buffer.alloc(0) : header.take(header.count());
  const methods: Readonly<Record<string, Folder['method']>> = { '00': 'copy', '030101': 'lzma', '21': 'lzma2' };
  const method = Object.hasOwn(methods, id) ? methods[id] : undefined;
  if (method === undefined) throw new Lzma2Error(`packed with the coder ${id}, which is not read here`);
  return { method, properties };
}

function readParts(header: Reader, streams: Streams): void {
  let counts: readonly number[] = streams.folders.map(() => 1);
  let id = header.byte();
  if (id === 0x0d) {
    counts = streams.folders.map(() => header.count());
    id = header.byte();
  }
  // The size of the last file of a folder is what the others leave.
  streams.parts = counts.map((count, folder) => {
    if (count === 0) return [];
    const sizes = id === 0x09 ? header.numbers(count - 1) : [];
    const rest = (streams.unpackSizes[folder] ?? 0) - sizes.reduce((sum, size) => sum + size, 0);
    return [...sizes, rest];
  });
  if (id === 0x09) id = header.byte();
  for (; id !== 0; id = header.byte()) {
    if (id !== 0x0a) throw new Lzma2Error('a file size property of unknown kind');
    skipDigests(
      header,
      counts.reduce((sum, count) => sum + count, 0),
    );
  }
}

function skipDigests(header: Reader, count: number): void {
  const isAll = header.byte() !== 0;
  const defined = isAll ? count : header.bits(count).filter(Boolean).length;
  header.take(defined * 4);
}

function skipProperties(header: Reader): void {
  for (let id = header.byte(); id !== 0; id = header.byte()) header.take(header.count());
}

function readFiles(header: Reader, limits: SevenZipLimits): readonly ListedFile[] {
  const count = header.count();
  if (count > limits.entries) throw new Lzma2Error(`has ${count} entries, more than ${limits.entries}`);
  let names: readonly string[] = [];
  let empty: readonly boolean[] = [];
  for (let id = header.byte(); id !== 0; id = header.byte()) {
    const property = new Reader(header.take(header.count()));
    if (id === 0x0e) empty = property.bits(count);
    else if (id === 0x11 && property.byte() === 0) names = property.rest().toString('utf16le').split('\0');
  }
  return Array.from({ length: count }, (_item, at) => ({ path: names[at] ?? '', hasContent: empty[at] !== true }));
}

function unpackFolders(bytes: Buffer, streams: Streams, limits: SevenZipLimits): readonly Buffer[] {
  let at = 32 + streams.packPosition;
  let left = limits.expandedBytes;
  return streams.folders.map(({ method, properties }, index) => {
    const packed = bytes.subarray(at, at + (streams.packSizes[index] ?? 0));
    at += streams.packSizes[index] ?? 0;
    const size = streams.unpackSizes[index] ?? 0;
    if (size > left) throw new Lzma2Error(`unpacks to more than ${limits.expandedBytes} bytes`);
    left -= size;
    if (method === 'copy') return packed;
    const output = new Lzma2Output(Math.max(1, size));
    if (method === 'lzma2') unpackLzma2(packed, 0, output);
    else unpackLzma(packed, { properties: properties[0] ?? 0, size }, output);
    return output.result();
  });
}

function splitFolders(folders: readonly Buffer[], { parts }: Streams): readonly Buffer[] {
  return folders.flatMap((folder, index) => {
    let at = 0;
    return (parts[index] ?? []).map((size) => {
      if (size < 0 || at + size > folder.length) throw new Lzma2Error('sizes of files that do not fit');
      at += size;
      return folder.subarray(at - size, at);
    });
  });
}

/** Throws RangeError behind the end. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    this.#at += 1;
    return this.#bytes.readUInt8(this.#at - 1);
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('behind the end');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** One to nine bytes: the leading ones of the first say how many follow, lowest first; its other bits are the highest. */
  number(): number {
    const first = this.byte();
    let value = 0;
    let mask = 0x80;
    for (let index = 0; index < 8; index += 1, mask >>= 1) {
      if ((first & mask) === 0) return value + (first & (mask - 1)) * 2 ** (8 * index);
      value += this.byte() * 2 ** (8 * index);
    }
    return value;
  }

  /** A number of things that are all in the header: no more than it has bytes, so that none is made for nothing. */
  count(): number {
    const value = this.number();
    if (value > this.#bytes.length * 8) throw new Lzma2Error('a count that cannot be');
    return value;
  }

  numbers(count: number): readonly number[] {
    return Array.from({ length: count }, () => this.number());
  }

  /** Highest bit first. */
  bits(count: number): readonly boolean[] {
    const bytes = this.take(Math.ceil(count / 8));
    return Array.from({ length: count }, (_item, at) => ((bytes[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0);
  }
}
