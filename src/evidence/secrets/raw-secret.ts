// SPDX-License-Identifier: Apache-2.0
// The words of the secret scanner. A RawSecret holds the secret itself: it stays between the scanner and what makes findings, ignores and
// reports of it, and is never logged.
import type { SecretRule } from '../../formats/secret-rules.ts';
import type { Problem } from '../../model/problem.ts';

/** A piece of text that rules are applied to at once: a hundred kilobytes of a file, or the lines that a commit adds in one place. */
export interface SecretFragment {
  /** Each character is one byte (latin1), so that offsets are byte offsets. */
  readonly text: string;
  /** The same, where the caller has it. */
  readonly bytes?: Uint8Array;
  /** Forward slashes; files in archives as `outer.zip!inner.txt`. */
  readonly path: string;
  /** The path with the separators of Windows, where the files come from there: rules may be written for either. */
  readonly windowsPath?: string;
  /** The link through which the file was reached. */
  readonly symlink?: string;
  readonly commit?: string;
  /** Line of the first character; 1 when not given. */
  readonly startLine?: number;
}

/** Where gitleaks says that a secret stands: as it counts, which after the first line of a fragment is one column more. */
export interface GitleaksPlace {
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number;
  readonly endColumn: number;
  /** After the first line of a fragment it begins with the line break before. */
  readonly line: string;
}

export interface RawSecret {
  readonly rule: SecretRule;
  /** `path`: the name of the file is the finding, and there is neither secret nor place in it. */
  readonly kind: 'text' | 'path';
  readonly path: string;
  readonly symlink?: string;
  readonly commit?: string;
  /** All that the expression matched, without line breaks around it. As bytes, one character each. */
  readonly match: string;
  readonly secret: string;
  /** Offsets of the match in the fragment; of what was decoded, those of the encoded text. */
  readonly start: number;
  readonly end: number;
  /** Lines and columns from 1, columns in bytes; the end column is that of the last byte. */
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number;
  readonly endColumn: number;
  /** The lines it stands in, without line breaks around. */
  readonly line: string;
  /** Bits per byte. */
  readonly entropy: number;
  /** Tags of the rule, then `decoded:base64` and `decode-depth:1` of what was decoded. */
  readonly tags: readonly string[];
  readonly gitleaks: GitleaksPlace;
  /** What the rules it requires have found. */
  readonly required: readonly RawSecret[];
}

export interface SecretScanOptions {
  /** Passes of decoding percent, Unicode, hexadecimal and base64 notations; 5 when not given, 0 for none. */
  readonly decodeDepth?: number;
  /** Archives inside archives that are looked into; 0 when not given: none. */
  readonly archiveDepth?: number;
  /** Findings on lines with an allow comment are reported too. */
  readonly ignoresAllowComments?: boolean;
  /** Paths that are never looked at: the configuration and the baseline name secrets themselves. */
  readonly ownPaths?: readonly string[];
}

export interface SecretFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly windowsPath?: string;
  readonly symlink?: string;
  readonly commit?: string;
  /** Line of the first byte, where these are not the first bytes of the file. */
  readonly startLine?: number;
}

export interface SecretScanResult {
  readonly secrets: readonly RawSecret[];
  /** Archives that cannot be read, expressions that took too long, and the like. */
  readonly problems: readonly Problem[];
  /** Why nothing in the file was looked at, when that is so. */
  readonly skipped?: 'binary' | 'allowed' | 'archive';
}

/** Rules made ready. One scanner serves one thread. */
export interface SecretScanner {
  /** Applies all rules to one fragment. Never throws. */
  scan(fragment: SecretFragment): readonly RawSecret[];
  /** The same for many, which is faster than one by one. Results are in the order of the fragments. */
  scanAll(fragments: readonly SecretFragment[]): readonly (readonly RawSecret[])[];
  /** Splits files into fragments, opens archives, passes over binary files. Results are in the order of the files. Never throws. */
  scanFiles(files: readonly SecretFile[]): readonly SecretScanResult[];
  /** Whether the allowlists of all rules take a path out, so that it need not be read. */
  isPathAllowed(path: string): boolean;
  /** What happened in `scan`, and has not been asked for yet. */
  takeProblems(): readonly Problem[];
}
