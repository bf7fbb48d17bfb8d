// SPDX-License-Identifier: Apache-2.0
// Unpacks a stream whose first bytes tell how it is packed: gzip (also of several members), zstd (also of several frames) or not at all.
// What it unpacks to is bounded, in bytes and in proportion.
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress, zstdDecompressSync } from 'node:zlib';
import { messageOf } from '../model/error.ts';
import type { FramePart } from './zstd-frames.ts';
import { FrameError, FrameSplitter } from './zstd-frames.ts';

export type Compression = 'none' | 'gzip' | 'zstd' | 'bzip2' | 'xz';

export interface UnpackLimits {
  /** Unpacked bytes. */
  readonly bytes: number;
  /** Unpacked bytes for each packed byte, looked at only beyond `ratioFrom` unpacked bytes: small files of zeros are harmless. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

/** Why a stream could not be unpacked to its end. */
export class UnpackError extends Error {
  override readonly name = 'UnpackError';
  readonly kind: 'syntax' | 'limit' | 'unsupported';

  constructor(kind: UnpackError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** With Node's default of 16 KiB a layer takes nearly twice as long (measured; docs/images.md). */
const chunkLength = 1024 * 1024;
/** Zstd frames up to this packed size are unpacked in one call instead of a stream each. */
const mostWholeFrame = 1024 * 1024;
const mostFrameContent = 8 * 1024 * 1024;

/** How many first bytes `compressionOf` needs. */
export const magicLength = 6;

/** By the magic number at the start; anything unknown is `none`. */
export function compressionOf(head: Uint8Array): Compression {
  const starts = (...magic: number[]): boolean => magic.every((byte, index) => head[index] === byte);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  // A skippable frame, as zstd:chunked and pzstd write it first.
  if (head.length >= 4 && ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18)
    return 'zstd';
  if (starts(0x42, 0x5a, 0x68)) return 'bzip2';
  return starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00) ? 'xz' : 'none';
}

/**
 * The unpacked bytes. A chunk, given or taken, is not to be used once the next one is asked for: its memory may be overwritten or gone. Throws UnpackError; an error of `chunks` is thrown on. Leaving
 * the loop early ends the reading of `chunks`.
 */
export async function* unpack(chunks: AsyncIterable<Uint8Array>, limits: UnpackLimits): AsyncGenerator<Buffer> {
  const meter = new Meter(limits);
  const source = withHead(meter.count(chunks));
  try {
    const first = await source.next();
    const head = first.done === true ? Buffer.alloc(0) : first.value;
    for await (const bytes of unpackAs(compressionOf(head), startingWith(head, source))) {
      meter.check(bytes.length);
      yield bytes;
    }
  } finally {
    await source.return(undefined);
  }
}

function unpackAs(kind: Compression, whole: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  if (kind === 'gzip') return through(whole, createGunzip({ chunkSize: chunkLength }));
  if (kind === 'zstd') return unpackFrames(whole);
  if (kind === 'none') return whole;
  throw new UnpackError('unsupported', `packed with ${kind}, which is not read`);
}

class Meter {
  readonly #limits: UnpackLimits;
  #packed = 0;
  #unpacked = 0;

  constructor(limits: UnpackLimits) {
    this.#limits = limits;
  }

  async *count(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#packed += chunk.length;
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
  }

  check(length: number): void {
    this.#unpacked += length;
    const { bytes, ratio, ratioFrom } = this.#limits;
    if (this.#unpacked > bytes) throw new UnpackError('limit', `unpacks to more than ${bytes} bytes`);
    if (this.#unpacked > ratioFrom && this.#unpacked > ratio * this.#packed)
      throw new UnpackError('limit', `unpacks to more than ${ratio} times its size`);
  }
}

/** The same bytes, the first chunk long enough to hold a magic number. */
async function* withHead(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === undefined) yield chunk;
    else {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      if (head.length < magicLength) continue;
      yield head;
      head = undefined;
    }
  }
  if (head !== undefined && head.length > 0) yield head;
}

async function* startingWith(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** Node unpacks in another thread while the consumer works on the chunk before. */
async function* through(chunks: AsyncIterable<Buffer>, transform: Transform): AsyncGenerator<Buffer> {
  const feeding = feed(chunks, transform);
  try {
    for await (const chunk of transform) {
      const bytes = chunk as Buffer<ArrayBuffer>;
      yield bytes;
      release(bytes);
    }
  } catch (error) {
    const cause = await feeding;
    if (cause !== undefined) throw cause;
    throw new UnpackError('syntax', `cannot be unpacked: ${messageOf(error)}`);
  } finally {
    transform.destroy();
  }
}

/**
 * Gives the memory of a used chunk back at once. The collector sees small objects that stand for large memory: it let 50 MB of them lie. Where a chunk does not
 * reach the end of its memory the stream writes the next one behind it; a small one may be a part of memory that Node shares among buffers.
 */
function release({ buffer, byteOffset, byteLength }: Buffer<ArrayBuffer>): void {
  if (buffer.byteLength >= chunkLength && byteOffset + byteLength === buffer.byteLength) buffer.transfer(0);
}

/** Writes one chunk after the other, asking for the next only when the last one is used up. Gives the error of `chunks`, if there was one. */
async function feed(chunks: AsyncIterable<Buffer>, transform: Transform): Promise<unknown> {
  try {
    for await (const chunk of chunks) if (!(await write(transform, chunk))) return undefined;
    transform.end();
    return undefined;
  } catch (error) {
    transform.destroy(error instanceof Error ? error : new Error(String(error)));
    return error;
  }
}

/** False when nothing more is taken: the packed data has ended or is broken, or the consumer left. */
function write(transform: Transform, chunk: Buffer): Promise<boolean> {
  if (transform.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const stop = (): void => resolve(false);
    transform.once('close', stop);
    transform.write(chunk, (error) => {
      transform.off('close', stop);
      resolve(error === null || error === undefined);
    });
  });
}

async function* unpackFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const parts = framePartsOf(chunks);
  for (let next = await parts.next(); next.done !== true; next = await parts.next()) {
    const part = next.value;
    if (part.isLast && part.mostContent <= mostFrameContent) yield unpackFrame(part.bytes);
    else yield* through(piecesOf(part, parts), createZstdDecompress({ chunkSize: chunkLength }));
  }
}

function unpackFrame(bytes: Buffer): Buffer {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: mostFrameContent });
  } catch (error) {
    throw new UnpackError('syntax', `cannot be unpacked: ${messageOf(error)}`);
  }
}

async function* framePartsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<FramePart> {
  const splitter = new FrameSplitter(mostWholeFrame);
  try {
    for await (const chunk of chunks) yield* splitter.push(chunk);
    splitter.end();
  } catch (error) {
    throw error instanceof FrameError ? new UnpackError('syntax', `cannot be unpacked: ${error.message}`) : error;
  }
}

/** The bytes of one frame that is unpacked as a stream; leaves the parts of the next frame where they are. */
async function* piecesOf(first: FramePart, parts: AsyncGenerator<FramePart>): AsyncGenerator<Buffer> {
  yield first.bytes;
  if (first.isLast) return;
  for (let next = await parts.next(); next.done !== true; next = await parts.next()) {
    yield next.value.bytes;
    if (next.value.isLast) return;
  }
}
