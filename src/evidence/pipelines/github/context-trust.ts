// SPDX-License-Identifier: Apache-2.0
// How much of the text of a context somebody outside can choose. From GitHub's documentation of contexts and of webhook payloads:
// https://docs.github.com/actions/reference/workflows-and-actions/contexts
// https://docs.github.com/webhooks/webhook-events-and-payloads
import type { ReferenceStep } from '../../../formats/github-expression/references.ts';

/** `fixed`: no character that could break out of a script; `structured`: partly chosen, as in an address; `arbitrary`: chosen freely. */
export type ContextTrust = 'fixed' | 'structured' | 'arbitrary';

/** Members of `github`, `runner` and others whose values the forge makes up. */
const fixedContexts: ReadonlySet<string> = new Set([
  'github.action_path',
  'github.action_status',
  'github.api_url',
  'github.event_name',
  'github.event_path',
  'github.graphql_url',
  'github.job',
  'github.ref_protected',
  'github.ref_type',
  'github.repository',
  'github.repository_id',
  'github.repository_owner',
  'github.repository_owner_id',
  'github.repositoryurl',
  'github.retention_days',
  'github.run_attempt',
  'github.run_id',
  'github.run_number',
  'github.secret_source',
  'github.server_url',
  'github.sha',
  'github.token',
  'github.triggering_actor',
  'github.actor_id',
  'github.workflow_sha',
  'github.workspace',
  'job.status',
  'runner.arch',
  'runner.debug',
  'runner.environment',
  'runner.os',
  'runner.temp',
  'runner.tool_cache',
  'runner.workspace',
  'strategy.fail-fast',
  'strategy.job-index',
  'strategy.job-total',
  'strategy.max-parallel',
]);

/** Last names of members of `github.event` that are numbers, booleans, times, hashes or words from a closed list. */
const fixedNames: ReadonlySet<string> = new Set(
  `+1 -1 additions admin after archived author_association before blocked_by blocking changed_files check_suite_id checks closed_issues comments
  commits completed conclusion confused contents content_references created creator_id data_type date debug default deletions deleted
  deployments disabled discussion_id discussions distinct draft duration due_on emails environments enterprise_id eyes forced fork
  forks heart hooray id immutable in_reply_to_id issues issue_field_id keys laugh line locked maintain maintainer_can_modify members
  merge_method mergeable merged metadata number ok open_issues organization_id original_line original_position original_start_line
  packages pages parent_id percent_completed position prerelease privacy private production_environment protected public pull
  pull_request_review_id pull_requests push rebaseable reason ref_type release_id repository_id required_approving_review_count
  review_comments rerequestable rocket run_attempt run_id run_number runs_rerequestable secrets security_events side single_file
  site_admin size stargazers start_line start_side state status statuses subject_type timestamp total total_blocked_by total_blocking
  transient_environment triage verified vulnerability_alerts watchers workflow_id workflows`.split(/\s+/),
);

/** The same by a part of the name. */
const fixedPattern =
  /(?:_at|_count|_level|_merge|_updates?|_enabled|_deletions|_required|_commit_(?:message|title))$|^(?:has|is|allow|use|require|organization)_[a-z_]+$/;

/** Addresses that hold a name which the owner of an account chose, beside a fixed host. */
const structuredNames: ReadonlySet<string> = new Set([
  'following_url',
  'gists_url',
  'starred_url',
  'members_url',
  'upload_url',
]);

/** Members whose content has no fixed form. */
const freeMembers: ReadonlySet<string> = new Set(['inputs', 'client_payload', 'payload', 'custom_properties']);

/** Results of jobs and steps are words from a closed list. */
const resultNames: ReadonlySet<string> = new Set(['result', 'outcome', 'conclusion']);

/**
 * The trust of a context whose origin is known without looking at the rest of the file; undefined for `inputs`, `env`, `matrix`, `secrets`,
 * outputs and others that depend on it. `steps` in lower case, computed indexes undefined.
 */
export function contextTrust(steps: readonly ReferenceStep[]): ContextTrust | undefined {
  const [root, second] = steps;
  const path = steps.map((step) => step ?? '*').join('.');
  if (fixedContexts.has(path)) return 'fixed';
  if ((root === 'needs' || root === 'steps') && steps.length === 3) {
    const last = steps[2];
    return last !== undefined && resultNames.has(last) ? 'fixed' : undefined;
  }
  if (root !== 'github') return undefined;
  return second === 'event' ? eventTrust(steps, path) : 'arbitrary';
}

function eventTrust(steps: readonly ReferenceStep[], path: string): ContextTrust {
  // Of hashes only those that the forge made, not those that a client sent.
  if (/^github\.event\.pull_request\.(?:base|head)\.sha$/.test(path)) return 'fixed';
  const last = steps.at(-1);
  if (last === undefined || steps.length === 2) return 'arbitrary';
  // What is below these has names and values of the sender's own choice.
  if (steps.slice(2, -1).some((step) => step !== undefined && freeMembers.has(step))) return 'arbitrary';
  // The identifier of a commit in a push is sent by the client.
  if (last === 'id' && path.includes('commit')) return 'arbitrary';
  // What a package says of itself its publisher wrote.
  if (path.includes('_metadata.')) return 'arbitrary';
  if (fixedNames.has(last) || fixedPattern.test(last)) return 'fixed';
  if (steps.at(-2) === 'permissions') return 'fixed';
  if (last === 'type')
    return /\.(?:user|owner|assignee|creator|author|pusher|sender|answer_chosen_by)\.type$/.test(path)
      ? 'fixed'
      : 'arbitrary';
  return structuredNames.has(last) ? 'structured' : 'arbitrary';
}
