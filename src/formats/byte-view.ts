// SPDX-License-Identifier: Apache-2.0
// Numbers and texts at offsets of foreign bytes. Whatever lies beyond the end reads as zero or as empty, so that readers of binary
// formats need no test at every field: a table that is cut off simply has no more rows. Loops are bounded by the callers.

export type ByteOrder = 'little' | 'big';

export class ByteView {
  readonly bytes: Uint8Array;
  readonly order: ByteOrder;
  readonly #buffer: Buffer;

  constructor(bytes: Uint8Array, order: ByteOrder = 'little') {
    this.bytes = bytes;
    this.order = order;
    this.#buffer = bufferOf(bytes);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#has(at, 1) ? this.#buffer.readUInt8(at) : 0;
  }

  u16(at: number): number {
    if (!this.#has(at, 2)) return 0;
    return this.order === 'little' ? this.#buffer.readUInt16LE(at) : this.#buffer.readUInt16BE(at);
  }

  u32(at: number): number {
    if (!this.#has(at, 4)) return 0;
    return this.order === 'little' ? this.#buffer.readUInt32LE(at) : this.#buffer.readUInt32BE(at);
  }

  /** Values above 2^53 (no offset in a file is that large) come out as the largest safe integer. */
  u64(at: number): number {
    if (!this.#has(at, 8)) return 0;
    const value = this.order === 'little' ? this.#buffer.readBigUInt64LE(at) : this.#buffer.readBigUInt64BE(at);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
  }

  /** An address: four or eight bytes. */
  word(at: number, size: 4 | 8): number {
    return size === 8 ? this.u64(at) : this.u32(at);
  }

  /** The part of the range that exists; no copy. */
  slice(at: number, length: number): Uint8Array {
    if (!Number.isSafeInteger(at) || at < 0 || at >= this.length || length <= 0) return new Uint8Array(0);
    return this.bytes.subarray(at, Math.min(this.length, at + length));
  }

  /** Bytes up to the next NUL as latin1, at most `maximum`. */
  text(at: number, maximum: number): string {
    const part = this.slice(at, maximum);
    const end = part.indexOf(0);
    return bufferOf(end === -1 ? part : part.subarray(0, end)).toString('latin1');
  }

  #has(at: number, size: number): boolean {
    return Number.isSafeInteger(at) && at >= 0 && at + size <= this.length;
  }
}

/** The same memory as a Buffer. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
