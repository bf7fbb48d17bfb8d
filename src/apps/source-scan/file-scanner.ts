// SPDX-License-Identifier: Apache-2.0
// What a scanner of files is: it looks at some files of a target while they are walked, and says at the end what it found. The walk is shared:
// every file is read once, whoever wants it (shared-walk.ts).
import type { Decision } from '../../model/decision.ts';
import type { PlacedSection } from '../../model/placed-finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceScanFact } from '../../model/source-scan.ts';
import type { SourceFile } from '../../sources/source.ts';

export interface FileScanner {
  readonly name: PlacedSection['scanner'];
  /** Of the rules and settings that decide what is found, beside the program itself. */
  readonly rulesDigest: string;
  /** False when `wants` is false for every file of this name; asked first, because it costs no path. */
  mayWant(folder: string, name: string): boolean;
  wants(path: string): boolean;
  /** True: nothing was found in the file and nothing in it matters for other files, so that it need not be read again while it stays the same. */
  take(file: SourceFile): 'nothing' | 'something';
  finish(): Promise<FileScan>;
}

export interface FileScan {
  /** Without subject and evidence, which the run adds. */
  readonly decisions: readonly ScannerDecision[];
  readonly problems: readonly Problem[];
  readonly fact: SourceScanFact;
}

export type ScannerDecision = Omit<Decision, 'subject' | 'evidence'>;
