// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../../model/text-edit.ts';
import type { UsesPlace } from '../github/steps.ts';
import { usesOf } from '../github/steps.ts';
import { replaceSpan } from '../github/yaml-edits.ts';
import type { GithubCheckContext, GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const selfRepository = defineGithubCheck({
  id: 'self-repository',
  aliases: ['zizmor/self-repository'],
  title: 'The own repository referred to by the working folder',
  principle: 'provenance-integrity',
  why: 'What stands at ./ is whatever was checked out last, which may be the code of somebody else; $/ is the commit of the workflow itself.',
  remediation: 'Write $/ in place of ./ for actions and workflows of the same repository.',
  urls: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: $/action\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./action\n',
  },
  run(file, context) {
    return usesOf(file).flatMap((place): GithubFault[] => {
      const { uses } = place.text;
      if (uses.kind !== 'local' || uses.root !== 'workspace') return [];
      const fix = fixOf(place, context);
      return [
        {
          message: 'refers to the working folder and not to the repository of the workflow',
          severity: 'low',
          confidence: 'high',
          places: [place.place],
          around: [place.around],
          ...(place.job === undefined ? {} : { job: place.job }),
          ...(place.step === undefined ? {} : { step: place.step }),
          ...(fix === undefined ? {} : { fix }),
        },
      ];
    });
  },
});

function fixOf({ text }: UsesPlace, { expressions }: GithubCheckContext): Fix | undefined {
  if (!text.text.startsWith('./') || text.node.alias !== undefined) return undefined;
  const dot = expressions.offsetsOf(text.node).span(0, 1);
  return {
    title: 'Refer to the repository of the workflow',
    safety: 'safe',
    edits: [replaceSpan(expressions.tree, dot, '$')],
  };
}
