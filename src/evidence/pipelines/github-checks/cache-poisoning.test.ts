// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { fixedBy, linesOf, workflowWith } from '../../../../test/support/github-audit.ts';
import { cachePoisoning } from './cache-poisoning.ts';

const cached = '- uses: actions/setup-go@v5';

describe('cache-poisoning', () => {
  it.each([
    ['on: release', true],
    ['on: [push, release]', true],
    ['on:\n  push:\n    tags: ["v*"]', true],
    ['on:\n  push:\n    branches: [release/1.x]', true],
    ['on:\n  push:\n    branches: [main]', false],
    ['on: push', false],
  ])('takes %j for a release: %s', async (head, isRelease) => {
    const lines = await linesOf(cachePoisoning, workflowWith(cached, head));

    expect(lines.length > 0).toBe(isRelease);
  });

  it.each(['softprops/action-gh-release@v2', 'pypa/gh-action-pypi-publish@v1', 'Docker/build-push-action@v6'])(
    'takes a job with %s for one that publishes',
    async (action) => {
      expect(await linesOf(cachePoisoning, workflowWith(`${cached}\n- uses: ${action}`))).toEqual([6]);
    },
  );

  it('looks only at the job that publishes', async () => {
    const text = `${workflowWith(cached)}  b:\n    runs-on: x\n    steps:\n      - uses: softprops/action-gh-release@v2\n`;

    expect(await linesOf(cachePoisoning, text)).toEqual([]);
  });

  it('does not count an image that is built and not pushed', async () => {
    expect(
      await linesOf(
        cachePoisoning,
        workflowWith(`${cached}\n- uses: docker/build-push-action@v6\n  with: {push: false}`),
      ),
    ).toEqual([]);
  });

  it.each([
    ['actions/cache@v4', '', true],
    ['actions/cache@v4', 'lookup-only: true', false],
    ['actions/cache/restore@v4', '', false],
    ['actions/setup-java@v4', '', false],
    ['actions/setup-java@v4', 'cache: gradle', true],
    ['actions/setup-java@v4', 'cache: ""', false],
    ['actions/setup-node@v5', '', true],
    ['actions/setup-node@v5', 'package-manager-cache: false', false],
    ['actions/setup-node@v5', 'package-manager-cache: false\n    cache: npm', true],
    ['astral-sh/setup-uv@v6', '', true],
    ['astral-sh/setup-uv@v10.1.0', '', false],
    ['astral-sh/setup-uv@v10', 'enable-cache: true', true],
    ['docker/setup-buildx-action@v3', '', false],
    ['docker/setup-buildx-action@v3', 'version: latest', true],
    ['mozilla-actions/sccache-action@v0', '', true],
    ['actions/setup-go@v5', 'cache: ${{ x }}', true],
    ['actions/setup-go@v5', 'CACHE: "false"', false],
    ['gradle/actions/setup-gradle@v4', 'cache-disabled: true', false],
  ])('%s with %j restores a cache: %s', async (action, inputs, restores) => {
    const steps = `- uses: ${action}${inputs === '' ? '' : `\n  with:\n    ${inputs}`}`;

    const lines = await linesOf(cachePoisoning, workflowWith(steps, 'on: release'));

    expect(lines).toEqual(restores ? [6] : []);
  });

  it.each([
    ["!startsWith(github.ref, 'refs/tags/')", false],
    ["startsWith(github.ref, 'refs/tags/')", true],
    ["github.ref_type == 'tag'", true],
    ["!(github.event_name == 'push' && github.ref_type == 'tag')", false],
    ['github.actor', true],
  ])('works out for a tag: %s', async (expression, restores) => {
    const steps = `- uses: actions/setup-go@v5\n  with:\n    cache: \${{ ${expression} }}`;

    const lines = await linesOf(cachePoisoning, workflowWith(steps, 'on:\n  push:\n    tags: ["*"]'));

    expect(lines.length > 0).toBe(restores);
  });

  it('turns the cache off', async () => {
    const before = workflowWith(
      '- uses: actions/setup-go@v5\n- uses: actions/cache@v4\n  with:\n    path: x # y',
      'on: release',
    );
    const after = workflowWith(
      '- uses: actions/setup-go@v5\n  with:\n    cache: false\n- uses: actions/cache@v4\n  with:\n    path: x # y\n    lookup-only: true',
      'on: release',
    );

    expect(await fixedBy(cachePoisoning, before)).toBe(after);
  });
});
