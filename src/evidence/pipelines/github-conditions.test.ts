// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { runsForEvent, runsForOutsider } from './github-conditions.ts';

const events = ['push', 'pull_request', 'pull_request_target', 'issue_comment', 'schedule'];

function eventsOf(condition: string): string {
  return events.filter((event) => runsForEvent(condition, event)).join(' ');
}

describe('runsForEvent', () => {
  it.each([
    ["github.event_name == 'push'", 'push'],
    ["${{ github.event_name != 'pull_request' }}", 'push pull_request_target issue_comment schedule'],
    ["github.event_name == 'push' || github.event_name == 'schedule'", 'push schedule'],
    ["github.ref == 'refs/heads/main'", 'push pull_request_target issue_comment schedule'],
    ["startsWith(github.ref, 'refs/tags/')", 'push'],
    ["success() && startsWith(github.event_name, 'pull_request')", 'pull_request pull_request_target'],
    ["!(github.event_name == 'push')", 'pull_request pull_request_target issue_comment schedule'],
    ["github.actor == 'octocat'", events.join(' ')],
    ["${{ github.event_name == 'push' }} && true", events.join(' ')],
    ["github.event_name == 'push' &&", events.join(' ')],
    ['false', ''],
  ])('%s lets %s through', (condition, expected) => {
    expect(eventsOf(condition)).toBe(expected);
  });
});

describe('runsForOutsider', () => {
  it.each([
    ['github.event.pull_request.head.repo.full_name == github.repository', false],
    ['${{ !github.event.pull_request.head.repo.fork }}', false],
    ['github.event.pull_request.head.repo.fork == false', false],
    [
      "github.event.comment.author_association == 'MEMBER' || github.event.comment.author_association == 'OWNER'",
      false,
    ],
    ['contains(fromJSON(\'["OWNER"]\'), github.event.comment.author_association)', false],
    ["github.event.label.name == 'safe'", true],
    ['github.event.pull_request.head.repo.full_name != github.repository', true],
  ])('%s lets outsiders through: %s', (condition, expected) => {
    expect(runsForOutsider(condition, 'pull_request_target')).toBe(expected);
    expect(runsForEvent(condition, 'pull_request_target')).toBe(true);
  });
});
