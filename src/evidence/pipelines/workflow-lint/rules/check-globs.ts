// SPDX-License-Identifier: Apache-2.0
// Filter patterns of events and of image versions.
import { checkGlob } from '../glob-pattern.ts';
import type { LintContext } from '../lint-context.ts';
import type { Text } from '../workflow.ts';

export function checkGlobs(context: LintContext): void {
  for (const event of context.workflow.events) {
    if (event.kind === 'webhook')
      for (const { filter, values } of event.filters)
        for (const value of values) check(context, value, filter.startsWith('paths') ? 'path' : 'ref');
    if (event.kind === 'image_version') for (const value of event.versions ?? []) check(context, value, 'ref');
  }
  for (const { value: job } of context.workflow.jobs.values()) check(context, job.snapshot?.version, 'ref');
}

function check({ report }: LintContext, pattern: Text | undefined, what: 'ref' | 'path'): void {
  if (pattern === undefined || pattern.value === '' || pattern.value.includes('${{')) return;
  for (const { message, index } of checkGlob(pattern.value, what))
    report({ kind: 'glob', message, offset: pattern.at(index), textOffset: pattern.offset });
}
