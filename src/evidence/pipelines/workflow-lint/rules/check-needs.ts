// SPDX-License-Identifier: Apache-2.0
// `needs`: jobs that are not there, are named twice, or wait for each other in a circle.
import type { LintContext } from '../lint-context.ts';
import type { Job } from '../workflow.ts';

export function checkNeeds(context: LintContext): void {
  const { jobs } = context.workflow;
  for (const { value: job } of jobs.values()) {
    const seen = new Set<string>();
    for (const need of job.needs) {
      const id = need.value.toLowerCase();
      if (seen.has(id)) {
        const message = `job ID ${JSON.stringify(need.value)} duplicates in "needs" section. note that job ID is case insensitive`;
        context.report({ kind: 'job-needs', message, offset: need.offset });
      }
      if (id === '' || seen.has(id)) continue;
      seen.add(id);
      if (jobs.has(id)) continue;
      const message = `job ${JSON.stringify(job.id.value)} needs job ${JSON.stringify(id)} which does not exist in this workflow`;
      context.report({ kind: 'job-needs', message, offset: job.id.offset });
    }
  }
  reportCycles(context);
}

interface Visit {
  readonly id: string;
  readonly needs: readonly string[];
  next: number;
}

/** Depth first, without recursion: a workflow may hold a chain of any length. Each circle is told once, at its first job. */
function reportCycles(context: LintContext): void {
  const { jobs } = context.workflow;
  const done = new Set<string>();
  for (const root of jobs.keys()) {
    const path: Visit[] = [];
    const onPath = new Set<string>();
    enter(root);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const need = visit.needs[visit.next];
      visit.next += 1;
      if (need === undefined) {
        path.pop();
        onPath.delete(visit.id);
        done.add(visit.id);
      } else if (onPath.has(need)) {
        const circle = path.slice(path.findIndex(({ id }) => id === need)).map(({ id }) => id);
        reportCircle(context, circle);
        // What leads into a circle is reported with it.
        for (const { id } of path) done.add(id);
        break;
      } else enter(need);
    }

    function enter(id: string): void {
      const job = jobs.get(id)?.value;
      if (job === undefined || done.has(id)) return;
      path.push({ id, needs: needsOf(job), next: 0 });
      onPath.add(id);
    }
  }
}

function needsOf(job: Job): readonly string[] {
  return job.needs.map((need) => need.value.toLowerCase());
}

function reportCircle(context: LintContext, circle: readonly string[]): void {
  const { jobs } = context.workflow;
  const offsets = circle.map((id) => jobs.get(id)?.value.id.offset ?? 0);
  const first = offsets.indexOf(Math.min(...offsets.slice(0, 10_000)));
  const shown = [...circle.slice(first), ...circle.slice(0, first), circle[first] ?? ''].slice(0, 100);
  const list = shown.map((id) => JSON.stringify(jobs.get(id)?.value.id.value ?? id)).join(' -> ');
  context.report({
    kind: 'job-needs',
    message: `cyclic dependencies in "needs" job configurations are detected. detected cycle is ${list}`,
    offset: offsets[first] ?? 0,
  });
}
