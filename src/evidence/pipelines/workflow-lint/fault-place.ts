// SPDX-License-Identifier: Apache-2.0
// In which job and step of a workflow an offset lies, for people who read a finding.
import type { Job, Step, Workflow } from './workflow.ts';

export interface FaultPlace {
  readonly job?: string;
  readonly step?: string;
}

/** `end` is where the jobs end in the text. A value that an anchor elsewhere gives belongs to the place of the anchor. */
export function placeFinder(workflow: Workflow, end: number): (offset: number) => FaultPlace {
  const jobs = [...workflow.jobs.values()].map(({ value }) => value).sort((a, b) => a.id.offset - b.id.offset);
  const sortedSteps = new Map<Job, readonly Step[]>();
  return (offset) => {
    const job = offset < end ? lastBefore(jobs, offset, (item) => item.id.offset) : undefined;
    if (job === undefined) return {};
    const steps = sortedSteps.get(job) ?? [...job.steps].sort((a, b) => a.offset - b.offset);
    sortedSteps.set(job, steps);
    const step = lastBefore(steps, offset, (item) => item.offset);
    return { job: job.id.value, ...(step === undefined ? {} : { step: nameOf(job, step) }) };
  };
}

function nameOf(job: Job, step: Step): string {
  const uses = step.execution?.kind === 'action' ? step.execution.uses?.value : undefined;
  return step.name?.value ?? step.id?.value ?? uses ?? `step ${job.steps.indexOf(step) + 1}`;
}

function lastBefore<T>(sorted: readonly T[], offset: number, offsetOf: (item: T) => number): T | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = sorted[middle];
    if (item !== undefined && offsetOf(item) <= offset) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
