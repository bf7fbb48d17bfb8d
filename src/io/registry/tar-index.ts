// SPDX-License-Identifier: Apache-2.0
// Where the members of an image archive stand. Only headers are read, the rest is passed over by seeking: an archive of many gigabytes is
// indexed in milliseconds. Reads what archives of images consist of; files with holes are refused.

import { blockLength, fieldText, isZeroBlock, readTarHeader } from '../../formats/tar-header.ts';
import { linkTarget, pathInRoot } from '../../formats/tar-path.ts';
import { parsePaxRecords } from '../../formats/tar-pax.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { RandomAccessFile } from '../stored-files.ts';
import { storedFolder } from '../stored-files.ts';
import type { FilePlace } from './image-store.ts';

export interface ArchiveMember {
  readonly offset: number;
  readonly size: number;
}

export interface TarIndex {
  /** Content of a file, links followed (docker save writes layers that are the same as links). Undefined when there is none. */
  find(path: string): ArchiveMember | undefined;
  /** Paths of regular files. */
  readonly paths: readonly string[];
}

const metaBytes = 1024 * 1024;
const maximumLinks = 8;

/** Throws INPUT_UNREADABLE for what is no whole tar archive, LIMIT_EXCEEDED for too many members. */
export function indexTar(file: RandomAccessFile, name: string, maximum: number): TarIndex {
  const files = new Map<string, ArchiveMember>();
  const links = new Map<string, string>();
  let names: { path?: string; link?: string; size?: number } = {};
  let at = 0;
  for (let entries = 0; at + blockLength <= file.size; entries += 1) {
    const block = Buffer.from(file.read(at, blockLength));
    if (isZeroBlock(block, 0)) break;
    const header = readTarHeader(block, 0);
    if (header === undefined) throw broken(name, at === 0 ? startFault(block) : `no tar header at byte ${at}`);
    if (entries >= maximum)
      throw new LandwaiterError({ code: 'LIMIT_EXCEEDED', message: `${name}: has more than ${maximum} members` });
    const isMeta = 'LKxg'.includes(header.type);
    const size = (isMeta ? undefined : names.size) ?? header.size;
    const start = at + blockLength;
    // Links, folders and devices have no content, whatever their header says (Go's archive/tar).
    const stored = '123456'.includes(header.type) ? 0 : size;
    if (size === undefined || stored === undefined || start + stored > file.size)
      throw broken(name, `cut off in the member at byte ${at}`);
    at = start + Math.ceil(stored / blockLength) * blockLength;
    if (isMeta) {
      if (stored > metaBytes) throw broken(name, `a name of ${stored} bytes`);
      names = { ...names, ...namesIn(header.type, Buffer.from(file.read(start, stored)), name) };
      continue;
    }
    if (header.type === 'S') throw broken(name, 'a file with holes');
    const path = pathInRoot(names.path ?? header.name);
    const link = names.link ?? header.link;
    names = {};
    if (path === undefined) continue;
    // A later member of the same name replaces the earlier one, as when it is unpacked.
    files.delete(path);
    links.delete(path);
    if (header.type === '2') links.set(path, linkTarget(path, link));
    else if (header.type === '1') links.set(path, pathInRoot(link) ?? '');
    else if (header.type === '0' || header.type === '\0' || header.type === '7')
      files.set(path, { offset: start, size: stored });
  }
  return { find: (path) => follow(path, files, links), paths: [...files.keys()] };
}

function follow(
  path: string,
  files: ReadonlyMap<string, ArchiveMember>,
  links: ReadonlyMap<string, string>,
): ArchiveMember | undefined {
  let at: string | undefined = pathInRoot(path);
  for (let count = 0; at !== undefined && count <= maximumLinks; count += 1) {
    const member = files.get(at);
    if (member !== undefined) return member;
    at = links.get(at);
  }
  return undefined;
}

function namesIn(type: string, body: Buffer, name: string): { path?: string; link?: string; size?: number } {
  if (type === 'L') return { path: fieldText(body, 0, body.length) };
  if (type === 'K') return { link: fieldText(body, 0, body.length) };
  if (type === 'g') return {};
  const { records, broken: fault } = parsePaxRecords(body);
  if (fault !== undefined) throw broken(name, `extended header: ${fault}`);
  const found: { path?: string; link?: string; size?: number } = {};
  for (const [key, value] of records) {
    if (key.startsWith('GNU.sparse.')) throw broken(name, 'a file with holes');
    if (value === '') continue;
    if (key === 'path') found.path = value;
    else if (key === 'linkpath') found.link = value;
    else if (key === 'size' && /^\d{1,15}$/.test(value)) found.size = Number(value);
  }
  return found;
}

function startFault(block: Buffer): string {
  const isPacked = (block[0] === 0x1f && block[1] === 0x8b) || (block[0] === 0x28 && block[1] === 0xb5);
  return isPacked ? 'is compressed as a whole; unpack it first (gunzip, zstd -d)' : 'is no tar archive';
}

function broken(name: string, reason: string): LandwaiterError {
  return new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `${name}: ${reason}` });
}

export interface OpenTar {
  readonly name: string;
  open(member: string): RandomAccessFile | undefined;
  placeOf(member: string): FilePlace | undefined;
  close(): void;
}

/**
 * The members of a tar file on disk, each as a file of its own. `unpacked` is its content when the file at `path` is packed; it is closed with
 * the archive. Throws TARGET_NOT_FOUND when there is no such file.
 */
export function openTar(path: string, maximum: number, unpacked?: RandomAccessFile): OpenTar {
  const slash = path.lastIndexOf('/');
  const file = unpacked ?? storedFolder(slash === -1 ? '.' : path.slice(0, slash + 1)).open(path.slice(slash + 1));
  if (file === undefined)
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `${path}: there is no such file` });
  try {
    const index = indexTar(file, path, maximum);
    return {
      name: path,
      open: (member) => partOf(file, index.find(member)),
      placeOf: (member) => {
        const part = index.find(member);
        // What was unpacked has no name under which another thread could open it.
        return part === undefined || unpacked !== undefined
          ? undefined
          : { file: path, offset: part.offset, length: part.size };
      },
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function partOf(file: RandomAccessFile, member: ArchiveMember | undefined): RandomAccessFile | undefined {
  if (member === undefined) return undefined;
  const { offset, size } = member;
  return {
    size,
    read: (from, length) => file.read(offset + from, Math.max(0, Math.min(length, size - from))),
    close: () => {},
  };
}
