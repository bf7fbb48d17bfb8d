// SPDX-License-Identifier: Apache-2.0
// go.sum: `module version hash` lines, for module contents and (`version/go.mod`) for go.mod files alone. https://go.dev/ref/mod#go-sum-files
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import { decodeText, syntaxProblem } from './text.ts';

export interface GoSumEntry {
  readonly path: string;
  /** With its `v`. */
  readonly version: string;
  /** `h1:<base64>`: SHA-256 over the list of the files of the module, not over an archive. */
  readonly hash: string;
  readonly location: Location;
}

export interface GoSumFile {
  /** Modules whose content was needed; entries for go.mod files alone are left out. */
  readonly entries: readonly GoSumEntry[];
  readonly problems: readonly Problem[];
}

/** Problems of one file that are told one by one. */
const maximumProblems = 20;

/** Reads one go.sum. Never throws. */
export function parseGoSum(bytes: Uint8Array, path: string): GoSumFile {
  const { text, problems: encoding } = decodeText(bytes, path);
  const problems: Problem[] = [...encoding];
  const entries: GoSumEntry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/);
    if (words[0] === '') continue;
    const [module = '', version = '', hash = ''] = words;
    if (words.length !== 3 || !version.startsWith('v')) {
      if (problems.length < maximumProblems) problems.push(syntaxProblem(path, 'not a line of go.sum', index + 1));
    } else if (!version.endsWith('/go.mod')) {
      entries.push({ path: module, version, hash, location: { path, line: index + 1 } });
    }
  }
  return { entries, problems };
}
