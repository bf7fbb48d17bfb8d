// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf, stepsOf, workflowPath } from '../../../../test/support/lint-workflow.ts';
import { lintKinds } from './fault.ts';
import { kindDescriptions } from './finding-of.ts';
import { lintWorkflows } from './lint-workflows.ts';

describe('the configuration', () => {
  it('adds labels, names variables and ignores by path and message', () => {
    const text = stepsOf('      - run: echo ${{ vars.KNOWN }} ${{ vars.NOPE }}\n').replace('ubuntu-latest', 'gpu-4');
    const configuration = `self-hosted-runner: {labels: ['gpu-*']}
config-variables: [known]
paths:
  .github/**/*.yml:
    ignore: ['undefined configuration variable "nope"', '(']
`;
    const files = [
      { path: workflowPath, text },
      { path: '.github/actionlint.yaml', text: configuration },
    ];

    const result = lintWorkflows(files);

    expect(result.findings).toEqual([]);
    expect(result.problems.map(({ message }) => message.slice(0, 38))).toEqual([
      'a pattern of "ignore" cannot be used: ',
    ]);
  });
});

describe('lintWorkflows', () => {
  it('looks at the workflows among the files only', () => {
    const files = ['.github/workflows/a.yml', '.github/workflows/b/c.yml', 'deploy.yml'].map((path) => ({
      path,
      text: 'nope',
    }));

    const paths = new Set(lintWorkflows(files).findings.flatMap(({ locations }) => locations.map(({ path }) => path)));

    expect([...paths]).toEqual(['.github/workflows/a.yml']);
  });

  it('never throws on mutated workflows', () => {
    const whole = stepsOf(
      '      - &x\n        run: echo ${{ github.ref }}\n        env: {A: "b"}\n      - *x\n      - uses: actions/cache@v4\n        with: {path: a}\n',
    );
    const mutation = fc.record({
      at: fc.nat(whole.length),
      length: fc.nat(12),
      text: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('${{', '}}', ': ', '\n- ', '*x', '&y ', '{', '[', '|\n'),
      ),
    });

    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 4 }), (mutations) => {
        const text = mutations.reduce(
          (now, { at, length, text: put }) => now.slice(0, at) + put + now.slice(at + length),
          whole,
        );
        const lines = text.split('\n').length;
        for (const { locations } of findingsOf(text)) expect(locations[0]?.line ?? 0).toBeLessThanOrEqual(lines);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the lists', () => {
  it('hold every rule', () => {
    const folder = new URL('./rules/', import.meta.url);
    const list = readFileSync(new URL('index.ts', folder), 'utf8');

    const missing = readdirSync(folder).filter((name) => name.startsWith('check-') && !list.includes(`'./${name}'`));

    expect(missing).toEqual([]);
  });

  it('are what docs/workflow-lint.md says', () => {
    const page = readFileSync(new URL('../../../../docs/workflow-lint.md', import.meta.url), 'utf8');

    const rows = lintKinds.map(
      (kind) => `| \`${kind}\` | ${kindDescriptions[kind].severity} | ${kindDescriptions[kind].looksAt} |`,
    );

    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});
