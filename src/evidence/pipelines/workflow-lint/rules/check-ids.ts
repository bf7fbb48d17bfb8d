// SPDX-License-Identifier: Apache-2.0
// Ids of jobs and steps: how they may look, and that no two steps of a job have the same.
import type { LintContext } from '../lint-context.ts';
import type { Text } from '../workflow.ts';

const shape = /^[A-Za-z_][\w-]*$/;

export function checkIds(context: LintContext): void {
  for (const { value: job } of context.workflow.jobs.values()) {
    checkShape(context, 'job', job.id);
    const seen = new Map<string, Text>();
    for (const { id } of job.steps) {
      if (id === undefined || id.value === '') continue;
      checkShape(context, 'step', id);
      const previous = seen.get(id.value.toLowerCase());
      if (previous === undefined) seen.set(id.value.toLowerCase(), id);
      else
        context.report({
          kind: 'id',
          message: `step ID ${JSON.stringify(id.value)} duplicates. previously defined at ${context.place(previous.offset)}. step ID must be unique within a job. note that step ID is case insensitive`,
          offset: id.offset,
        });
    }
  }
}

function checkShape({ report }: LintContext, what: 'job' | 'step', id: Text): void {
  if (id.value.includes('${{') || shape.test(id.value)) return;
  report({
    kind: 'id',
    message: `invalid ${what} ID ${JSON.stringify(id.value)}. ${what} ID must start with a letter or _ and contain only alphanumeric characters, -, or _`,
    offset: id.offset,
  });
}
