// SPDX-License-Identifier: Apache-2.0
// .rpm files: a lead, a header with signatures, the header of the package; the payload behind it is not looked at.
// https://rpm-software-management.github.io/rpm/manual/format_v4.html
import type { RpmHeader } from './header.ts';
import { parseRpmHeader } from './header.ts';

export type RpmArchiveResult =
  | { readonly kind: 'archive'; readonly header: RpmHeader; readonly signature: RpmHeader }
  | { readonly kind: 'broken'; readonly reason: string };

const leadMagic = 0xedabeedb;
const headerMagic = 0x8eade801;
const leadLength = 96;
const alignment = 8;

/** Never throws. */
export function readRpmArchive(bytes: Uint8Array): RpmArchiveResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < leadLength + 16 || view.getUint32(0) !== leadMagic) {
    return { kind: 'broken', reason: 'no lead of an rpm file' };
  }
  const signature = headerAt(view, bytes, leadLength);
  if (signature.kind === 'broken') return signature;
  const end = leadLength + 8 + signature.length;
  const header = headerAt(view, bytes, end + ((alignment - (end % alignment)) % alignment));
  if (header.kind === 'broken') return header;
  return { kind: 'archive', header: header.header, signature: signature.header };
}

/** In files a header begins with a magic number and four reserved bytes. */
function headerAt(view: DataView, bytes: Uint8Array, start: number): ReturnType<typeof parseRpmHeader> {
  if (start + 8 > bytes.length || view.getUint32(start) !== headerMagic) {
    return { kind: 'broken', reason: `no header at offset ${start}` };
  }
  return parseRpmHeader(bytes, start + 8);
}
