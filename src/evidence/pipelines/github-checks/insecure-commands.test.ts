// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, fixedBy } from '../../../../test/support/github-audit.ts';
import { insecureCommands } from './insecure-commands.ts';

const name = 'ACTIONS_ALLOW_UNSECURE_COMMANDS';

function workflow(parts: { readonly top?: string; readonly job?: string; readonly step?: string }): string {
  return `on: push\n${parts.top ?? ''}jobs:\n  a:\n    runs-on: x\n${parts.job ?? ''}    steps:\n      - run: y\n${parts.step ?? ''}`;
}

describe('insecure-commands', () => {
  it.each([
    ['true', ['high']],
    ['" True "', ['high']],
    ['"1"', []],
    ['yes', []],
    ['false', []],
    ['${{ x }}', []],
  ])('reads %s as the runner does', async (value, expected) => {
    const findings = await findingsOf(
      insecureCommands,
      workflow({ step: `        env:\n          ${name}: ${value}\n` }),
    );

    expect(findings.map(({ confidence }) => confidence)).toEqual(expected);
  });

  it('looks at all three levels, and tells auditors of maps that are computed', async () => {
    const findings = await findingsOf(
      insecureCommands,
      workflow({
        top: `env:\n  ${name}: true\n`,
        job: '    env: ${{ matrix.env }}\n',
        step: `        env: {${name}: true}\n`,
      }),
    );

    expect(findings.map(({ locations, persona }) => `${locations[0]?.line} ${persona}`)).toEqual([
      '2 regular',
      '7 auditor',
      '10 regular',
    ]);
  });

  it.each([
    [{ top: `env:\n  ${name}: true\n  A: b # c\n` }, { top: 'env:\n  A: b # c\n' }],
    [{ job: `    env:\n      ${name}: true # old\n` }, {}],
  ])('takes it away and leaves the rest', async (before, after) => {
    expect(await fixedBy(insecureCommands, workflow(before))).toBe(workflow(after));
  });
});
