// SPDX-License-Identifier: Apache-2.0
import type { TextMap } from '../../../formats/github-workflow/text.ts';
import type { YamlTree } from '../../../formats/yaml-tree.ts';
import type { Fix } from '../../../model/text-edit.ts';
import { namesOf, runStepsOf, stepJobsOf, stepSpan } from '../github/steps.ts';
import { removeMember } from '../github/yaml-edits.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

const variable = 'ACTIONS_ALLOW_UNSECURE_COMMANDS';

export const insecureCommands = defineGithubCheck({
  id: 'insecure-commands',
  aliases: ['zizmor/insecure-commands'],
  title: 'Printed text may set variables and paths',
  principle: 'injection',
  why: 'Any text that is printed to the log can then set variables and the search path of later steps.',
  remediation: `Remove ${variable} and write to GITHUB_ENV and GITHUB_PATH where that is needed.`,
  urls: ['https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/'],
  kinds: ['workflow', 'action'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n',
    bad: `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      ${variable}: true\n    steps:\n      - run: make\n`,
  },
  run(file) {
    const { tree } = file;
    const faults: GithubFault[] = [];
    if (file.kind === 'workflow') {
      faults.push(...faultsOf(tree, file.env));
      for (const job of stepJobsOf(file))
        faults.push(...faultsOf(tree, job.env).map((fault) => ({ ...fault, job: job.id })));
    }
    for (const place of runStepsOf(file)) {
      const about = { around: [stepSpan(place)], ...namesOf(place) };
      faults.push(...faultsOf(tree, place.step.env).map((fault) => ({ ...fault, ...about })));
    }
    return faults;
  },
});

function faultsOf(tree: YamlTree, env: TextMap | undefined): readonly GithubFault[] {
  if (env === undefined) return [];
  const about = { severity: 'high', places: [env.entry.span] } as const;
  if (env.expression !== undefined)
    return [
      {
        ...about,
        message: `the variables are computed and may contain ${variable}`,
        confidence: 'low',
        persona: 'auditor',
      },
    ];
  const member = env.members.findLast(({ name }) => name === variable);
  // The runner reads it with the rules of .NET: only `true`, in any case, with blanks around it.
  if (member === undefined || member.text.trim().toLowerCase() !== 'true') return [];
  const edit = removeMember(tree, env.entry, member.entry);
  const fix: Fix | undefined =
    edit === undefined ? undefined : { title: `Remove ${variable}`, safety: 'unsafe', edits: [edit] };
  return [{ ...about, message: `${variable} is set`, confidence: 'high', ...(fix === undefined ? {} : { fix }) }];
}
