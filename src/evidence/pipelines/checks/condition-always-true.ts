// SPDX-License-Identifier: Apache-2.0

import type { PlacedText } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const conditionAlwaysTrue = definePipelineCheck({
  id: 'condition-always-true',
  title: 'A condition is always true',
  aliases: ['poutine/if_always_true'],
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  principle: 'correctness',
  systems: ['github-actions'],
  why: 'Text around an expression makes the whole condition a text that is not empty, so a guard guards nothing.',
  remediation:
    'Write the condition as one expression without text, blanks or line ends around it (`if: |-` and no braces).',
  example: {
    path: '.github/workflows/guard.yml',
    good: "on: push\npermissions: {}\njobs:\n  a:\n    if: ${{ github.actor == 'octocat' }}\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n",
    bad: "on: push\npermissions: {}\njobs:\n  a:\n    if: ${{ github.actor == 'octocat' }} && ${{ github.ref == 'refs/heads/main' }}\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n",
  },
  run: ({ jobs }) =>
    jobs.flatMap((job) => [
      ...(isAlwaysTrue(job.condition)
        ? [
            {
              message: `the condition of job ${job.id} is always true: there is text around its expression`,
              locations: [job.condition.location] as const,
              job: job.id,
            },
          ]
        : []),
      ...job.steps.flatMap(({ condition, name, id, index }) =>
        isAlwaysTrue(condition)
          ? [
              {
                message: 'the condition of the step is always true: there is text around its expression',
                locations: [condition.location] as const,
                job: job.id,
                step: name ?? id ?? String(index),
              },
            ]
          : [],
      ),
    ]),
});

/** A runner takes `if:` as an expression only when it is nothing but one. A line end at the end counts as text. */
function isAlwaysTrue(condition: PlacedText | undefined): condition is PlacedText {
  if (condition === undefined || !condition.text.includes('${{')) return false;
  const { text } = condition;
  return !text.startsWith('${{') || !text.endsWith('}}') || text.indexOf('${{', 3) !== -1;
}
