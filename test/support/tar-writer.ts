// SPDX-License-Identifier: Apache-2.0
// Writes tar archives for tests: ustar with PAX records or GNU long names where a name is too long, and headers that are wrong on purpose.

export interface TarMemberInput {
  readonly path: string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` folder ...; a folder when the path ends in a slash, else a file. */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly link?: string;
  readonly mode?: number;
  readonly userId?: number;
  /** What the size field says, when that is not the length of the content. */
  readonly size?: number | Buffer;
  /** PAX records before the entry. */
  readonly pax?: readonly (readonly [string, string])[];
  /** Long names in the GNU way. */
  readonly longNames?: 'gnu' | 'pax';
  /** Changes the header after it is made, before its checksum is. */
  readonly change?: (header: Buffer) => void;
  readonly badChecksum?: boolean;
}

const blockLength = 512;

export function writeTar(members: readonly TarMemberInput[]): Buffer {
  return Buffer.concat([...members.flatMap(tarMember), Buffer.alloc(2 * blockLength)]);
}

/** Header, content and padding of one member, with what has to stand before them. */
export function tarMember(member: TarMemberInput): Buffer[] {
  const type = member.type ?? (member.path.endsWith('/') ? '5' : '0');
  const content = typeof member.content === 'string' ? Buffer.from(member.content) : Buffer.from(member.content ?? []);
  const { extra, name, link } = longNames(member);
  return [...extra, header(member, { type, name, link, size: content.length }), content, padding(content.length)];
}

function longNames(member: TarMemberInput): { extra: Buffer[]; name: string; link: string } {
  const records = [...(member.pax ?? [])];
  const link = member.link ?? '';
  const isLongName = Buffer.byteLength(member.path) > 100;
  const isLongLink = Buffer.byteLength(link) > 100;
  const extra: Buffer[] = [];
  if (member.longNames === 'gnu') {
    if (isLongName) extra.push(...tarMember({ path: '././@LongLink', type: 'L', content: `${member.path}\0` }));
    if (isLongLink) extra.push(...tarMember({ path: '././@LongLink', type: 'K', content: `${link}\0` }));
  } else {
    if (isLongName) records.push(['path', member.path]);
    if (isLongLink) records.push(['linkpath', link]);
  }
  if (records.length > 0) extra.push(...tarMember({ path: 'PaxHeaders/x', type: 'x', content: paxBlock(records) }));
  return { extra, name: member.path.slice(0, 100), link: link.slice(0, 100) };
}

export function paxBlock(records: readonly (readonly [string, string])[]): string {
  return records
    .map(([key, value]) => {
      const rest = Buffer.byteLength(` ${key}=${value}\n`);
      let length = rest + 1;
      while (String(length).length + rest !== length) length += 1;
      return `${length} ${key}=${value}\n`;
    })
    .join('');
}

interface HeaderParts {
  readonly type: string;
  readonly name: string;
  readonly link: string;
  readonly size: number;
}

function header(member: TarMemberInput, parts: HeaderParts): Buffer {
  const block = Buffer.alloc(blockLength);
  block.write(parts.name, 0, 100);
  block.write(octal(member.mode ?? 0o644, 7), 100);
  block.write(octal(member.userId ?? 0, 7), 108);
  block.write(octal(0, 7), 116);
  if (Buffer.isBuffer(member.size)) member.size.copy(block, 124);
  else block.write(octal(member.size ?? parts.size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(parts.type, 156, 'latin1');
  block.write(parts.link, 157, 100);
  block.write('ustar\x0000', 257, 'latin1');
  member.change?.(block);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(octal(member.badChecksum === true ? sum + 1 : sum, 6), 148);
  block[154] = 0;
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padding(length: number): Buffer {
  return Buffer.alloc((blockLength - (length % blockLength)) % blockLength);
}
