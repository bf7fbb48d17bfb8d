// SPDX-License-Identifier: Apache-2.0
// The header structure of rpm: an index of tagged values and their data, as it stands in databases and in .rpm files.
// https://rpm-software-management.github.io/rpm/manual/format_header.html. Which tag means what stands in tags.ts.

/** Why bytes are no header, and what was met while values were looked up. */
export type RpmHeaderResult =
  | { readonly kind: 'header'; readonly header: RpmHeader; readonly length: number }
  | { readonly kind: 'broken'; readonly reason: string };

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** Bytes per value of the numeric types: CHAR, INT8, INT16, INT32, INT64. */
const numberSizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };
const stringType = 6;
const binaryType = 7;
const stringArrayType = 8;
const translatedType = 9;

/** rpm itself refuses a header with more entries. */
const mostEntries = 0xffff;
const entryLength = 16;

/**
 * Reads the header that begins at `start`: the number of entries, the length of the data, then both. `length` counts all of it.
 * Values are looked at only when they are asked for. Never throws.
 */
export function parseRpmHeader(bytes: Uint8Array, start = 0): RpmHeaderResult {
  if (start + 8 > bytes.length) return { kind: 'broken', reason: 'the header ends before its index' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(start);
  const dataLength = view.getUint32(start + 4);
  const data = start + 8 + count * entryLength;
  if (count === 0 || count > mostEntries) return { kind: 'broken', reason: `a header with ${count} entries` };
  if (data + dataLength > bytes.length) return { kind: 'broken', reason: 'the header is longer than what holds it' };
  const entries = new Map<number, Entry>();
  for (let index = 0; index < count; index += 1) {
    const at = start + 8 + index * entryLength;
    const entry = { type: view.getUint32(at + 4), offset: view.getUint32(at + 8), count: view.getUint32(at + 12) };
    // Entries behind the signed region replace those in it, so the last one counts.
    if (entry.offset < dataLength) entries.set(view.getUint32(at), entry);
  }
  const header = new RpmHeader(bytes.subarray(data, data + dataLength), entries);
  return { kind: 'header', header, length: 8 + count * entryLength + dataLength };
}

const decoder = new TextDecoder();

export class RpmHeader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  readonly #entries: ReadonlyMap<number, Entry>;

  constructor(data: Uint8Array, entries: ReadonlyMap<number, Entry>) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.#entries = entries;
  }

  /** The text, or the first of several: of translated texts that is the one of the C locale. Undefined when absent or no text. */
  string(tag: number): string | undefined {
    return this.strings(tag, 1)[0];
  }

  /** All texts of a tag, at most `most`; those that lie beyond the data are left out. */
  strings(tag: number, most = Number.MAX_SAFE_INTEGER): string[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return [];
    if (entry.type !== stringType && entry.type !== stringArrayType && entry.type !== translatedType) return [];
    const found: string[] = [];
    const count = Math.min(entry.type === stringType ? 1 : entry.count, most);
    for (let at = entry.offset; found.length < count && at < this.#data.length; ) {
      const end = this.#data.indexOf(0, at);
      if (end === -1) break;
      found.push(decoder.decode(this.#data.subarray(at, end)));
      at = end + 1;
    }
    return found;
  }

  number(tag: number): number | undefined {
    return this.numbers(tag, 1)[0];
  }

  /** All numbers of a tag, unsigned, at most `most`. Numbers above 2^53 lose their last bits; no real tag has any. */
  numbers(tag: number, most = Number.MAX_SAFE_INTEGER): number[] {
    const entry = this.#entries.get(tag);
    const size = entry === undefined ? undefined : numberSizes[entry.type];
    if (entry === undefined || size === undefined) return [];
    const fitting = Math.floor((this.#data.length - entry.offset) / size);
    const count = Math.min(entry.count, fitting, most);
    return Array.from({ length: count }, (_, index) => this.#number(entry.offset + index * size, size));
  }

  #number(at: number, size: number): number {
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at);
    return size === 4 ? this.#view.getUint32(at) : Number(this.#view.getBigUint64(at));
  }

  /** Bytes of a binary tag; undefined when absent, of another type, or cut off. */
  binary(tag: number): Uint8Array | undefined {
    const entry = this.#entries.get(tag);
    if (entry?.type !== binaryType || entry.offset + entry.count > this.#data.length) return undefined;
    return this.#data.subarray(entry.offset, entry.offset + entry.count);
  }

  has(tag: number): boolean {
    return this.#entries.has(tag);
  }
}
