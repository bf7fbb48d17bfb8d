// SPDX-License-Identifier: Apache-2.0
// Bounds-checked reading and growing writing of the byte forms that shards use: LEB128 numbers and length-prefixed UTF-8.

/** Thrown by ByteReader only, and turned into DATABASE_INVALID by the shard readers: the bytes are not what the format says. */
export class MalformedBytes extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedBytes';
  }
}

export class ByteReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  /** Reads `bytes` from `start` up to `end`; both are clamped to the array. */
  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = Math.min(Math.max(end, 0), bytes.length);
    this.#at = Math.min(Math.max(start, 0), this.#end);
  }

  get position(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    const value = this.#at < this.#end ? this.#bytes[this.#at] : undefined;
    if (value === undefined) throw new MalformedBytes(`ends at offset ${this.#at}`);
    this.#at += 1;
    return value;
  }

  /** Unsigned LEB128 of at most 49 bits: every value is a safe integer. */
  number(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 7; count += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new MalformedBytes(`number is too long at offset ${this.#at}`);
  }

  /** A count of things of which each takes at least one byte, so that a wrong count cannot make a huge loop or array. */
  count(): number {
    const value = this.number();
    if (value > this.remaining) throw new MalformedBytes(`count ${value} does not fit at offset ${this.#at}`);
    return value;
  }

  text(): string {
    const length = this.count();
    const start = this.#at;
    this.#at += length;
    return this.#bytes.toString('utf8', start, this.#at);
  }

  /** A list written by ByteWriter.texts: one decoding for all of them, which is what makes lookups fast. */
  texts(): string[] {
    const lengths: number[] = [];
    for (let left = this.count(); left > 0; left -= 1) lengths.push(this.number());
    const all = this.text();
    const texts: string[] = [];
    let start = 0;
    for (const length of lengths) {
      texts.push(all.substring(start, start + length));
      start += length;
    }
    if (start !== all.length) throw new MalformedBytes(`texts have ${all.length} characters, not ${start}`);
    return texts;
  }
}

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** Unsigned LEB128; the value must be a whole number from 0 to 2^49 - 1. */
  number(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 49) throw new RangeError(`${value} cannot be written`);
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 128) + 0x80);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.number(length);
    this.#reserve(length);
    this.#bytes.write(value, this.#length);
    this.#length += length;
  }

  /** Count, lengths in UTF-16 units, then all texts as one. */
  texts(values: readonly string[]): void {
    this.number(values.length);
    for (const value of values) this.number(value.length);
    this.text(values.join(''));
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of what was written. */
  bytes(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, 0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
