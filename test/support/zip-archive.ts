// SPDX-License-Identifier: Apache-2.0
// Writes small zip archives for tests, with the irregularities that readers have to cope with.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly stored?: boolean;
  /** Uncompressed size to write into the directory instead of the true one. */
  readonly claimedBytes?: number;
}

const all = 0xffffffff;

/** An archive with the parts in order; with `zip64` all sizes and offsets stand in the fields of that extension. */
export function zipOf(parts: readonly ZipPart[], options: { readonly zip64?: boolean } = {}): Buffer {
  const zip64 = options.zip64 === true;
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const name = Buffer.from(part.path);
    const data = part.stored === true ? Buffer.from(part.bytes) : deflateRawSync(part.bytes);
    const size = part.claimedBytes ?? part.bytes.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(part.stored === true ? 0 : 8, 8);
    local.writeUInt32LE(crc32(part.bytes), 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    files.push(local, name, data);
    const extra = zip64 ? Buffer.alloc(28) : Buffer.alloc(0);
    if (zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      [size, data.length, offset].forEach((value, index) => extra.writeBigUInt64LE(BigInt(value), 4 + index * 8));
    }
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(part.stored === true ? 0 : 8, 10);
    entry.writeUInt32LE(crc32(part.bytes), 16);
    entry.writeUInt32LE(zip64 ? all : data.length, 20);
    entry.writeUInt32LE(zip64 ? all : size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(zip64 ? all : offset, 42);
    directory.push(entry, name, extra);
    offset += local.length + name.length + data.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end64 = zip64 ? zip64End(offset, directoryBytes.length, parts.length) : Buffer.alloc(0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip64 ? 0xffff : parts.length, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(zip64 ? all : offset, 16);
  return Buffer.concat([...files, directoryBytes, end64, end]);
}

function zip64End(offset: number, length: number, count: number): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + length), 8);
  return Buffer.concat([record, locator]);
}
