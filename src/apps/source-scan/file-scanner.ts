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
  take(file: SourceFile): void;
  finish(): Promise<FileScan>;
}

export interface FileScan {
  /** Without subject and evidence, which the run adds. */
  readonly decisions: readonly ScannerDecision[];
  readonly problems: readonly Problem[];
  readonly fact: SourceScanFact;
  /** Files that something was found in, or that matter for what is found in others: they are read again next time. */
  readonly notable: ReadonlySet<string>;
}

export type ScannerDecision = Omit<Decision, 'subject' | 'evidence'>;

/** The decision of a finding, without its subject and evidence again: checks that know these give them. */
export function withoutSubject({ subject: _subject, evidence: _evidence, ...decision }: Decision): ScannerDecision {
  return decision;
}

/** Paths of all locations. */
export function pathsOf(items: readonly { readonly locations: readonly { readonly path: string }[] }[]): string[] {
  return items.flatMap(({ locations }) => locations.map(({ path }) => path));
}
