// SPDX-License-Identifier: Apache-2.0
// Files inside archives, within limits. What cannot be unpacked is a problem that may hide findings: the user asked for it to be looked into.
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { readSevenZip } from '../../formats/seven-zip.ts';
import { readTarMembers } from '../../formats/tar-members.ts';
import { unpackXz } from '../../formats/xz.ts';
import { openZip } from '../../formats/zip.ts';
import { messageOf } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { ArchiveKind, Packing } from './file-kind.ts';

export interface Member {
  /** Inside the archive; undefined for the one file that was packed. */
  readonly path: string | undefined;
  readonly bytes: Uint8Array;
}

/** Hands over the members one after the other; problems go to `problem`. Never throws. */
export function* membersOf(
  kind: ArchiveKind,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
  problem: (problem: Problem) => void,
): Generator<Member> {
  const complain = (problemKind: Problem['kind'], message: string): void =>
    problem({ kind: problemKind, message, location: { path }, hidesFindings: true });
  if (kind.kind === 'unread') {
    complain('unsupported', `archives of the format ${kind.format} are not read`);
    return;
  }
  if (kind.kind === 'zip') {
    const zip = openZip(bytes, path);
    for (const entry of zip.entries) {
      const content = zip.read(entry);
      if (content !== undefined) yield { path: clean(entry.name), bytes: content };
    }
    for (const item of zip.problems) problem(item);
    return;
  }
  if (kind.kind === '7z') {
    const limits = { entries: defaultLimits.archiveEntries, expandedBytes: defaultLimits.archiveExpandedBytes };
    const { files, problem: broken } = readSevenZip(bytes, limits);
    for (const file of files) yield { path: clean(file.path), bytes: file.bytes };
    if (broken !== undefined) complain('unsupported', `the 7z archive cannot be read: ${broken}`);
    return;
  }
  const plain = kind.packing === undefined ? bytes : unpack(kind.packing, bytes, complain);
  if (plain === undefined) return;
  if (kind.kind === 'packed') {
    yield { path: undefined, bytes: plain };
    return;
  }
  const { members, broken } = readTarMembers(plain, defaultLimits.archiveEntries);
  for (const member of members) yield { path: clean(member.path), bytes: member.bytes };
  if (broken !== undefined) complain('syntax', `the archive is broken: ${broken}`);
}

function clean(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '');
}

function unpack(
  packing: Packing,
  bytes: Uint8Array,
  complain: (kind: Problem['kind'], message: string) => void,
): Uint8Array | undefined {
  const maximum = defaultLimits.archiveExpandedBytes;
  if (packing === 'xz') {
    const result = unpackXz(bytes, maximum);
    if (result.kind === 'bytes') return result.bytes;
    complain('syntax', result.message);
    return undefined;
  }
  const programs = { gzip: gunzipSync, zstd: zstdDecompressSync, brotli: brotliDecompressSync, zlib: inflateSync };
  try {
    return programs[packing](bytes, { maxOutputLength: maximum });
  } catch (error) {
    if (error instanceof RangeError) complain('limit', `unpacks to more than ${maximum} bytes`);
    else complain('syntax', `cannot be unpacked (${packing}): ${messageOf(error)}`);
    return undefined;
  }
}
