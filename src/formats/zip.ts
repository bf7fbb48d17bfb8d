// SPDX-License-Identifier: Apache-2.0
// Reading zip archives by their central directory (APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16), zip64 included.
// Only stored and deflated entries; nothing is written to disk, and names are never used as paths here.
import { inflateRawSync } from 'node:zlib';
import { messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';

export interface ZipEntry {
  readonly path: string;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly method: number;
  readonly encrypted: boolean;
  /** Offset of the local header. */
  readonly offset: number;
}

export interface ZipDirectory {
  /** Files only, in the order of the directory. */
  readonly entries: readonly ZipEntry[];
  readonly problems: readonly Problem[];
}

export type ZipContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'problem'; readonly problem: Problem };

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locatorSignature = 0x07064b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const maximumComment = 65_535;

/** true when the bytes begin like a zip archive with at least one entry. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Lists the files of an archive. Never throws: a broken directory gives the entries before the break and a problem. */
export function readZipDirectory(archive: Uint8Array, path: string, maximumEntries: number): ZipDirectory {
  const view = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const problems: Problem[] = [];
  const entries: ZipEntry[] = [];
  const problem = (kind: Problem['kind'], message: string): void => {
    problems.push({ kind, message, location: { path }, hidesFindings: true });
  };
  const directory = findDirectory(view);
  if (directory === undefined) {
    problem('syntax', 'not a zip archive: it has no end of central directory');
    return { entries, problems };
  }
  let at = directory.offset;
  for (let index = 0; index < directory.count; index += 1) {
    if (index >= maximumEntries) {
      problem('limit', `the archive has ${directory.count} entries, more than ${maximumEntries}`);
      break;
    }
    if (at + 46 > view.length || view.readUInt32LE(at) !== directorySignature) {
      problem('syntax', `the central directory of the archive is broken after ${index} entries`);
      break;
    }
    const nameLength = view.readUInt16LE(at + 28);
    const extraLength = view.readUInt16LE(at + 30);
    const entry: ZipEntry = {
      path: view.toString('utf8', at + 46, at + 46 + nameLength),
      compressedBytes: view.readUInt32LE(at + 20),
      bytes: view.readUInt32LE(at + 24),
      method: view.readUInt16LE(at + 10),
      encrypted: (view.readUInt16LE(at + 8) & 1) !== 0,
      offset: view.readUInt32LE(at + 42),
    };
    const extra = view.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const wide = withZip64Sizes(entry, extra);
    if (!entry.path.endsWith('/')) entries.push({ ...wide, offset: wide.offset + directory.prefix });
    at += 46 + nameLength + extraLength + view.readUInt16LE(at + 32);
  }
  return { entries, problems };
}

interface Directory {
  readonly offset: number;
  readonly count: number;
  /** Bytes before the archive proper (the launch script of an executable jar): the offsets of the archive do not count them. */
  readonly prefix: number;
}

function findDirectory(view: Buffer): Directory | undefined {
  for (let at = view.length - 22; at >= Math.max(0, view.length - 22 - maximumComment); at -= 1) {
    if (view.readUInt32LE(at) !== endSignature) continue;
    const count = view.readUInt16LE(at + 10);
    const size = view.readUInt32LE(at + 12);
    const offset = view.readUInt32LE(at + 16);
    if (count !== 0xffff && offset !== 0xffffffff) return shifted(offset, count, at - size);
    return findDirectory64(view, at - 20) ?? shifted(offset, count, at - size);
  }
  return undefined;
}

/** The directory ends where its end record begins; when that is not where its offset says, something stands before the archive. */
function shifted(offset: number, count: number, start: number): Directory {
  const prefix = start - offset;
  return prefix > 0 ? { offset: start, count, prefix } : { offset, count, prefix: 0 };
}

function findDirectory64(view: Buffer, locator: number): Directory | undefined {
  if (locator < 0 || view.readUInt32LE(locator) !== locatorSignature) return undefined;
  // Behind a launch script the stated place is too early; without extra data the record (56 bytes) ends at the locator.
  const places = [Number(view.readBigUInt64LE(locator + 8)), locator - 56];
  const at = places.find(
    (place) => place >= 0 && place + 56 <= view.length && view.readUInt32LE(place) === end64Signature,
  );
  if (at === undefined) return undefined;
  const size = Number(view.readBigUInt64LE(at + 40));
  return shifted(Number(view.readBigUInt64LE(at + 48)), Number(view.readBigUInt64LE(at + 32)), at - size);
}

