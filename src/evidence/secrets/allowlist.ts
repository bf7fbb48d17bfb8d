// SPDX-License-Identifier: Apache-2.0
// Decides whether allowlists take out a file or a finding. Matches gitleaks' two stages (detect/detect.go): paths and commits before a
// fragment is searched, expressions and stop words afterwards; a list with the condition `and` waits for what it needs.
import type { SecretAllowlist } from '../../formats/secret-rules.ts';
import { keywordTable } from './keyword-table.ts';
import type { Engine, SecretPattern } from './pattern.ts';
import { pathPattern, secretPattern } from './pattern.ts';
import type { SecretFragment } from './raw-secret.ts';

export interface Allowlist {
  /** By path and commit alone. */
  allowsFragment(fragment: SecretFragment): boolean;
  allowsFinding(finding: JudgedFinding, engine: Engine): boolean;
}

export interface JudgedFinding {
  readonly fragment: SecretFragment;
  readonly secret: string;
  readonly match: string;
  readonly line: string;
}

export function compileAllowlist(list: SecretAllowlist): Allowlist {
  const paths = list.paths.map(pathPattern);
  const regexes = list.regexes.map((regex) => secretPattern(regex, undefined));
  const commits = new Set(list.commits);
  const words = stopWordSearch(list.stopWords);
  const commitAllowed = ({ commit }: SecretFragment): boolean =>
    commit !== undefined && commits.has(commit.toLowerCase());
  const pathAllowed = ({ path, windowsPath }: SecretFragment): boolean =>
    [path, windowsPath].some((item) => item !== undefined && item !== '' && paths.some((matches) => matches(item)));
  return {
    allowsFragment: (fragment) => {
      if (list.condition === 'or') return commitAllowed(fragment) || pathAllowed(fragment);
      if (regexes.length > 0 || list.stopWords.length > 0) return false;
      return (commits.size === 0 || commitAllowed(fragment)) && (paths.length === 0 || pathAllowed(fragment));
    },
    allowsFinding: ({ fragment, secret, match, line }, engine) => {
      const target = { secret, match, line }[list.regexTarget];
      const regexAllowed = (): boolean => target !== '' && matchesAny(regexes, target, engine);
      const wordAllowed = (): boolean => secret !== '' && words(secret);
      if (list.condition === 'or') return regexAllowed() || wordAllowed();
      return (
        (commits.size === 0 || commitAllowed(fragment)) &&
        (paths.length === 0 || pathAllowed(fragment)) &&
        (regexes.length === 0 || regexAllowed()) &&
        (list.stopWords.length === 0 || wordAllowed())
      );
    },
  };
}

function matchesAny(patterns: readonly SecretPattern[], text: string, engine: Engine): boolean {
  return patterns.some((pattern) => pattern.test(text, engine));
}

/** Few words are looked for one by one, hundreds in one pass. */
function stopWordSearch(words: readonly string[]): (secret: string) => boolean {
  if (words.length === 0) return () => false;
  let table: ReturnType<typeof keywordTable> | undefined;
  return (secret) => {
    table ??= keywordTable(words);
    return table.search(Buffer.from(secret, 'latin1')).found.length > 0;
  };
}
