// SPDX-License-Identifier: Apache-2.0
import { isCommitId } from '../../../formats/github-workflow/uses.ts';
import { repositoriesIn } from '../github/used-repositories.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const impostorCommit = defineGithubCheck({
  id: 'impostor-commit',
  aliases: ['zizmor/impostor-commit'],
  title: 'A pinned commit that belongs to a fork',
  principle: 'provenance-integrity',
  why: 'A commit of any fork can be named as if it were of the repository; the pin then holds the code of somebody else.',
  remediation: 'Pin to a commit that a branch or tag of the repository contains.',
  urls: ['https://www.chainguard.dev/unchained/what-the-fork-imposter-commits-in-github-actions-and-ci-cd'],
  kinds: ['workflow', 'action', 'pre-commit'],
  needs: 'resolver',
  async run(file, { resolver, cannotTell }) {
    const faults: GithubFault[] = [];
    for (const { uses, place, refPlace, around, job, step } of repositoriesIn(file)) {
      if (resolver === undefined || uses.ref === undefined || !isCommitId(uses.ref)) continue;
      const contained = await resolver.contains(uses, uses.ref);
      if (contained.kind === 'unknown') cannotTell(contained.reason);
      if (contained.kind === 'unknown' || (contained.kind === 'found' && contained.value)) continue;
      const message = `no branch or tag of ${uses.owner}/${uses.repository} contains the commit`;
      const names = { ...(job === undefined ? {} : { job }), ...(step === undefined ? {} : { step }) };
      faults.push({
        message,
        severity: 'high',
        confidence: 'high',
        places: [refPlace ?? place],
        around: [around],
        ...names,
      });
    }
    return faults;
  },
});