/** Section 4.5.3: the extra field 1 holds those of size, compressed size and offset that are all ones above, in this order. */
function withZip64Sizes(entry: ZipEntry, extra: Buffer): ZipEntry {
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== 1) at += 4 + extra.readUInt16LE(at + 2);
  if (at + 4 > extra.length) return entry;
  let field = at + 4;
  const next = (value: number): number => {
    if (value !== 0xffffffff || field + 8 > extra.length) return value;
    field += 8;
    return Number(extra.readBigUInt64LE(field - 8));
  };
  const bytes = next(entry.bytes);
  const compressedBytes = next(entry.compressedBytes);
  return { ...entry, bytes, compressedBytes, offset: next(entry.offset) };
}

/** Unpacks one entry up to `maximum` bytes. Never throws. */
export function readZipEntry(archive: Uint8Array, entry: ZipEntry, maximum: number): ZipContent {
  const view = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const problem = (kind: Problem['kind'], message: string): ZipContent => ({
    kind: 'problem',
    problem: { kind, message, location: { path: entry.path }, hidesFindings: true },
  });
  if (entry.encrypted) return problem('unsupported', 'the entry of the archive is encrypted');
  if (entry.bytes > maximum)
    return problem('limit', `the entry of the archive has ${entry.bytes} bytes, more than ${maximum}`);
  if (entry.offset + 30 > view.length || view.readUInt32LE(entry.offset) !== localSignature) {
    return problem('syntax', 'the entry of the archive is not where its directory says');
  }
  const start = entry.offset + 30 + view.readUInt16LE(entry.offset + 26) + view.readUInt16LE(entry.offset + 28);
  const stored = view.subarray(start, start + entry.compressedBytes);
  if (stored.length !== entry.compressedBytes) return problem('syntax', 'the entry of the archive is cut off');
  if (entry.method === 0)
    return stored.length > maximum ? problem('limit', 'the entry is too large') : { kind: 'bytes', bytes: stored };
  if (entry.method !== 8) return problem('unsupported', `compression method ${entry.method} is not read`);
  try {
    return { kind: 'bytes', bytes: inflateRawSync(stored, { maxOutputLength: Math.max(1, maximum) }) };
  } catch (error) {
    if (error instanceof RangeError) return problem('limit', `the entry of the archive has more than ${maximum} bytes`);
    return problem('syntax', `the entry of the archive cannot be unpacked: ${messageOf(error)}`);
  }
}

/** An archive whose members are read by name or one after the other, with one budget for all. */
export interface ZipArchive {
  /** Files only. `name` is as stored, never to be trusted as a path on disk. */
  readonly entries: readonly ZipMember[];
  /** Problems so far; reading members adds to them. */
  readonly problems: readonly Problem[];
  /** Content of a member, by name (the last one of that name, as Java reads it) or entry; undefined when absent or a problem. */
  read(member: string | ZipMember): Uint8Array | undefined;
}

export interface ZipMember {
  readonly name: string;
  /** Size after inflating, as the archive claims. */
  readonly size: number;
}

export interface ZipLimits {
  readonly entries: number;
  /** One member after inflating. */
  readonly entryBytes: number;
  /** All members that are read, together. */
  readonly expandedBytes: number;
}

const defaultZipLimits: ZipLimits = {
  entries: defaultLimits.archiveEntries,
  entryBytes: defaultLimits.manifestBytes,
  expandedBytes: defaultLimits.archiveExpandedBytes,
};

/** Opens an archive. Never throws: what is not a zip archive gives no entries and a problem. `path` is for the problems. */
export function openZip(archive: Uint8Array, path: string, limits: ZipLimits = defaultZipLimits): ZipArchive {
  const directory = readZipDirectory(archive, path, limits.entries);
  const problems = [...directory.problems];
  const members = directory.entries.map((entry) => ({ name: entry.path, size: entry.bytes, entry }));
  const byName = new Map(members.map((member) => [member.name, member]));
  const known = new Map<ZipMember, (typeof members)[number]>(members.map((member) => [member, member]));
  let left = limits.expandedBytes;
  return {
    entries: members,
    problems,
    read: (wanted) => {
      const member = typeof wanted === 'string' ? byName.get(wanted) : known.get(wanted);
      if (member === undefined) return undefined;
      const content = readZipEntry(archive, member.entry, Math.min(limits.entryBytes, left));
      if (content.kind === 'problem') {
        const message = `${content.problem.message}: ${JSON.stringify(member.name.slice(0, 200))}`;
        problems.push({ ...content.problem, message, location: { path } });
        return undefined;
      }
      left -= content.bytes.length;
      return content.bytes;
    },
  };
}
