// SPDX-License-Identifier: Apache-2.0
import { stepJobsOf } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const anonymousDefinition = defineGithubCheck({
  id: 'anonymous-definition',
  aliases: ['zizmor/anonymous-definition'],
  title: 'A workflow or job that has no name',
  principle: 'correctness',
  why: 'What has no name is hard to find among runs and required checks.',
  remediation: 'Give it a name.',
  urls: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#name'],
  kinds: ['workflow'],
  example: {
    good: 'name: A\non: push\njobs:\n  a:\n    name: A\n    runs-on: ubuntu-latest\n    steps: []\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n',
  },
  run(file) {
    if (file.kind !== 'workflow') return [];
    const about = { confidence: 'high', persona: 'pedantic' } as const;
    const workflow: GithubFault[] =
      file.name === undefined
        ? [{ ...about, message: 'the workflow has no name', severity: 'low', places: [file.node.span] }]
        : [];
    const jobs = stepJobsOf(file)
      .filter(({ name }) => name === undefined)
      .map((job): GithubFault => {
        const message = `job ${job.id} has no name`;
        return { ...about, message, severity: 'negligible', places: [job.entry.span], job: job.id };
      });
    return [...workflow, ...jobs];
  },
});
