// SPDX-License-Identifier: Apache-2.0
// All `if:` of a file.
import type { GithubFile } from '../../../formats/github-workflow/github-file.ts';
import type { Job } from '../../../formats/github-workflow/job.ts';
import type { WorkflowText } from '../../../formats/github-workflow/text.ts';
import type { Span } from '../../../formats/span.ts';
import { namesOf, stepSpan, stepsOf } from './steps.ts';

export interface Condition {
  readonly text: WorkflowText;
  /** The step or job it belongs to. */
  readonly around: Span;
  readonly job?: string;
  readonly step?: string;
}

/** Conditions that are texts; `if: true` is none. */
export function conditionsOf(file: GithubFile): readonly Condition[] {
  const jobs: readonly Job[] = file.kind === 'workflow' ? file.jobs : [];
  const ofJobs = jobs.flatMap((job): Condition[] =>
    job.condition === undefined ? [] : [{ text: job.condition, around: job.entry.span, job: job.id }],
  );
  const ofSteps = stepsOf(file).flatMap((place): Condition[] =>
    place.step.condition === undefined
      ? []
      : [{ text: place.step.condition, around: stepSpan(place), ...namesOf(place) }],
  );
  return [...ofJobs, ...ofSteps].filter(({ text }) => typeof text.node.value === 'string');
}
