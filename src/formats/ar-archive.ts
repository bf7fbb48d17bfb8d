// SPDX-License-Identifier: Apache-2.0
// The archive format of ar(1), which .deb files are: members one after the other, each with a head of text. deb(5).

export interface ArMember {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ArArchive {
  readonly members: readonly ArMember[];
  /** Why the members after those are missing. */
  readonly broken?: string;
}

const magic = '!<arch>\n';
const headLength = 60;

/** Never throws; members share the memory of `bytes`. */
export function readArArchive(bytes: Uint8Array, mostMembers: number): ArArchive {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.toString('latin1', 0, magic.length) !== magic) return { members: [], broken: 'no ar archive' };
  const members: ArMember[] = [];
  for (let at = magic.length; at < buffer.length; ) {
    if (members.length >= mostMembers) return { members, broken: `more than ${mostMembers} members` };
    const head = buffer.toString('latin1', at, at + headLength);
    const size = /^\d{1,10}(?= {0,9}`\n$)/.exec(head.slice(48));
    if (size === null) return { members, broken: `no member at offset ${at}` };
    const start = at + headLength;
    const end = start + Number(size[0]);
    if (end > buffer.length) return { members, broken: `the member at offset ${at} is cut off` };
    // GNU ends names with a slash, BSD does not.
    members.push({ name: head.slice(0, 16).trimEnd().replace(/\/$/, ''), bytes: buffer.subarray(start, end) });
    at = end + (end % 2);
  }
  return { members };
}
