// SPDX-License-Identifier: Apache-2.0
import { actionSlug } from '../../../formats/github-workflow/uses.ts';
import type { Confidence } from '../../../model/confidence.ts';
import type { PipelinePersona } from '../../../model/pipeline-finding.ts';
import { actionStepsOf, namesOf, stepSpan } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const superfluousActions = defineGithubCheck({
  id: 'superfluous-actions',
  aliases: ['zizmor/superfluous-actions'],
  title: 'An action that the runner can replace',
  principle: 'provenance-integrity',
  why: 'Every action is code of others that runs with the rights of the job; one that the runner can replace need not be trusted.',
  remediation: 'Use the program of the runner in a script.',
  urls: [
    'https://docs.github.com/actions/concepts/runners/github-hosted-runners#preinstalled-software-for-github-owned-images',
  ],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: gh release create v1\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: softprops/action-gh-release@v2\n',
  },
  run(file) {
    return actionStepsOf(file).flatMap((place): GithubFault[] => {
      const found = replacements.get(actionSlug(place.uses));
      if (found === undefined) return [];
      const { instead, persona, confidence } = found;
      const places = [place.step.uses.node.place] as const;
      return [
        {
          message: `${instead} does the same`,
          severity: 'negligible',
          confidence,
          persona,
          places,
          around: [stepSpan(place)],
          ...namesOf(place),
        },
      ];
    });
  },
});

interface Replacement {
  readonly instead: string;
  readonly persona: PipelinePersona;
  readonly confidence: Confidence;
}

function by(instead: string, persona: PipelinePersona = 'regular', confidence: Confidence = 'high'): Replacement {
  return { instead, persona, confidence };
}

/** What the program of the runner does less well is for those who like it strict. */
const replacements: ReadonlyMap<string, Replacement> = new Map([
  ['actions-ecosystem/action-add-labels', by('gh issue edit --add-label or gh pr edit --add-label')],
  ['actions-ecosystem/action-remove-labels', by('gh issue edit --remove-label or gh pr edit --remove-label')],
  ['addnab/docker-run-action', by('docker run, or a job in a container')],
  ['dacbd/create-issue-action', by('gh issue create')],
  ['dtolnay/rust-toolchain', by('rustup', 'pedantic', 'medium')],
  ['elgohr/github-release-action', by('gh release create')],
  ['ncipollo/release-action', by('gh release create')],
  ['peter-evans/create-or-update-comment', by('gh pr comment or gh issue comment', 'pedantic', 'low')],
  ['peter-evans/create-pull-request', by('gh pr create', 'pedantic', 'low')],
  ['sergeysova/jq-action', by('jq')],
  ['softprops/action-gh-release', by('gh release create')],
  ['svenstaro/upload-release-action', by('gh release upload')],
]);
