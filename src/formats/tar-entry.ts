// SPDX-License-Identifier: Apache-2.0
// One entry of a tar archive out of its header and of what stands before it: GNU long names and PAX records.
import type { TarHeader } from './tar-header.ts';

export type TarEntryKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'special';

export interface TarEntry {
  /** As the archive has it: may be absolute, hold `..` or NULs. See tar-path.ts. */
  readonly path: string;
  readonly kind: TarEntryKind;
  /** Bytes of the content, holes included. */
  readonly size: number;
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
  /** Target of a symbolic or hard link, as written. */
  readonly link: string;
  /** Where its header stands in the archive. */
  readonly offset: number;
}

/** What stands before an entry and changes it. */
export interface Extensions {
  path?: string;
  link?: string;
  size?: number;
  userId?: number;
  groupId?: number;
  sparse?: SparseRecords;
}

export interface SparseRecords {
  major?: string;
  name?: string;
  size?: number;
  map?: string;
  pairs: string[];
}

/** False for a value that the key cannot have. */
export function applyPax(extensions: Extensions, key: string, value: string): boolean {
  if (key === 'path' || key === 'linkpath') {
    if (value.includes('\0')) return false;
    // An empty value takes a record back.
    if (value !== '') extensions[key === 'path' ? 'path' : 'link'] = value;
  } else if (key === 'size' || key === 'uid' || key === 'gid') {
    const number = decimal(value);
    if (value !== '' && number === undefined) return false;
    if (number !== undefined) extensions[key === 'size' ? 'size' : key === 'uid' ? 'userId' : 'groupId'] = number;
  } else if (key.startsWith('GNU.sparse.')) {
    extensions.sparse ??= { pairs: [] };
    return applySparse(extensions.sparse, key.slice('GNU.sparse.'.length), value);
  }
  return true;
}

export function kindOf(header: TarHeader, extensions: Extensions): TarEntryKind {
  switch (header.type) {
    case '0':
    case '7':
      return 'file';
    case '\0':
      return (extensions.path ?? header.name).endsWith('/') ? 'directory' : 'file';
    case '1':
      return 'hardlink';
    case '2':
      return 'symlink';
    case '5':
      return 'directory';
    default:
      return 'special';
  }
}

interface EntryShape {
  readonly kind: TarEntryKind;
  readonly size: number;
  readonly offset: number;
}

export function entryOf(header: TarHeader, extensions: Extensions, shape: EntryShape): TarEntry {
  return {
    path: extensions.sparse?.name ?? extensions.path ?? header.name,
    kind: shape.kind,
    size: extensions.sparse?.size ?? shape.size,
    mode: header.mode,
    userId: extensions.userId ?? header.userId,
    groupId: extensions.groupId ?? header.groupId,
    link: extensions.link ?? header.link,
    offset: shape.offset,
  };
}

/** One `GNU.sparse.` record. False for a value that the key cannot have. */
function applySparse(sparse: SparseRecords, key: string, value: string): boolean {
  if (key === 'major') sparse.major = value;
  else if (key === 'name') {
    if (value.includes('\0')) return false;
    sparse.name = value;
  } else if (key === 'map') sparse.map = value;
  else if (key === 'offset' || key === 'numbytes') sparse.pairs.push(value);
  else if (key === 'size' || key === 'realsize') {
    const size = decimal(value);
    if (size === undefined) return false;
    sparse.size = size;
  }
  return true;
}

function decimal(text: string): number | undefined {
  if (!/^[0-9]{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
