// SPDX-License-Identifier: Apache-2.0
import { isCommitId } from '../../../formats/github-workflow/uses.ts';
import { repositoriesIn } from '../github/used-repositories.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const staleActionRefs = defineGithubCheck({
  id: 'stale-action-refs',
  aliases: ['zizmor/stale-action-refs'],
  title: 'A pinned commit that is no release',
  principle: 'provenance-integrity',
  why: 'A commit between releases may hold what was never reviewed as a release, and no advisory names it.',
  remediation: 'Pin to the commit of a release.',
  urls: ['https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions'],
  kinds: ['workflow', 'action'],
  needs: 'resolver',
  async run(file, { resolver, cannotTell }) {
    const faults: GithubFault[] = [];
    for (const { uses, place, around, job, step } of repositoriesIn(file)) {
      if (resolver === undefined || uses.ref === undefined || !isCommitId(uses.ref)) continue;
      const tags = await resolver.tagsOf(uses, uses.ref);
      if (tags.kind === 'unknown') cannotTell(tags.reason);
      if (tags.kind === 'unknown' || (tags.kind === 'found' && tags.value.length > 0)) continue;
      faults.push({
        message: `no tag of ${uses.owner}/${uses.repository} points to the commit`,
        severity: 'low',
        confidence: 'high',
        persona: 'pedantic',
        places: [place],
        around: [around],
        ...(job === undefined ? {} : { job }),
        ...(step === undefined ? {} : { step }),
      });
    }
    return faults;
  },
});
