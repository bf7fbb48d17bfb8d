// SPDX-License-Identifier: Apache-2.0
// Regular files of a small tar archive that is in memory whole, such as the control archive of a .deb file.
// POSIX ustar with GNU and PAX long names. Layers of images are read as a stream, elsewhere.

export interface TarMember {
  /** As written, without a leading `./`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface TarMembers {
  readonly members: readonly TarMember[];
  /** Why the members after those are missing. */
  readonly broken?: string;
}

const blockLength = 512;

/** Never throws; members share the memory of `bytes`. */
export function readTarMembers(bytes: Uint8Array, mostMembers: number): TarMembers {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members: TarMember[] = [];
  let longName: string | undefined;
  for (let at = 0; at + blockLength <= buffer.length; ) {
    const head = buffer.subarray(at, at + blockLength);
    if (head.every((byte) => byte === 0)) return { members };
    const size = sizeOf(head);
    if (size === undefined || !hasChecksum(head)) return { members, broken: `no member at offset ${at}` };
    const start = at + blockLength;
    if (start + size > buffer.length) return { members, broken: `the member at offset ${at} is cut off` };
    const content = buffer.subarray(start, start + size);
    const type = String.fromCharCode(head[156] ?? 0);
    if (type === 'L') longName = textIn(content);
    else if (type === 'x') longName = paxPath(content.toString('utf8')) ?? longName;
    else {
      if (type === '0' || type === '\0') {
        if (members.length >= mostMembers) return { members, broken: `more than ${mostMembers} members` };
        members.push({ path: (longName ?? nameIn(head)).replace(/^(?:\.\/)+/, ''), bytes: content });
      }
      longName = undefined;
    }
    at = start + Math.ceil(size / blockLength) * blockLength;
  }
  return { members };
}

function textIn(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
}

function nameIn(head: Buffer): string {
  const prefix = head.toString('latin1', 257, 262) === 'ustar' ? textIn(head.subarray(345, 500)) : '';
  const name = textIn(head.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits; GNU writes large sizes in base 256, which no member of a small archive has. */
function sizeOf(head: Buffer): number | undefined {
  const text = textIn(head.subarray(124, 136)).trim();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

/** The sum of all bytes of the head, those of the sum itself counted as blanks. */
function hasChecksum(head: Buffer): boolean {
  const stated = Number.parseInt(textIn(head.subarray(148, 156)).trim(), 8);
  let sum = 8 * 32;
  for (let index = 0; index < blockLength; index += 1) if (index < 148 || index >= 156) sum += head[index] ?? 0;
  return sum === stated;
}

/** Records `LENGTH path=NAME`. */
function paxPath(text: string): string | undefined {
  for (let at = 0; at < text.length; ) {
    const length = Number.parseInt(text.slice(at, at + 10), 10);
    if (!(length > 0)) return undefined;
    const record = text.slice(at, at + length - 1);
    const value = record.indexOf(' path=');
    if (value !== -1 && value < 11) return record.slice(value + 6);
    at += length;
  }
  return undefined;
}
