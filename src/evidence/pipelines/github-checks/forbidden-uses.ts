// SPDX-License-Identifier: Apache-2.0
import type { RepositoryUses } from '../../../formats/github-workflow/uses.ts';
import type { ForbiddenUses } from '../github/settings.ts';
import { readForbiddenUses, settingOr } from '../github/settings.ts';
import { repositoriesIn } from '../github/used-repositories.ts';
import { matchesUses } from '../github/uses-pattern.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const forbiddenUses = defineGithubCheck({
  id: 'forbidden-uses',
  aliases: ['zizmor/forbidden-uses'],
  title: 'An action that the configuration forbids',
  principle: 'provenance-integrity',
  why: 'The configuration says which actions may be used.',
  remediation: 'Use another action, or allow this one in the configuration.',
  urls: ['https://docs.zizmor.sh/audits/#forbidden-uses'],
  kinds: ['workflow', 'action', 'pre-commit'],
  run(file, { settings }) {
    const rule = settingOr(readForbiddenUses(settings), undefined);
    if (rule === undefined) return [];
    return repositoriesIn(file)
      .filter(({ uses }) => isForbidden(rule, uses))
      .map(({ uses, place, around, job, step }): GithubFault => {
        const names = { ...(job === undefined ? {} : { job }), ...(step === undefined ? {} : { step }) };
        const message = `the configuration does not allow ${uses.owner}/${uses.repository}`;
        return { message, severity: 'high', confidence: 'high', places: [place], around: [around], ...names };
      });
  },
});

function isForbidden({ mode, patterns }: ForbiddenUses, uses: RepositoryUses): boolean {
  return patterns.some((pattern) => matchesUses(pattern, uses)) === (mode === 'deny');
}
