// SPDX-License-Identifier: Apache-2.0
// Events of GitHub: who can make each happen, whose code the run takes, and whether it has secrets.
// https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
import type { Trigger } from './pipeline.ts';

type EventFacts = Pick<Trigger, 'actor' | 'code' | 'trusted'>;

const outsiderWithSecrets: EventFacts = { actor: 'anyone', code: 'own', trusted: true };
const outsiderWithout: EventFacts = { actor: 'anyone', code: 'proposed', trusted: false };
const contributor: EventFacts = { actor: 'contributor', code: 'proposed', trusted: true };
const maintainer: EventFacts = { actor: 'maintainer', code: 'own', trusted: true };
const system: EventFacts = { actor: 'system', code: 'own', trusted: true };

const events: Readonly<Record<string, EventFacts>> = {
  push: contributor,
  create: contributor,
  delete: contributor,
  pull_request: outsiderWithout,
  pull_request_review: outsiderWithout,
  pull_request_review_comment: outsiderWithout,
  pull_request_target: outsiderWithSecrets,
  pull_request_comment: outsiderWithSecrets,
  issues: outsiderWithSecrets,
  issue_comment: outsiderWithSecrets,
  discussion: outsiderWithSecrets,
  discussion_comment: outsiderWithSecrets,
  fork: outsiderWithSecrets,
  watch: outsiderWithSecrets,
  gollum: outsiderWithSecrets,
  commit_comment: outsiderWithSecrets,
  schedule: { actor: 'schedule', code: 'own', trusted: true },
  workflow_dispatch: { actor: 'contributor', code: 'proposed', trusted: true },
  repository_dispatch: { actor: 'contributor', code: 'own', trusted: true },
  merge_group: contributor,
  release: maintainer,
  label: maintainer,
  milestone: maintainer,
  deployment: maintainer,
  registry_package: maintainer,
  branch_protection_rule: maintainer,
};

/** What is not known is taken to be started by the platform. */
export function eventFacts(event: string): EventFacts {
  return (Object.hasOwn(events, event) ? events[event] : undefined) ?? system;
}

/** Labels of machines that GitHub and companies that rent such machines keep: each run gets a new one. */
export function isHostedLabel(label: string): boolean {
  return /^(?:ubuntu-(?:[0-9]{2}\.[0-9]{2}|latest|slim)(?:-[\w-]{1,40})?|macos-(?:[0-9]{1,2}|latest)(?:-[\w-]{1,40})?|windows-(?:20[0-9]{2}|11|latest)(?:-[\w-]{1,40})?|(?:buildjet|warp|depot|blacksmith|namespace|nscloud|ubicloud|runs-on)-[\w.-]{1,80})$/i.test(
    label,
  );
}
