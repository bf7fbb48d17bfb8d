// SPDX-License-Identifier: Apache-2.0
// LZMA2 as xz uses it: chunks of LZMA data or of plain bytes, unpacked into one buffer that is the dictionary as well.
// Described in the LZMA specification (lzma-specification.txt of the LZMA SDK) and the .xz file format; only decoding.

/** Why data could not be unpacked; caught by xz.ts. */
export class Lzma2Error extends Error {
  override readonly name = 'Lzma2Error';
}

/** Unpacked bytes so far; grows up to a limit. */
export class Lzma2Output {
  #bytes = Buffer.alloc(65_536);
  #length = 0;
  readonly #maximum: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  get length(): number {
    return this.#length;
  }

  result(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Room for `count` more bytes; the buffer to write into. */
  reserve(count: number): Buffer {
    const needed = this.#length + count;
    if (needed > this.#maximum) throw new Lzma2Error(`unpacks to more than ${this.#maximum} bytes`);
    if (needed > this.#bytes.length) {
      const larger = Buffer.alloc(Math.min(this.#maximum, Math.max(needed, this.#bytes.length * 2)));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }

  advance(count: number): void {
    this.#length += count;
  }
}

/** Unpacks chunks from `start` to the end mark; gives the offset behind it. Throws Lzma2Error. */
export function unpackLzma2(input: Uint8Array, start: number, output: Lzma2Output): number {
  const decoder = new LzmaDecoder(input, output);
  let at = start;
  for (;;) {
    const control = byteAt(input, at);
    at += 1;
    if (control === 0) return at;
    if (control >= 0x80) {
      const size = ((control & 0x1f) << 16) + (byteAt(input, at) << 8) + byteAt(input, at + 1) + 1;
      const packed = (byteAt(input, at + 2) << 8) + byteAt(input, at + 3) + 1;
      at += 4;
      const reset = (control >> 5) & 3;
      if (reset === 3) decoder.resetDictionary();
      if (reset >= 2) {
        decoder.setProperties(byteAt(input, at));
        at += 1;
      }
      if (reset >= 1) decoder.resetState();
      if (at + packed > input.length) throw new Lzma2Error('cut off');
      decoder.decode(at, size);
      at += packed;
    } else if (control <= 2) {
      const size = (byteAt(input, at) << 8) + byteAt(input, at + 1) + 1;
      at += 2;
      if (control === 1) decoder.resetDictionary();
      if (at + size > input.length) throw new Lzma2Error('cut off');
      output.reserve(size).set(input.subarray(at, at + size), output.length);
      output.advance(size);
      at += size;
    } else throw new Lzma2Error('a chunk of unknown kind');
  }
}

/** Plain LZMA, as 7z has it: one stream without end mark, whose size is known. Throws Lzma2Error. */
export function unpackLzma(
  input: Uint8Array,
  stream: { readonly properties: number; readonly size: number },
  output: Lzma2Output,
): void {
  const decoder = new LzmaDecoder(input, output);
  decoder.resetDictionary();
  decoder.setProperties(stream.properties);
  decoder.resetState();
  decoder.decode(0, stream.size);
}

function byteAt(input: Uint8Array, at: number): number {
  const byte = input[at];
  if (byte === undefined) throw new Lzma2Error('cut off');
  return byte;
}

const initialProbability = 1_024;
const positionStates = 16;

function probabilities(count: number): Uint16Array {
  return new Uint16Array(count).fill(initialProbability);
}

/** Probabilities of the two kinds of lengths: first choice, second choice, 8 short, 8 middle (by position), 256 long. */
class LengthModel {
  readonly choices = probabilities(2);
  readonly short = probabilities(positionStates * 8);
  readonly middle = probabilities(positionStates * 8);
  readonly long = probabilities(256);
}

class LzmaDecoder {
  readonly #input: Uint8Array;
  readonly #output: Lzma2Output;
  #dictionaryStart = 0;
  #literalBits = 0;
  #literalMask = 0;
  #positionMask = 0;
  #hasProperties = false;
  #state = 0;
  #distances: [number, number, number, number] = [0, 0, 0, 0];
  #at = 0;
  #range = 0;
  #code = 0;
  #isMatch = probabilities(0);
  #isRepeat = probabilities(0);
  #isRepeat0 = probabilities(0);
  #isRepeat0Long = probabilities(0);
  #isRepeat1 = probabilities(0);
  #isRepeat2 = probabilities(0);
  #slots = probabilities(0);
  #special = probabilities(0);
  #aligned = probabilities(0);
  #literals = probabilities(0);
  #matchLengths = new LengthModel();
  #repeatLengths = new LengthModel();

  constructor(input: Uint8Array, output: Lzma2Output) {
    this.#input = input;
    this.#output = output;
    this.#dictionaryStart = output.length;
  }

  resetDictionary(): void {
    this.#dictionaryStart = this.#output.length;
  }

  /** `(pb * 5 + lp) * 9 + lc` */
  setProperties(byte: number): void {
    const literalContext = byte % 9;
    const rest = Math.floor(byte / 9);
    const literalPosition = rest % 5;
    const position = Math.floor(rest / 5);
    if (position > 4 || literalContext + literalPosition > 4) throw new Lzma2Error('properties out of range');
    this.#literalBits = literalContext;
    this.#literalMask = (1 << literalPosition) - 1;
    this.#positionMask = (1 << position) - 1;
    this.#literals = probabilities(0x300 << (literalContext + literalPosition));
    this.#hasProperties = true;
  }

  resetState(): void {
    this.#state = 0;
    this.#distances = [0, 0, 0, 0];
    this.#isMatch = probabilities(12 * positionStates);
    this.#isRepeat = probabilities(12);
    this.#isRepeat0 = probabilities(12);
    this.#isRepeat0Long = probabilities(12 * positionStates);
    this.#isRepeat1 = probabilities(12);
    this.#isRepeat2 = probabilities(12);
    this.#slots = probabilities(4 * 64);
    this.#special = probabilities(128);
    this.#aligned = probabilities(16);
    this.#literals.fill(initialProbability);
    this.#matchLengths = new LengthModel();
    this.#repeatLengths = new LengthModel();
  }

  /** One chunk: `size` bytes of output from the range coder's data at `start`. */
  decode(start: number, size: number): void {
    if (!this.#hasProperties || this.#isMatch.length === 0) throw new Lzma2Error('data before its properties');
    this.#at = start + 1;
    this.#range = 0xffffffff;
    this.#code = 0;
    for (let index = 0; index < 4; index += 1) this.#code = ((this.#code << 8) | byteAt(this.#input, this.#at++)) >>> 0;
    const bytes = this.#output.reserve(size);
    const origin = this.#output.length;
    const end = origin + size;
    let position = origin;
    while (position < end) {
      const place = (position - this.#dictionaryStart) & this.#positionMask;
      if (this.#bit(this.#isMatch, this.#state * positionStates + place) === 0) {
        bytes[position] = this.#literal(bytes, position);
        position += 1;
        continue;
      }
      const length = this.#bit(this.#isRepeat, this.#state) === 0 ? this.#match(place) : this.#repeat(place);
      const distance = this.#distances[0] + 1;
      if (distance > position - this.#dictionaryStart || position + length > end)
        throw new Lzma2Error('a copy from outside');
      for (let count = 0; count < length; count += 1) {
        bytes[position] = bytes[position - distance] ?? 0;
        position += 1;
      }
    }
    this.#output.advance(size);
  }

  #literal(bytes: Buffer, position: number): number {
    const before = position > this.#dictionaryStart ? (bytes[position - 1] ?? 0) : 0;
    const low = (position - this.#dictionaryStart) & this.#literalMask;
    const base = 0x300 * ((low << this.#literalBits) + (before >> (8 - this.#literalBits)));
    let symbol = 1;
    if (this.#state >= 7) {
      let match = bytes[position - this.#distances[0] - 1] ?? 0;
      while (symbol < 0x100) {
        const expected = (match >> 7) & 1;
        match <<= 1;
        const bit = this.#bit(this.#literals, base + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literals, base + symbol);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
    return symbol & 0xff;
  }

  /** A copy from a new distance. */
  #match(place: number): number {
    const [first, second, third] = this.#distances;
    const length = this.#length(this.#matchLengths, place);
    this.#state = this.#state < 7 ? 7 : 10;
    this.#distances = [this.#distance(length), first, second, third];
    return length;
  }

  /** A copy from one of the last four distances. */
  #repeat(place: number): number {
    const [first, second, third, fourth] = this.#distances;
    if (this.#bit(this.#isRepeat0, this.#state) === 0) {
      if (this.#bit(this.#isRepeat0Long, this.#state * positionStates + place) === 0) {
        this.#state = this.#state < 7 ? 9 : 11;
        return 1;
      }
    } else if (this.#bit(this.#isRepeat1, this.#state) === 0) this.#distances = [second, first, third, fourth];
    else if (this.#bit(this.#isRepeat2, this.#state) === 0) this.#distances = [third, first, second, fourth];
    else this.#distances = [fourth, first, second, third];
    const length = this.#length(this.#repeatLengths, place);
    this.#state = this.#state < 7 ? 8 : 11;
    return length;
  }

  #length(model: LengthModel, place: number): number {
    if (this.#bit(model.choices, 0) === 0) return 2 + this.#tree(model.short, place * 8, 3);
    if (this.#bit(model.choices, 1) === 0) return 10 + this.#tree(model.middle, place * 8, 3);
    return 18 + this.#tree(model.long, 0, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slots, Math.min(length - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return base + this.#reverseTree(this.#special, base - slot, bits);
    const high = this.#direct(bits - 4) * 16;
    return base + high + this.#reverseTree(this.#aligned, 0, 4);
  }

  #tree(model: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    for (let count = 0; count < bits; count += 1) symbol = (symbol << 1) | this.#bit(model, base + symbol);
    return symbol - (1 << bits);
  }

  #reverseTree(model: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let count = 0; count < bits; count += 1) {
      const bit = this.#bit(model, base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << count;
    }
    return value;
  }

  #direct(bits: number): number {
    let value = 0;
    for (let count = 0; count < bits; count += 1) {
      this.#range >>>= 1;
      const isSet = this.#code >= this.#range;
      if (isSet) this.#code = (this.#code - this.#range) >>> 0;
      value = value * 2 + (isSet ? 1 : 0);
      this.#normalise();
    }
    return value;
  }

  #bit(model: Uint16Array, index: number): 0 | 1 {
    const probability = model[index] ?? initialProbability;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      model[index] = probability + ((2_048 - probability) >> 5);
      this.#normalise();
      return 0;
    }
    this.#range = (this.#range - bound) >>> 0;
    this.#code = (this.#code - bound) >>> 0;
    model[index] = probability - (probability >> 5);
    this.#normalise();
    return 1;
  }

  #normalise(): void {
    if (this.#range >= 0x1000000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#input[this.#at] ?? 0)) >>> 0;
    this.#at += 1;
  }
}
