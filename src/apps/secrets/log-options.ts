// SPDX-License-Identifier: Apache-2.0
// `--log-opts` of gitleaks: words for `git log`, of which those that choose commits are taken.
import type { PatchSelection } from '../../io/git-changes.ts';
import { isLogOption } from '../../io/git-changes.ts';
import { LandwaiterError } from '../../model/error.ts';

/** Throws USAGE for an option that does something else. */
export function selectionFrom(words: string): PatchSelection {
  const options: string[] = [];
  const revisions: string[] = [];
  for (const quoted of words.split(/\s+/).filter((word) => word !== '')) {
    const word = quoted.replace(/^(["'])(.*)\1$/s, '$2');
    if (!word.startsWith('-')) revisions.push(word);
    else if (isLogOption(word)) options.push(word);
    else
      throw new LandwaiterError({
        code: 'USAGE',
        message: `--log-opts does not take ${word}`,
        hint: 'it takes revisions, ranges and options of git log that choose commits: --all, --since=, --author=, -n3',
      });
  }
  return { options, revisions };
}
