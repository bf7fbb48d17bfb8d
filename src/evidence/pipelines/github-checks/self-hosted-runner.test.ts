// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../../test/support/github-audit.ts';
import { selfHostedRunner } from './self-hosted-runner.ts';

async function confidences(job: string): Promise<string[]> {
  const findings = await findingsOf(
    selfHostedRunner,
    `on: push\njobs:\n  a:\n    ${job.replaceAll('\n', '\n    ')}\n    steps: []\n`,
  );
  return findings.map(({ confidence }) => confidence);
}

describe('self-hosted-runner', () => {
  it.each([
    ['runs-on: self-hosted', ['high']],
    ['runs-on: [self-hosted, x]', ['high']],
    ['runs-on: {group: x}', ['low']],
    ['runs-on: ["${{ x }}", y]', ['low']],
    ['runs-on: ubuntu-latest', []],
    ['runs-on: ${{ inputs.x }}', []],
    ['runs-on: ${{ matrix.os }}\nstrategy: {matrix: {os: [a, self-hosted]}}', ['high']],
    ['runs-on: ${{ matrix.os }}\nstrategy: {matrix: {os: [a], include: [{os: self-hosted}]}}', ['high']],
    ['runs-on: ${{ matrix.os }}\nstrategy: {matrix: {os: [a, self-hosted], exclude: [{os: self-hosted}]}}', []],
    [
      'runs-on: ${{ matrix.os }}\nstrategy: {matrix: {os: [a, self-hosted], x: [b, c], exclude: [{os: self-hosted, x: b}]}}',
      ['high'],
    ],
    ['runs-on: ${{ matrix.a.os }}\nstrategy: {matrix: {a: [{os: self-hosted}]}}', ['high']],
  ])('%j', async (job, expected) => {
    expect(await confidences(job)).toEqual(expected);
  });
});
