// SPDX-License-Identifier: Apache-2.0
// Runs that somebody outside can cause: with which rights, and whether they run what that person wrote.
import type { Job, Pipeline, Step } from './pipeline.ts';
import type { EffectiveTrigger, PipelineSet } from './pipeline-set.ts';

/** The triggers by which somebody without rights in the repository starts a job. */
export function outsiderTriggers(set: PipelineSet, pipeline: Pipeline, job?: Job): readonly EffectiveTrigger[] {
  const triggers = job === undefined ? set.triggersOf(pipeline) : set.triggersOfJob(pipeline, job);
  return triggers.filter(({ actor }) => actor === 'anyone');
}

/** Those in which secrets and write access are there. */
export function trustedOutsiderTriggers(set: PipelineSet, pipeline: Pipeline, job?: Job): readonly EffectiveTrigger[] {
  return outsiderTriggers(set, pipeline, job).filter(({ trusted }) => trusted);
}

/** Steps after the first that brings sources of somebody else; none when there is no such step. */
export function stepsAfterProposedCheckout(job: Job): readonly Step[] {
  const at = job.steps.findIndex(({ checkout }) => checkout?.of === 'proposed');
  return at === -1 ? [] : job.steps.slice(at + 1);
}

/** A condition that keeps pull requests of forks out: a label, membership, or the repository the change comes from. */
export function excludesForks(condition: string | undefined): boolean {
  if (condition === undefined) return false;
  return /head\.repo\.(?:full_name|fork)|workflow_run\.(?:event\b|head_repository)|author_association|github\.event\.label|labels\.\*\.name|github\.repository_owner\s*==\s*github\.event/.test(
    condition.slice(0, 5000),
  );
}

/** For people: what starts it, and over what. */
export function triggerWords({ event, via }: EffectiveTrigger): string {
  const hops = via.map(({ path }) => path);
  return hops.length === 0 ? event : `${event} (over ${hops.join(', ')})`;
}
