// SPDX-License-Identifier: Apache-2.0
import { actionSlug } from '../../../formats/github-workflow/uses.ts';
import { shellName } from '../github/shell-commands.ts';
import { actionStepsOf, inputOf, namesOf, runStepsOf, shellOf, stepSpan } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const misfeature = defineGithubCheck({
  id: 'misfeature',
  aliases: ['zizmor/misfeature'],
  title: 'A feature that cannot be relied on',
  principle: 'correctness',
  why: 'Some features do what is asked of them in a way that neither people nor checks can rely on.',
  remediation: 'Use bash or pwsh for scripts, and install Python packages into a virtual environment.',
  urls: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - run: make\n        shell: pwsh\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - run: make\n        shell: cmd\n',
  },
  run(file) {
    const shells = runStepsOf(file).flatMap((place): GithubFault[] => {
      const text = shellOf(place)?.text;
      if (text === undefined || text.text.includes('${{')) return [];
      const name = shellName(text.text);
      if (knownShells.has(name)) return [];
      const isCmd = name === 'cmd';
      return [
        {
          message: isCmd ? 'scripts of cmd cannot be analysed' : 'the shell is none of those that GitHub knows',
          severity: 'low',
          confidence: 'high',
          // A shell of one's own is usually a choice.
          persona: isCmd ? 'regular' : 'auditor',
          places: [text.entry?.span ?? text.node.place, place.step.run.entry.keySpan],
          around: [stepSpan(place)],
          ...namesOf(place),
        },
      ];
    });
    const installs = actionStepsOf(file).flatMap((place): GithubFault[] => {
      const input = actionSlug(place.uses) === 'actions/setup-python' ? inputOf(place.step, 'pip-install') : undefined;
      if (input === undefined) return [];
      const message = 'packages are installed into the Python of the runner itself';
      const places = [input.entry.span, place.step.uses.node.place] as const;
      return [{ message, severity: 'low', confidence: 'high', places, around: [stepSpan(place)], ...namesOf(place) }];
    });
    return [...shells, ...installs];
  },
});

const knownShells: ReadonlySet<string> = new Set(['bash', 'pwsh', 'python', 'sh', 'powershell']);
