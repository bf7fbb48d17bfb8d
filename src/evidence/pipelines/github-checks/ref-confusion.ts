// SPDX-License-Identifier: Apache-2.0
import { isCommitId } from '../../../formats/github-workflow/uses.ts';
import { repositoriesIn } from '../github/used-repositories.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const refConfusion = defineGithubCheck({
  id: 'ref-confusion',
  aliases: ['zizmor/ref-confusion'],
  title: 'A reference that is both a branch and a tag',
  principle: 'provenance-integrity',
  why: 'Where a branch and a tag have the same name, which of them is meant depends on who asks.',
  remediation: 'Pin to a commit.',
  urls: ['https://git-scm.com/docs/gitrevisions'],
  kinds: ['workflow', 'action', 'pre-commit'],
  needs: 'resolver',
  async run(file, { resolver, cannotTell }) {
    const faults: GithubFault[] = [];
    for (const { uses, place, refPlace, around, job, step } of repositoriesIn(file)) {
      if (resolver === undefined || uses.ref === undefined || uses.ref === '' || isCommitId(uses.ref)) continue;
      const kinds = await resolver.kindsOf(uses, uses.ref);
      if (kinds.kind === 'unknown') cannotTell(kinds.reason);
      if (kinds.kind !== 'found' || new Set(kinds.value).size < 2) continue;
      const message = `${uses.ref} is the name of a branch and of a tag`;
      const names = { ...(job === undefined ? {} : { job }), ...(step === undefined ? {} : { step }) };
      faults.push({
        message,
        severity: 'medium',
        confidence: 'high',
        places: [refPlace ?? place],
        around: [around],
        ...names,
      });
    }
    return faults;
  },
});
