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
  const { path, windowsPath, symlink, commit, startLine: firstLine = 1 } = file;
  const source = {
    path,
    ...(windowsPath === undefined ? {} : { windowsPath }),
    ...(symlink === undefined ? {} : { symlink }),
    ...(commit === undefined ? {} : { commit }),
  };
  if (firstLine === 1 && isBinary(file.bytes)) {
    reading.skip('binary');
    // Its name may still be a finding.
    yield { ...source, text: '' };
    return;
  }
  const text = asByteText(file.bytes);
  const buffer = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  if (buffer.length === 0) yield { ...source, text: '' };
  for (const { start, end, startLine } of fragmentsOf(buffer))
    yield {
      ...source,
      text: buffer.toString('latin1', start, end),
      bytes: buffer.subarray(start, end),
      startLine: firstLine + startLine - 1,
    };
}
