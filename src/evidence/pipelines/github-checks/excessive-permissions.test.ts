// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../../test/support/github-audit.ts';
import { excessivePermissions } from './excessive-permissions.ts';
import { undocumentedPermissions } from './undocumented-permissions.ts';

const jobs = 'jobs:\n  a:\n    runs-on: x\n    steps: []\n  b:\n    runs-on: x\n    steps: []\n';

async function excessive(text: string): Promise<string[]> {
  const findings = await findingsOf(excessivePermissions, text);
  return findings.map(({ locations, severity, persona }) => `${locations[0]?.line} ${severity} ${persona}`).sort();
}

describe('excessive-permissions', () => {
  it('tells of the workflow and of each job when nothing is said', async () => {
    expect(await excessive(`on: push\n${jobs}`)).toEqual(['1 medium regular', '3 medium regular', '6 medium regular']);
  });

  it('is strict with the workflow only where it makes a difference', async () => {
    const oneJob = await excessive('on: push\npermissions: read-all\njobs:\n  a:\n    runs-on: x\n    steps: []\n');
    const called = await excessive(`on: workflow_call\n${jobs}`);

    expect(oneJob).toEqual(['2 medium pedantic']);
    expect(called.every((line) => line.endsWith('pedantic'))).toBe(true);
  });

  it.each([
    ['permissions: {}', []],
    ['permissions: write-all', ['2 high regular']],
    [
      'permissions:\n  contents: write\n  checks: write\n  packages: read\n  odd: write',
      ['3 high regular', '4 medium regular', '6 medium regular'],
    ],
  ])('rates %j', async (permissions, expected) => {
    expect(await excessive(`on: push\n${permissions}\n${jobs}`)).toEqual(expected);
  });

  it('lets a job name what it needs', async () => {
    const text =
      'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    permissions: {contents: write}\n    steps: []\n  b:\n    runs-on: x\n    permissions: write-all\n    steps: []\n';

    expect(await excessive(text)).toEqual(['10 high regular']);
  });
});

describe('undocumented-permissions', () => {
  it.each([
    ['permissions: {}', []],
    ['permissions:\n  contents: read', []],
    ['permissions:\n  contents: read\n  issues: write # answers', []],
    ['permissions:\n  issues: write', [3]],
    ['permissions:\n  issues: write #', [3]],
    ['permissions:\n  # above does not count\n  issues: write\n  checks: write', [4]],
  ])('%j', async (permissions, lines) => {
    const findings = await findingsOf(undocumentedPermissions, `on: push\n${permissions}\njobs: {}\n`);

    expect(findings.map(({ locations }) => locations[0]?.line)).toEqual(lines);
  });
});
