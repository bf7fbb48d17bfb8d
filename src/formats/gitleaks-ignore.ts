// SPDX-License-Identifier: Apache-2.0
// .gitleaksignore: one fingerprint a line, `file:rule:line` for every commit or `commit:file:rule:line`; `#` begins a comment line.
import type { Problem } from '../model/problem.ts';

export interface GitleaksIgnoreEntry {
  /** With forward slashes. */
  readonly fingerprint: string;
  readonly line: number;
}

/** Never throws; a line of another form stays an entry (it can match nothing) and is told. */
export function readGitleaksIgnore(
  text: string,
  path: string,
): { readonly entries: readonly GitleaksIgnoreEntry[]; readonly problems: readonly Problem[] } {
  const entries: GitleaksIgnoreEntry[] = [];
  const problems: Problem[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const word = raw.trim();
    if (word === '' || word.startsWith('#')) continue;
    const fields = word.split(':');
    const file = fields.length - 3;
    if (file === 0 || file === 1) fields[file] = (fields[file] ?? '').replaceAll('\\', '/');
    else {
      const message = `not a fingerprint of the form file:rule:line or commit:file:rule:line: ${word.slice(0, 100)}`;
      problems.push({ kind: 'syntax', message, location: { path, line: index + 1 }, hidesFindings: false });
    }
    entries.push({ fingerprint: fields.join(':'), line: index + 1 });
  }
  return { entries, problems };
}
