// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingsOf, fixedBy } from '../../../../test/support/github-audit.ts';
import { githubChecks } from './index.ts';

const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts')
  .map((name) => basename(name, '.ts'));

describe("checks of GitHub's files", () => {
  it('are listed once each under the name of their file', () => {
    const ids = githubChecks.map(({ id }) => id);

    expect(ids.toSorted()).toEqual(files.toSorted());
  });

  it('say what they find, why, and what to do', () => {
    for (const check of githubChecks) {
      expect(check.aliases, check.id).toEqual([`zizmor/${check.id}`]);
      expect(check.title, check.id).not.toBe('');
      expect(check.why, check.id).toMatch(/\.$/);
      expect(check.remediation, check.id).toMatch(/\.$/);
      expect(check.urls.length, check.id).toBeGreaterThan(0);
      expect(check.kinds.length, check.id).toBeGreaterThan(0);
    }
  });

  it('each have a row in docs/github-checks.md', () => {
    const page = readFileSync(`${import.meta.dirname}/../../../../docs/github-checks.md`, 'utf8');

    expect(githubChecks.filter(({ id, title }) => !page.includes(`| \`${id}\` | ${title} |`))).toEqual([]);
  });

  it('have an example unless they need a configuration or somebody to ask', () => {
    const without = githubChecks.filter(({ example, needs }) => example === undefined && needs === undefined);

    expect(without.map(({ id }) => id)).toEqual(['forbidden-uses']);
  });

  for (const check of githubChecks) {
    const { example } = check;
    if (example === undefined) continue;

    it(`${check.id} finds its bad example and nothing in the good one`, async () => {
      const good = await findingsOf(check, example.good);
      const bad = await findingsOf(check, example.bad);

      expect(good).toEqual([]);
      expect(bad.length).toBeGreaterThan(0);
    });

    it(`${check.id} finds nothing where its own fix was applied`, async () => {
      const before = await findingsOf(check, example.bad);
      const fixed = await fixedBy(check, example.bad);

      const after = await findingsOf(check, fixed);

      expect(after.length).toBe(before.filter(({ fix }) => fix === undefined).length);
    });
  }
});
