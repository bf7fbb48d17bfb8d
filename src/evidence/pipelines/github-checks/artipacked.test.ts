// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, fixedBy, workflowWith } from '../../../../test/support/github-audit.ts';
import { artipacked } from './artipacked.ts';

async function found(steps: string): Promise<string[]> {
  const findings = await findingsOf(artipacked, workflowWith(steps));
  return findings.map(({ severity, persona }) => `${severity} ${persona}`);
}

describe('artipacked', () => {
  it.each([
    ['- uses: actions/checkout@v4', ['medium regular']],
    ['- uses: Actions/Checkout@v4', ['medium regular']],
    ['- uses: actions/checkout@v4\n  with: {persist-credentials: false}', []],
    ['- uses: actions/checkout@v4\n  with: {persist-credentials: "false"}', []],
    ['- uses: actions/checkout@v4\n  with: {persist-credentials: true}', ['medium auditor']],
    ['- uses: actions/checkout@v4\n  with: {persist-credentials: "${{ x }}"}', ['medium regular']],
    ['- uses: actions/checkout@v4\n  with: ${{ x }}', ['medium auditor']],
  ])('rates %j', async (steps, expected) => {
    expect(await found(steps)).toEqual(expected);
  });

  it.each([
    ['.', ['high regular']],
    ['./', ['high regular']],
    ['..', ['high regular']],
    ['${{ github.workspace }}', ['high regular']],
    ['|\n      dist\n      .', ['high regular']],
    ['dist', ['medium regular']],
  ])('is worse when %j is uploaded later', async (path, expected) => {
    const upload = `- uses: actions/upload-artifact@v4\n  with:\n    path: ${path}`;

    expect(await found(`- uses: actions/checkout@v4\n${upload}`)).toEqual(expected);
  });

  it('says nothing of a checkout after the upload', async () => {
    expect(await found('- uses: actions/upload-artifact@v4\n  with: {path: .}\n- uses: actions/checkout@v4')).toEqual(
      [],
    );
  });

  it('does not mix the steps of two jobs', async () => {
    const text = `${workflowWith('- uses: actions/checkout@v4')}  b:\n    runs-on: x\n    steps:\n      - uses: actions/upload-artifact@v4\n        with: {path: .}\n`;

    const findings = await findingsOf(artipacked, text);

    expect(findings.map(({ severity }) => severity)).toEqual(['medium']);
  });

  it.each([
    [
      '- uses: actions/checkout@v4 # x\n- run: y',
      '- uses: actions/checkout@v4 # x\n  with:\n    persist-credentials: false\n- run: y',
    ],
    [
      '- uses: actions/checkout@v4\n  with:\n      a: b # c\n  name: x',
      '- uses: actions/checkout@v4\n  with:\n      a: b # c\n      persist-credentials: false\n  name: x',
    ],
    ['- {uses: actions/checkout@v4}', '- {uses: actions/checkout@v4, with: { persist-credentials: false }}'],
    [
      '- uses: actions/checkout@v4\n  with: {persist-credentials: true}',
      '- uses: actions/checkout@v4\n  with: {persist-credentials: false}',
    ],
  ])('fixes %j', async (before, after) => {
    expect(await fixedBy(artipacked, workflowWith(before))).toBe(workflowWith(after));
  });
});
