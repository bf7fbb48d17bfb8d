// SPDX-License-Identifier: Apache-2.0
// CBOR (RFC 8949) as COSE envelopes need it: integers, byte and text strings, arrays, maps, tags, booleans and null. Strict: definite lengths,
// shortest forms, no key twice, nothing behind the end, because a second encoding of one value is a second reading of one proof.
import { malformed } from './parsed.ts';
import { decodeUtf8 } from './strict-json.ts';

/** A tagged value (RFC 8949 3.4). */
export class CborTag {
  readonly tag: number;
  readonly value: CborValue;

  constructor(tag: number, value: CborValue) {
    this.tag = tag;
    this.value = value;
  }
}

export type CborKey = number | string;
export type CborMap = ReadonlyMap<CborKey, CborValue>;
export type CborValue = number | string | boolean | null | Buffer | readonly CborValue[] | CborMap | CborTag;

export interface CborLimits {
  readonly bytes: number;
  readonly depth: number;
  /** Items of one array or map. */
  readonly items: number;
}

const defaults: CborLimits = { bytes: 32 * 1024 * 1024, depth: 16, items: 1_000 };

/** Reads bytes that hold exactly one item. Leaves with `malformed`. */
export function readCbor(bytes: Uint8Array, limits: CborLimits = defaults): CborValue {
  if (bytes.length > limits.bytes) malformed(`larger than ${limits.bytes} bytes`);
  const reader = new CborReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), limits);
  const value = reader.item(0);
  return reader.isAtEnd ? value : malformed('bytes behind the CBOR item');
}

class CborReader {
  readonly #bytes: Buffer;
  readonly #limits: CborLimits;
  #at = 0;

  constructor(bytes: Buffer, limits: CborLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  item(depth: number): CborValue {
    if (depth > this.#limits.depth) malformed(`nested more than ${this.#limits.depth} levels deep`);
    const initial = this.#take(1)[0] ?? 0;
    const major = initial >> 5;
    if (major === 7) return simpleValue(initial & 0x1f);
    const argument = this.#argument(initial & 0x1f);
    switch (major) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2:
        return this.#take(argument);
      case 3:
        return decodeUtf8(this.#take(argument)) ?? malformed('a text string is not UTF-8');
      case 4:
        return this.#array(argument, depth);
      case 5:
        return this.#map(argument, depth);
      default:
        return new CborTag(argument, this.item(depth + 1));
    }
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) malformed('CBOR item is cut off');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** The number behind the first byte, in its shortest form (RFC 8949 4.2.1). */
  #argument(information: number): number {
    if (information < 24) return information;
    if (information > 27) return malformed('CBOR length is indefinite or reserved');
    const size = 2 ** (information - 24);
    const bytes = this.#take(size);
    const value = size === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, size);
    if (!Number.isSafeInteger(value)) malformed('CBOR number out of range');
    const least = [24, 0x100, 0x10000, 0x100000000][information - 24] ?? 0;
    return value < least ? malformed('CBOR number is not in its shortest form') : value;
  }

  #array(length: number, depth: number): readonly CborValue[] {
    this.#checkCount(length);
    return Array.from({ length }, () => this.item(depth + 1));
  }

  #map(length: number, depth: number): CborMap {
    this.#checkCount(length);
    const map = new Map<CborKey, CborValue>();
    for (let index = 0; index < length; index += 1) {
      const key = this.item(depth + 1);
      if (typeof key !== 'number' && typeof key !== 'string') return malformed('a key is neither integer nor text');
      if (map.has(key)) malformed('a key stands twice in one map');
      map.set(key, this.item(depth + 1));
    }
    return map;
  }

  #checkCount(length: number): void {
    if (length > this.#limits.items) malformed(`more than ${this.#limits.items} items in one`);
  }
}

function simpleValue(information: number): CborValue {
  if (information === 20) return false;
  if (information === 21) return true;
  if (information === 22) return null;
  return malformed('floats, undefined and other simple values have no place here');
}

/** Encodes in the deterministic form (RFC 8949 4.2.1): shortest numbers, keys sorted by their encoding. */
export function encodeCbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return Buffer.concat([head(3, text.length), text]);
  }
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4]);
  if (value === null) return Buffer.from([0xf6]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof CborTag) return Buffer.concat([head(6, value.tag), encodeCbor(value.value)]);
  if (isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
  const entries = [...value].map(([key, member]) => [encodeCbor(key), encodeCbor(member)] as const);
  entries.sort(([a], [b]) => Buffer.compare(a, b));
  return Buffer.concat([head(5, entries.length), ...entries.flat()]);
}

function isArray(value: readonly CborValue[] | CborMap): value is readonly CborValue[] {
  return Array.isArray(value);
}

function head(major: number, value: number): Buffer {
  const top = major << 5;
  if (value < 24) return Buffer.from([top | value]);
  if (value < 0x100) return Buffer.from([top | 24, value]);
  const size = value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = top | (size === 2 ? 25 : size === 4 ? 26 : 27);
  if (size === 8) bytes.writeBigUInt64BE(BigInt(value), 1);
  else bytes.writeUIntBE(value, 1, size);
  return bytes;
}
