// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { findingsOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { unpinnedImages } from './unpinned-images.ts';

const digest = `sha256:${'a'.repeat(64)}`;

async function found(container: string, more = ''): Promise<string[]> {
  const findings = await findingsOf(
    unpinnedImages,
    `on: push\njobs:\n  a:\n    runs-on: x\n    container: ${container}\n${more}    steps: []\n`,
  );
  return findings.map(({ confidence, persona }) => `${confidence} ${persona}`);
}

describe('unpinned-images', () => {
  it.each([
    ['alpine', ['high regular']],
    ['alpine:latest', ['high regular']],
    ['alpine:3', ['high pedantic']],
    ['localhost:5000/alpine', ['high regular']],
    [`alpine@${digest}`, []],
    [`alpine:3@${digest}`, []],
    ['""', []],
    ['{image: alpine}', ['high regular']],
    ['${{ inputs.x }}', ['low regular']],
    [`\${{ inputs.x && 'alpine@${digest}' || '' }}`, []],
    ["${{ inputs.x && 'alpine' || inputs.y }}", ['high regular', 'low regular']],
  ])('rates %s', async (container, expected) => {
    expect(await found(container)).toEqual(expected);
  });

  it.each([
    ['image: [alpine, "alpine:3", ""]', ['high pedantic', 'high regular']],
    [`image: ["alpine@${digest}"]`, []],
    ['image: ${{ x.y }}', ['low regular']],
    ['include: [{image: alpine}, {other: x}]', ['high regular']],
    ['other: [x]', []],
  ])('looks into the matrix: %s', async (matrix, expected) => {
    expect(
      (await found('${{ matrix.image }}', `    strategy:\n      matrix:\n        ${matrix}\n`)).toSorted(),
    ).toEqual(expected);
  });

  it('looks at services, steps and container actions', async () => {
    const services = await findingsOf(
      unpinnedImages,
      'on: push\njobs:\n  a:\n    runs-on: x\n    services:\n      db: {image: postgres}\n    steps: []\n',
    );
    const steps = await findingsOf(unpinnedImages, workflowWith('- uses: docker://alpine'));
    const action = await findingsOf(
      { ...unpinnedImages, kinds: ['action'] },
      'runs: {using: docker, image: docker://alpine}\n',
    );
    const file = await findingsOf(
      { ...unpinnedImages, kinds: ['action'] },
      'runs: {using: docker, image: Dockerfile}\n',
    );

    expect([services.length, steps.length, action.length, file.length]).toEqual([1, 1, 1, 0]);
  });
});
