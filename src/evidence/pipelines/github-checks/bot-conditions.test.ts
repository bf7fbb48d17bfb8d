// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, fixedBy, workflowWith } from '../../../../test/support/github-audit.ts';
import { botConditions } from './bot-conditions.ts';

async function confidenceOf(condition: string, event = 'pull_request_target'): Promise<string | undefined> {
  const findings = await findingsOf(botConditions, workflowWith(`- run: x\n  if: ${condition}`, `on: ${event}`));
  return findings.map(({ confidence }) => confidence)[0];
}

describe('bot-conditions', () => {
  it.each([
    ["github.actor == 'dependabot[bot]'", 'high'],
    ["${{ 'some[bot]' == github.triggering_actor }}", 'high'],
    ["github['ACTOR'] == 'x[bot]'", 'high'],
    ['github.actor_id == 49699333', 'high'],
    ["github.actor_id == '49699333'", 'high'],
    ["${{ github.actor == 'x[bot]' || github.ref == 'y' }}", 'high'],
    ["github.actor == 'x[bot]' && github.ref == 'y'", 'medium'],
    ["(github.actor == 'x[bot]' || a.b) && c.d", 'medium'],
    ["github.actor == 'x'", undefined],
    ["github.actor != 'x[bot]'", undefined],
    ['github.actor_id == 1', undefined],
    ["github.event.pull_request.user.login == 'x[bot]'", undefined],
  ])('rates %s', async (condition, confidence) => {
    expect(await confidenceOf(condition)).toBe(confidence);
  });

  it.each([
    ['pull_request_target', true],
    ['issue_comment', true],
    ['push', false],
    ['schedule', false],
  ])('minds who can bring the event about: %s', async (event, isFound) => {
    expect((await confidenceOf("github.actor == 'x[bot]'", event)) !== undefined).toBe(isFound);
  });

  it.each([
    ['pull_request_target', "github.actor == 'x[bot]'", "github.event.pull_request.user.login == 'x[bot]'"],
    ['issue_comment', "${{ 'x[bot]' == github.ACTOR }}", "${{ 'x[bot]' == github.event.comment.user.login }}"],
    [
      'pull_request_review',
      "github.actor == 'x[bot]' || github.actor_id == 49699333",
      "github.event.review.user.login == 'x[bot]' || github.event.review.user.id == 49699333",
    ],
  ])('asks for the author on %s', async (event, before, after) => {
    const text = (condition: string): string => workflowWith(`- run: x\n  if: ${condition} # why`, `on: ${event}`);

    expect(await fixedBy(botConditions, text(before))).toBe(text(after));
  });
});
