// SPDX-License-Identifier: Apache-2.0
// What a source is: something that can be walked once and hands out the files somebody wants.
import type { Coverage } from '../model/coverage.ts';
import type { Subject } from '../model/subject.ts';

export interface SourceFile {
  /** Relative to the root of the target, forward slashes, no leading `./`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** POSIX permission bits where the source knows them. */
  readonly mode?: number;
  /** Digest of the image layer it comes from. */
  readonly layer?: string;
  /** Another one when the content may be another: device, inode, size and times of the file. Given to visitors that have `knows`. */
  readonly signature?: string;
}

/** How much of a file is read. */
export interface FileReading {
  /** `beginning`: only the first bytes, up to the limit, of a file of any size. */
  readonly part: 'whole' | 'beginning';
  /** The limit (model/limits.ts) that counts for this kind of file. */
  readonly limit: 'manifestBytes' | 'packageDatabaseBytes' | 'packageArchiveBytes' | 'modelHeadBytes';
}

export interface FileVisitor {
  /** False when `wants` is false for every file of this name in this folder; asked first where it is there, because it costs no path. */
  mayWant?(folder: string, name: string): boolean;
  /** Asked for every regular file in path order; true hands the content to `take`. `size` is given where the source knows it without asking. */
  wants(path: string, size?: number): boolean;
  /** Asked for a file that `wants` said yes to. Without it, or undefined: whole, up to `manifestBytes`. */
  readingOf?(path: string): FileReading | undefined;
  /**
   * Whether a file of this path is wanted when its first bytes say that it is an executable (formats/executable-image.ts); asked where
   * `wants` may be false. Such files may be as large as `limits.executableBytes`.
   */
  wantsExecutable?(path: string): boolean;
  take(file: SourceFile): void;
  /**
   * Asked before a wanted file is read, where the source can tell what would change if its content did (`signature`): true leaves it out, because it
   * was looked at before and gave nothing.
   */
  knows?(path: string, signature: string): boolean;
}

export interface Source {
  /** As the user can type it again: `dir:.`, `git:.@v1`. */
  readonly target: string;
  readonly kind: SourceKind;
  /** What the evidence will be about. */
  readonly subject: Subject;
  /** Name and version for the head of an SBOM. */
  readonly name: string;
  readonly version: string;
  visit(visitor: FileVisitor): Promise<Coverage>;
}

export type SourceKind = 'directory' | 'git' | 'file' | 'sbom' | 'image';
