// SPDX-License-Identifier: Apache-2.0
import { repositorySlug } from '../../../formats/github-workflow/uses.ts';
import { popularActions } from '../github/known-repositories.ts';
import { usesOf } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const typosquatUses = defineGithubCheck({
  id: 'typosquat-uses',
  aliases: ['zizmor/typosquat-uses'],
  title: 'The name of an action almost like a well-known one',
  principle: 'provenance-integrity',
  why: 'Anybody can take an account whose name is one slip of the keyboard away from a well-known one and wait.',
  remediation: 'Check the spelling of the owner and the repository.',
  urls: ['https://orca.security/resources/blog/typosquatting-in-github-actions/'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actoins/checkout@v4\n',
  },
  run(file) {
    return usesOf(file).flatMap((place): GithubFault[] => {
      const { uses } = place.text;
      const like = uses.kind === 'repository' ? resembled(repositorySlug(uses)) : undefined;
      if (like === undefined) return [];
      return [
        {
          message: `the name is almost that of ${like}`,
          severity: 'high',
          confidence: 'low',
          places: [place.place],
          around: [place.around],
          ...(place.job === undefined ? {} : { job: place.job }),
          ...(place.step === undefined ? {} : { step: place.step }),
        },
      ];
    });
  },
});

/** A popular action of another owner whose name is one slip away. */
function resembled(slug: string): string | undefined {
  if (slug.length > 140 || popularActions.has(slug)) return undefined;
  const owner = slug.slice(0, slug.indexOf('/'));
  return [...popularActions].find((popular) => !popular.startsWith(`${owner}/`) && isOneSlipAway(slug, popular));
}

/** One character left out, added, exchanged, or swapped with its neighbour. */
function isOneSlipAway(first: string, second: string): boolean {
  if (Math.abs(first.length - second.length) > 1) return false;
  let at = 0;
  while (at < first.length && first[at] === second[at]) at += 1;
  if (first.length > second.length) return first.slice(at + 1) === second.slice(at);
  if (first.length < second.length) return first.slice(at) === second.slice(at + 1);
  if (first.slice(at + 1) === second.slice(at + 1)) return true;
  const isSwapped = first[at] === second[at + 1] && first[at + 1] === second[at];
  return isSwapped && first.slice(at + 2) === second.slice(at + 2);
}
