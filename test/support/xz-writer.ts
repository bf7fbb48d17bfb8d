// SPDX-License-Identifier: Apache-2.0
// For tests: .xz files whose content is stored, not compressed.
import { crc32 } from 'node:zlib';

/** One stream with one block of plain chunks, checked by CRC32. */
export function storedXz(content: Uint8Array): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < content.length; at += 65_536) {
    const part = content.subarray(at, at + 65_536);
    const head = Buffer.from([at === 0 ? 1 : 2, 0, 0]);
    head.writeUInt16BE(part.length - 1, 1);
    chunks.push(head, Buffer.from(part));
  }
  const data = Buffer.concat([...chunks, Buffer.from([0])]);
  // Header of twelve bytes: size, no flags, filter LZMA2 with one byte of properties, padding, checksum.
  const header = withChecksum(Buffer.from([2, 0, 0x21, 1, 0x16, 0, 0, 0]));
  const block = Buffer.concat([header, padded(data), number32(crc32(content))]);
  const unpadded = header.length + data.length + 4;
  const index = withChecksum(
    padded(Buffer.concat([Buffer.from([0, 1]), variable(unpadded), variable(content.length)])),
  );
  const flags = Buffer.from([0, 1]);
  const start = Buffer.concat([Buffer.from('fd377a585a00', 'hex'), flags, number32(crc32(flags))]);
  const tail = Buffer.concat([number32(index.length / 4 - 1), flags]);
  return Buffer.concat([start, block, index, number32(crc32(tail)), tail, Buffer.from('YZ')]);
}

function withChecksum(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, number32(crc32(bytes))]);
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function variable(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
