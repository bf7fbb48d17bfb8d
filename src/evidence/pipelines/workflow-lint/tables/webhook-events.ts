// SPDX-License-Identifier: Apache-2.0
// Events that start workflows, with their activity types and the filters they take (docs.github.com, "Events that trigger workflows").
import type { FilterName } from '../workflow.ts';

const edited = ['created', 'deleted', 'edited'];
const pullRequest = [
  'assigned',
  'auto_merge_disabled',
  'auto_merge_enabled',
  'closed',
  'converted_to_draft',
  'demilestoned',
  'dequeued',
  'edited',
  'enqueued',
  'labeled',
  'locked',
  'milestoned',
  'opened',
  'ready_for_review',
  'reopened',
  'review_request_removed',
  'review_requested',
  'synchronize',
  'unassigned',
  'unlabeled',
  'unlocked',
];

/** Activity types by event; an empty list: the event has none. Events with a section of their own are not here. */
export const webhookEvents: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['branch_protection_rule', edited],
  ['check_run', ['completed', 'created', 'requested_action', 'rerequested']],
  ['check_suite', ['completed']],
  ['create', []],
  ['delete', []],
  ['deployment', []],
  ['deployment_status', []],
  [
    'discussion',
    [
      ...edited,
      'answered',
      'category_changed',
      'labeled',
      'locked',
      'pinned',
      'transferred',
      'unanswered',
      'unlabeled',
      'unlocked',
      'unpinned',
    ],
  ],
  ['discussion_comment', edited],
  ['fork', []],
  ['gollum', []],
  ['issue_comment', edited],
  [
    'issues',
    [
      'assigned',
      'closed',
      'deleted',
      'demilestoned',
      'edited',
      'labeled',
      'locked',
      'milestoned',
      'opened',
      'pinned',
      'reopened',
      'transferred',
      'typed',
      'unassigned',
      'unlabeled',
      'unlocked',
      'unpinned',
      'untyped',
    ],
  ],
  ['label', edited],
  ['merge_group', ['checks_requested']],
  ['milestone', [...edited, 'closed', 'opened']],
  ['page_build', []],
  ['project', [...edited, 'closed', 'reopened', 'updated']],
  ['project_card', [...edited, 'converted', 'moved']],
  ['project_column', ['created', 'deleted', 'moved', 'updated']],
  ['public', []],
  ['pull_request', pullRequest],
  ['pull_request_comment', edited],
  ['pull_request_review', ['dismissed', 'edited', 'submitted']],
  ['pull_request_review_comment', edited],
  ['pull_request_target', pullRequest],
  ['push', []],
  ['registry_package', ['published', 'updated']],
  ['release', ['created', 'deleted', 'edited', 'prereleased', 'published', 'released', 'unpublished']],
  ['status', []],
  ['watch', ['started']],
  ['workflow_run', ['completed', 'in_progress', 'requested']],
]);

const branchEvents = ['merge_group', 'push', 'pull_request', 'pull_request_target', 'workflow_run'];
const pathEvents = ['push', 'pull_request', 'pull_request_target'];

/** The events that take a filter. */
export function eventsOfFilter(filter: FilterName): readonly string[] {
  if (filter.startsWith('branches')) return branchEvents;
  return filter.startsWith('paths') ? pathEvents : ['push'];
}
