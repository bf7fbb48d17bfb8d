// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readGithubFile } from '../../../formats/github-workflow/github-file.ts';
import { runStepsOf, shellOf } from './steps.ts';

function shellIn(job: string): string | undefined {
  const result = readGithubFile(`on: push\njobs:\n  a:\n${job}\n    steps:\n      - run: x\n`, 'a.yml', 'workflow');
  const [place] = result.kind === 'read' ? runStepsOf(result.file) : [];
  return place === undefined ? 'no step' : shellOf(place)?.shell;
}

describe('shellOf', () => {
  it.each([
    ['    runs-on: ubuntu-latest', 'bash'],
    ['    runs-on: [macos-14, x]', 'bash'],
    ['    runs-on: Windows-2022', 'pwsh'],
    ['    runs-on: windows-latest\n    defaults: {run: {shell: cmd}}', 'cmd'],
    ['    runs-on: x', undefined],
    ['    runs-on: {group: ubuntu}', undefined],
    ['    runs-on: windows-latest\n    container: a', 'sh'],
    ['    runs-on: ${{ matrix.os }}\n    strategy: {matrix: {os: [windows-latest, windows-2019]}}', 'pwsh'],
    ['    runs-on: ${{ matrix.os }}\n    strategy: {matrix: {os: [windows-latest, ubuntu-latest]}}', undefined],
    ['    runs-on: ${{ inputs.os }}', undefined],
  ])('of a job with %j is %s', (job, shell) => {
    expect(shellIn(job)).toBe(shell);
  });
});
