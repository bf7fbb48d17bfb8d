// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, fixWorkflow } from '../../../../test/support/github-audit.ts';
import { dependabotCooldown } from './dependabot-cooldown.ts';
import { dependabotExecution } from './dependabot-execution.ts';

function file(update: string): string {
  return `version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n${update}`;
}

describe('dependabot-cooldown', () => {
  it.each([
    ['', [3]],
    ['    cooldown: {}\n', [5]],
    ['    cooldown:\n      semver-major-days: 30\n', [5]],
    ['    cooldown:\n      default-days: 2\n', [6]],
    ['    cooldown:\n      default-days: 7\n', []],
  ])('looks at %j', async (update, lines) => {
    const findings = await findingsOf(dependabotCooldown, file(update));

    expect(findings.map(({ locations }) => locations[0]?.line)).toEqual(lines);
  });

  it('takes the number of days from the configuration', async () => {
    const configuration = { path: 'zizmor.yml', text: 'rules:\n  dependabot-cooldown:\n    config:\n      days: 14\n' };

    const findings = await findingsOf(dependabotCooldown, file('    cooldown: {default-days: 7}\n'), { configuration });

    expect(findings).toHaveLength(1);
  });

  it.each([
    ['', '    cooldown:\n      default-days: 7\n'],
    ['    cooldown: {}\n', '    cooldown: { default-days: 7 }\n'],
    ['    cooldown:\n      default-days: 2 # why\n', '    cooldown:\n      default-days: 7 # why\n'],
    [
      '    schedule:\n      interval: daily\n\n',
      '    schedule:\n      interval: daily\n    cooldown:\n      default-days: 7\n\n',
    ],
  ])('turns %j into %j', async (before, after) => {
    const fixed = await fixWorkflow(
      { path: '.github/dependabot.yml', text: file(before) },
      { checks: [dependabotCooldown] },
    );

    expect(fixed).toBe(file(after));
  });
});

describe('dependabot-execution', () => {
  it('denies what was allowed', async () => {
    const text = file('    insecure-external-code-execution: allow # why\n');

    const fixed = await fixWorkflow({ path: '.github/dependabot.yml', text }, { checks: [dependabotExecution] });

    expect(fixed).toBe(file('    insecure-external-code-execution: deny # why\n'));
  });
});
