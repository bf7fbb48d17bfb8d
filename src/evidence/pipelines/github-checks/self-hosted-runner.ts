// SPDX-License-Identifier: Apache-2.0
import { wholeExpression } from '../../../formats/github-expression/find-expressions.ts';
import type { StepsJob } from '../../../formats/github-workflow/job.ts';
import { contextPath } from '../github/flow.ts';
import { matrixValues } from '../github/matrix-values.ts';
import { stepJobsOf } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const selfHostedRunner = defineGithubCheck({
  id: 'self-hosted-runner',
  aliases: ['zizmor/self-hosted-runner'],
  title: 'A job on a machine of your own',
  principle: 'ephemeral-environments',
  why: 'What one job leaves behind on a machine that is not made anew, the next job finds, whoever started it.',
  remediation: 'Use runners that are thrown away after each job, and none of your own for public repositories.',
  urls: ['https://docs.github.com/actions/reference/security/secure-use#hardening-for-self-hosted-runners'],
  kinds: ['workflow'],
  example: {
    good: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: [self-hosted, linux]\n    steps: []\n',
  },
  run(file) {
    return file.kind === 'workflow' ? stepJobsOf(file).flatMap(faultsOf) : [];
  },
});

function faultsOf(job: StepsJob): readonly GithubFault[] {
  const { runsOn } = job;
  if (runsOn === undefined) return [];
  const about = { severity: 'medium', persona: 'auditor', places: [runsOn.entry.span], job: job.id } as const;
  if (runsOn.group !== undefined || runsOn.entry.value.kind === 'mapping')
    return [{ ...about, message: 'a group of runners is one of your own', confidence: 'low' }];
  const [label] = runsOn.labels;
  if (label === undefined) return [];
  if (label.text === 'self-hosted') return [{ ...about, message: 'runs on a self-hosted runner', confidence: 'high' }];
  const expression = wholeExpression(label.text);
  if (expression === undefined || expression.parsed.kind === 'fault') return [];
  const isList = runsOn.entry.value.kind === 'sequence';
  if (isList) return [{ ...about, message: 'the label is computed and may be self-hosted', confidence: 'low' }];
  const path = contextPath(expression.parsed.node);
  const values = path === undefined ? [] : matrixValues(job.matrix, path);
  if (!values.some(({ text }) => text.includes('self-hosted'))) return [];
  return [{ ...about, message: 'a value of the matrix is self-hosted', confidence: 'high' }];
}
