// SPDX-License-Identifier: Apache-2.0
import type { Concurrency } from '../../../formats/github-workflow/job.ts';
import type { Span } from '../../../formats/span.ts';
import { stepJobsOf } from '../github/steps.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const concurrencyLimits = defineGithubCheck({
  id: 'concurrency-limits',
  aliases: ['zizmor/concurrency-limits'],
  title: 'Nothing limits how many runs there are at once',
  principle: 'ephemeral-environments',
  why: 'Runs that nobody stops waste runners, and two that deploy at once overtake each other.',
  remediation: 'Set concurrency with a group and say in cancel-in-progress what happens to an older run.',
  urls: [
    'https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency',
  ],
  kinds: ['workflow'],
  example: {
    good: 'on: push\nconcurrency:\n  group: a\n  cancel-in-progress: true\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n',
    bad: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n',
  },
  run(file) {
    if (file.kind !== 'workflow') return [];
    if (file.concurrency !== undefined)
      return bareFaults(file.concurrency, { what: 'the workflow', first: file.concurrency.entry.span });
    const first = file.triggers?.entry.span ?? file.node.span;
    const jobs = stepJobsOf(file);
    const bare = jobs.flatMap((job) =>
      job.concurrency === undefined ? [] : bareFaults(job.concurrency, { what: `job ${job.id}`, first }),
    );
    const missing = jobs.filter(({ concurrency }) => concurrency === undefined);
    if (missing.length === 0) return bare;
    const message = 'neither the workflow nor its jobs limit how many runs there are at once';
    return [
      ...bare,
      { ...about, message, places: [first, ...missing.map((job) => job.name?.node.place ?? job.entry.keySpan)] },
    ];
  },
});

const about = { severity: 'low', confidence: 'high', persona: 'pedantic' } as const;

/** A group alone: older runs go on. Whoever writes `cancel-in-progress: false` wants that. */
function bareFaults(
  { entry }: Concurrency,
  shown: { readonly what: string; readonly first: Span },
): readonly GithubFault[] {
  if (entry.value.kind !== 'scalar') return [];
  const message = `the concurrency of ${shown.what} does not say cancel-in-progress`;
  return [{ ...about, message, places: shown.first === entry.span ? [entry.span] : [shown.first, entry.span] }];
}
