// SPDX-License-Identifier: Apache-2.0
// For tests: writes rpm headers, and databases and files that hold them.

/** Texts, text lists, numbers (INT32) and bytes by tag. */
export type HeaderValues = Readonly<Record<number, string | readonly string[] | readonly number[] | Uint8Array>>;

const types = { number: 4, text: 6, binary: 7, texts: 8 } as const;

/** A header as databases hold it: index and data, without the magic number of files. */
export function rpmHeader(values: HeaderValues): Buffer {
  const index: Buffer[] = [];
  const parts: Buffer[] = [];
  let length = 0;
  for (const [tag, value] of Object.entries(values)) {
    const { type, count, bytes } = encoded(value);
    const padding = type === types.number ? (4 - (length % 4)) % 4 : 0;
    parts.push(Buffer.alloc(padding), bytes);
    const entry = Buffer.alloc(16);
    [Number(tag), type, length + padding, count].forEach((number, at) => entry.writeUInt32BE(number, at * 4));
    index.push(entry);
    length += padding + bytes.length;
  }
  const head = Buffer.alloc(8);
  head.writeUInt32BE(index.length, 0);
  head.writeUInt32BE(length, 4);
  return Buffer.concat([head, ...index, ...parts]);
}

function encoded(value: HeaderValues[number]): { type: number; count: number; bytes: Buffer } {
  if (typeof value === 'string') return { type: types.text, count: 1, bytes: Buffer.from(`${value}\0`) };
  if (value instanceof Uint8Array) return { type: types.binary, count: value.length, bytes: Buffer.from(value) };
  const numbers = value.filter((item) => typeof item === 'number');
  if (numbers.length === value.length) {
    const bytes = Buffer.alloc(numbers.length * 4);
    numbers.forEach((number, at) => bytes.writeUInt32BE(number, at * 4));
    return { type: types.number, count: numbers.length, bytes };
  }
  return { type: types.texts, count: value.length, bytes: Buffer.from(`${value.join('\0')}\0`) };
}

/** An ndb database (Packages.db). */
export function ndbDatabase(headers: readonly Buffer[]): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write('RpmP', 0, 'latin1');
  slots.writeUInt32LE(1, 12);
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1');
  const blobs: Buffer[] = [];
  let block = slots.length / 16;
  headers.forEach((header, number) => {
    const blob = Buffer.alloc(Math.ceil((16 + header.length + 12) / 16) * 16);
    blob.write('BlbS', 0, 'latin1');
    blob.writeUInt32LE(number + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    const slot = 32 + number * 16;
    [number + 1, block, blob.length / 16].forEach((value, at) => slots.writeUInt32LE(value, slot + 4 + at * 4));
    blobs.push(blob);
    block += blob.length / 16;
  });
  return Buffer.concat([slots, ...blobs]);
}

/** A Berkeley DB hash with pages of 512 bytes: small headers lie on a page, others in a chain; `order` is that of the numbers. */
export function berkeleyDatabase(headers: readonly Buffer[], order: 'little' | 'big' = 'little'): Buffer {
  const size = 512;
  const number = (page: Buffer, value: number, at: number): unknown =>
    order === 'little' ? page.writeUInt32LE(value, at) : page.writeUInt32BE(value, at);
  const short = (page: Buffer, value: number, at: number): unknown =>
    order === 'little' ? page.writeUInt16LE(value, at) : page.writeUInt16BE(value, at);
  const meta = Buffer.alloc(size);
  number(meta, 0x00061561, 12);
  number(meta, 9, 16);
  number(meta, size, 20);
  meta[25] = 8;
  const pages: Buffer[] = [meta];
  for (const header of headers) {
    const page = Buffer.alloc(size);
    page[25] = 13;
    pages.push(page);
    const key = Buffer.from([1, 0, 0, 0, pages.length]);
    let item = Buffer.concat([Buffer.from([1]), header]);
    if (header.length > 200) {
      item = Buffer.alloc(12);
      item[0] = 3;
      number(item, pages.length, 4);
      number(item, header.length, 8);
      for (let at = 0; at < header.length; at += size - 26) {
        const part = header.subarray(at, at + size - 26);
        const overflow = Buffer.alloc(size);
        overflow[25] = 7;
        number(overflow, at + part.length < header.length ? pages.length + 1 : 0, 16);
        short(overflow, part.length, 22);
        part.copy(overflow, 26);
        pages.push(overflow);
      }
    }
    short(page, 2, 20);
    short(page, size - key.length, 26);
    short(page, size - key.length - item.length, 28);
    key.copy(page, size - key.length);
    item.copy(page, size - key.length - item.length);
  }
  number(meta, pages.length - 1, 32);
  return Buffer.concat(pages);
}

/** An .rpm file without payload. */
export function rpmFile(header: Buffer, signature: Buffer): Buffer {
  const lead = Buffer.alloc(96);
  lead.writeUInt32BE(0xedabeedb, 0);
  const magic = Buffer.from('8eade80100000000', 'hex');
  const first = Buffer.concat([lead, magic, signature]);
  return Buffer.concat([first, Buffer.alloc((8 - (first.length % 8)) % 8), magic, header]);
}
