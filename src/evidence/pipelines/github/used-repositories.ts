// SPDX-License-Identifier: Apache-2.0
// Repositories that a file takes code from, whatever the kind of the file: `uses:` of steps and jobs, `repo:` of pre-commit.
import type { GithubFile } from '../../../formats/github-workflow/github-file.ts';
import type { RepositoryUses } from '../../../formats/github-workflow/uses.ts';
import { parseRepositoryUses } from '../../../formats/github-workflow/uses.ts';
import type { Span } from '../../../formats/span.ts';
import { scalarOffsets } from '../../../formats/yaml-offsets.ts';
import { repositoryOfHook } from './pre-commit-repository.ts';
import { usesOf } from './steps.ts';

export interface UsedRepository {
  readonly uses: RepositoryUses;
  /** The whole reference. */
  readonly place: Span;
  /** The tag, branch or commit in it; absent behind an alias. */
  readonly refPlace?: Span;
  /** The step, job or entry it stands in. */
  readonly around: Span;
  readonly job?: string;
  readonly step?: string;
}

export function repositoriesIn(file: GithubFile): readonly UsedRepository[] {
  if (file.kind === 'pre-commit') {
    return file.repositories.flatMap(({ repo, rev, node }): UsedRepository[] => {
      const slug = repositoryOfHook(repo?.text);
      const uses =
        slug === undefined ? undefined : parseRepositoryUses(rev === undefined ? slug : `${slug}@${rev.text}`);
      if (repo === undefined || uses?.kind !== 'repository') return [];
      return [
        {
          uses,
          place: repo.node.place,
          around: node.place,
          ...(rev === undefined ? {} : { refPlace: rev.node.place }),
        },
      ];
    });
  }
  return usesOf(file).flatMap(({ text, place, around, job, step }): UsedRepository[] => {
    const { uses, node } = text;
    if (uses.kind !== 'repository') return [];
    const at = node.text.lastIndexOf('@') + 1;
    const hasRef = uses.ref !== undefined && node.alias === undefined;
    return [
      {
        uses,
        place,
        around,
        ...(hasRef ? { refPlace: scalarOffsets(file.tree.text, node).span(at, at + (uses.ref ?? '').length) } : {}),
        ...(job === undefined ? {} : { job }),
        ...(step === undefined ? {} : { step }),
      },
    ];
  });
}
