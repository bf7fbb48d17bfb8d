// SPDX-License-Identifier: Apache-2.0
// From files to fragments: binary files are passed over, archives opened as deep as was asked for, large texts cut.
import type { Problem } from '../../model/problem.ts';
import { membersOf } from './archive-members.ts';
import { archiveKindOf, asByteText, isBinary } from './file-kind.ts';
import { fragmentsOf } from './fragments.ts';
import type { SecretFile, SecretFragment, SecretScanResult } from './raw-secret.ts';

export interface FileReading {
  readonly archiveDepth: number;
  readonly isPathAllowed: (path: string) => boolean;
  readonly problem: (problem: Problem) => void;
  readonly skip: (reason: NonNullable<SecretScanResult['skipped']>) => void;
}

/** A fragment of a file, one after the other; nothing of what was before is kept. */
export function fragmentsOfFile(file: SecretFile, reading: FileReading): Generator<SecretFragment> {
  return fragmentsAt(file, { ...reading, depth: 0 });
}

function* fragmentsAt(file: SecretFile, reading: FileReading & { readonly depth: number }): Generator<SecretFragment> {
  const kind = archiveKindOf(file.path);
  if (kind === undefined) {
    yield* textFragments(file, reading);
    return;
  }
  if (reading.depth + 1 > reading.archiveDepth) {
    reading.skip('archive');
    return;
  }
  for (const member of membersOf(kind, file, reading.problem)) {
    if (member.path === undefined) yield* textFragments({ ...file, bytes: member.bytes }, reading);
    else if (!reading.isPathAllowed(member.path))
      yield* fragmentsAt(
        { ...file, path: `${file.path}!${member.path}`, bytes: member.bytes },
        { ...reading, depth: reading.depth + 1 },
      );
  }
}

function* textFragments(file: SecretFile, reading: FileReading): Generator<SecretFragment> {
  const firstLine = file.startLine ?? 1;
  if (firstLine === 1 && isBinary(file.bytes)) {
    reading.skip('binary');
    // Its name may still be a finding.
    yield new FileFragment(file, Buffer.alloc(0), firstLine);
    return;
  }
  const text = asByteText(file.bytes);
  const buffer = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  if (buffer.length === 0) yield new FileFragment(file, buffer, firstLine);
  for (const { start, end, startLine } of fragmentsOf(buffer))
    yield new FileFragment(file, buffer.subarray(start, end), firstLine + startLine - 1);
}

/** Its text is made when it is asked for, and not kept: those of a whole batch would fill the heap for nothing. */
class FileFragment implements SecretFragment {
  readonly bytes: Buffer;
  readonly path: string;
  readonly startLine: number;
  readonly windowsPath?: string;
  readonly symlink?: string;
  readonly commit?: string;

  constructor(file: SecretFile, bytes: Buffer, startLine: number) {
    this.bytes = bytes;
    this.path = file.path;
    this.startLine = startLine;
    if (file.windowsPath !== undefined) this.windowsPath = file.windowsPath;
    if (file.symlink !== undefined) this.symlink = file.symlink;
    if (file.commit !== undefined) this.commit = file.commit;
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }
}
