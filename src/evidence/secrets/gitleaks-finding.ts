// SPDX-License-Identifier: Apache-2.0
// A secret in gitleaks' words, with its places and fingerprints as it tells them.
import type { RepositoryHost } from '../../formats/commit-link.ts';
import { commitLink } from '../../formats/commit-link.ts';
import type { GitleaksFinding } from '../../formats/gitleaks-report.ts';
import { gitleaksFingerprint } from '../../formats/gitleaks-report.ts';
import type { RawSecret } from './raw-secret.ts';

/** Where a secret came into a repository. */
export interface CommitFacts {
  readonly id: string;
  readonly author: string;
  readonly email: string;
  /** RFC 3339, UTC. */
  readonly date: string;
  readonly message: string;
}

export interface GitleaksContext {
  readonly commit?: CommitFacts | undefined;
  readonly remote?: { readonly host: RepositoryHost; readonly url: string } | undefined;
}

/** Texts are bytes in the scanner and characters here. */
export function toGitleaksFinding(raw: RawSecret, { commit, remote }: GitleaksContext = {}): GitleaksFinding {
  const { startLine, endLine, startColumn, endColumn } = raw.gitleaks;
  const id = commit?.id ?? raw.commit ?? '';
  const place = { File: raw.path, RuleID: raw.rule.id, StartLine: startLine, Commit: id };
  const link =
    remote === undefined ? '' : commitLink(remote.host, remote.url, { commit: id, file: raw.path, startLine, endLine });
  return {
    RuleID: raw.rule.id,
    Description: raw.rule.description,
    StartLine: startLine,
    EndLine: endLine,
    StartColumn: startColumn,
    EndColumn: endColumn,
    Match: raw.kind === 'path' ? raw.match : charactersOf(raw.match),
    Secret: charactersOf(raw.secret),
    File: raw.path,
    SymlinkFile: raw.symlink ?? '',
    Commit: id,
    ...(link === '' ? {} : { Link: link }),
    Entropy: singlePrecision(raw.entropy),
    Author: commit?.author ?? '',
    Email: commit?.email ?? '',
    Date: commit?.date ?? '',
    Message: commit?.message ?? '',
    Tags: raw.tags,
    Fingerprint: gitleaksFingerprint(place, 'commit'),
  };
}

/** Bytes of UTF-8, one character each, as the text they are. */
export function charactersOf(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

/** The shortest number that is the same in single precision, which gitleaks keeps and prints. */
function singlePrecision(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 10; digits += 1) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}
