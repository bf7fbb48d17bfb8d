// SPDX-License-Identifier: Apache-2.0
// What kind of file something is: an archive by its name (matches gitleaks, which never guesses archives by content), something that is no
// text by its first bytes.
import { wideWithoutMark } from '../../formats/text.ts';

export type Packing = 'gzip' | 'xz' | 'zstd' | 'brotli' | 'zlib';

export type ArchiveKind =
  | { readonly kind: 'zip' }
  | { readonly kind: '7z' }
  | { readonly kind: 'tar'; readonly packing?: Packing }
  /** One packed file. */
  | { readonly kind: 'packed'; readonly packing: Packing }
  /** Of a format that is not read here. */
  | { readonly kind: 'unread'; readonly format: string };

const packings: Readonly<Record<string, Packing>> = {
  gz: 'gzip',
  gzip: 'gzip',
  xz: 'xz',
  zst: 'zstd',
  zstd: 'zstd',
  br: 'brotli',
  zz: 'zlib',
};

const shortTars: Readonly<Record<string, Packing>> = { tgz: 'gzip', txz: 'xz', tzst: 'zstd' };

const unreadFormats = ['rar', 'bz2', 'bz', 'tbz2', 'tbz', 'lz', 'lz4', 'tlz4', 'sz', 's2', 'mz'];

/** Undefined for a file that is no archive by its name. */
export function archiveKindOf(path: string): ArchiveKind | undefined {
  const parts = path
    .slice(path.lastIndexOf('/') + 1)
    .toLowerCase()
    .split('.');
  if (parts.length < 2) return undefined;
  const last = parts.at(-1) ?? '';
  const isTar = parts.length > 2 && parts.at(-2) === 'tar';
  if (last === 'zip' || last === '7z') return { kind: last };
  if (last === 'tar') return { kind: 'tar' };
  const short = Object.hasOwn(shortTars, last) ? shortTars[last] : undefined;
  if (short !== undefined) return { kind: 'tar', packing: short };
  const packing = Object.hasOwn(packings, last) ? packings[last] : undefined;
  if (packing !== undefined) return isTar ? { kind: 'tar', packing } : { kind: 'packed', packing };
  return unreadFormats.includes(last) ? { kind: 'unread', format: last } : undefined;
}

/** First bytes, in latin1, of formats that hold no text: programs, documents, archives, pictures, sound, fonts. */
const magicNumbers: readonly string[] = [
  'PK\x03\x04',
  'PK\x05\x06',
  '\x1f\x8b',
  'BZh',
  '7z\xbc\xaf\x27\x1c',
  '\xfd7zXZ\0',
  '\x28\xb5\x2f\xfd',
  'Rar!\x1a\x07',
  '%PDF',
  '\x7fELF',
  'MZ',
  '\xcf\xfa\xed\xfe',
  '\xce\xfa\xed\xfe',
  '\xca\xfe\xba\xbe',
  '\0asm',
  'dex\n',
  '!<arch>\n',
  'SQLite format 3\0',
  '\xed\xab\xee\xdb',
  '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
  '\x89PNG\r\n\x1a\n',
  '\xff\xd8\xff',
  'GIF87a',
  'GIF89a',
  'OggS',
  'ID3',
  'fLaC',
  'RIFF',
  'wOFF',
  'wOF2',
  '\0\x01\0\0\0',
  'OTTO',
  '\x1a\x45\xdf\xa3',
  '\0\0\x01\0',
];

const byFirst = Map.groupBy(magicNumbers, (magic) => magic.charCodeAt(0));

/** Words and names can begin like this (`RIFF`, `OTTO`, `ID3`), other than `%PDF` or what has control characters. */
const isWord = /^[A-Za-z0-9\n]+$/;

/** Whether the first bytes say that this is no text. `MZ` and the like need a NUL soon after: texts begin with such letters as well. */
export function isBinary(bytes: Uint8Array): boolean {
  const candidates = byFirst.get(bytes[0] ?? -1);
  if (candidates === undefined) return isTar(bytes);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString('latin1');
  return (
    candidates.some((magic) => head.startsWith(magic) && (!isWord.test(magic) || head.includes('\0'))) || isTar(bytes)
  );
}

function isTar(bytes: Uint8Array): boolean {
  return (
    bytes[257] === 0x75 &&
    Buffer.from(bytes.buffer, bytes.byteOffset + 257, Math.min(5, bytes.length - 257)).toString('latin1') === 'ustar'
  );
}

/** By its mark. */
export function wideEncodingOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

/** Text of two bytes a character as UTF-8; anything else as it is. */
export function asByteText(bytes: Uint8Array): Uint8Array {
  const marked = wideEncodingOf(bytes);
  if (marked !== undefined) return Buffer.from(new TextDecoder(marked).decode(bytes), 'utf8');
  const wide = bytes[0] === 0 || bytes[1] === 0 ? wideWithoutMark(bytes) : undefined;
  return wide === undefined ? bytes : Buffer.from(wide.text, 'utf8');
}
