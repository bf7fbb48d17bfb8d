// SPDX-License-Identifier: Apache-2.0
import { repositorySlug } from '../../../formats/github-workflow/uses.ts';
import { archivedRepositories } from '../github/known-repositories.ts';
import { repositoryOfHook } from '../github/pre-commit-repository.ts';
import { usesOf } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const archivedUses = defineGithubCheck({
  id: 'archived-uses',
  aliases: ['zizmor/archived-uses'],
  title: 'An action whose repository is archived',
  principle: 'provenance-integrity',
  why: 'Nobody mends a weakness in a repository that is archived.',
  remediation: 'Use an action that is maintained, or a command in its place.',
  urls: ['https://docs.github.com/repositories/archiving-a-github-repository/archiving-repositories'],
  kinds: ['workflow', 'action', 'pre-commit'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ruby/setup-ruby@v1\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/setup-ruby@v1\n',
  },
  run(file) {
    const about = { severity: 'medium', confidence: 'high' } as const;
    if (file.kind === 'pre-commit') {
      return file.repositories.flatMap(({ repo, node }): GithubFault[] => {
        const slug = repositoryOfHook(repo?.text);
        if (repo === undefined || slug === undefined || !archivedRepositories.has(slug)) return [];
        return [{ ...about, message: `${slug} is archived`, places: [repo.node.place], around: [node.place] }];
      });
    }
    return usesOf(file).flatMap((place): GithubFault[] => {
      const { uses } = place.text;
      if (uses.kind !== 'repository' || !archivedRepositories.has(repositorySlug(uses))) return [];
      const names = {
        ...(place.job === undefined ? {} : { job: place.job }),
        ...(place.step === undefined ? {} : { step: place.step }),
      };
      return [
        {
          ...about,
          message: `${repositorySlug(uses)} is archived`,
          places: [place.place],
          around: [place.around],
          ...names,
        },
      ];
    });
  },
});
