// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { knownResolver } from '../../../test/support/action-resolver.ts';
import { workflowPath, workflowWith } from '../../../test/support/github-audit.ts';
import type { GithubAuditOptions } from './audit-github.ts';
import { auditGithub } from './audit-github.ts';

const risky = workflowWith('- uses: actions/checkout@v4\n- run: echo ${{ github.head_ref }}');

async function audit(text: string, options: GithubAuditOptions = {}): ReturnType<typeof auditGithub> {
  return auditGithub([{ path: workflowPath, text }], options);
}

function ids(findings: readonly { readonly id: string }[]): string[] {
  return [...new Set(findings.map(({ id }) => id))].sort();
}

describe('auditGithub', () => {
  it('gives findings with everything a report needs, worst first', async () => {
    const { findings } = await audit(risky);

    expect(findings[0]).toMatchObject({
      kind: 'pipeline',
      id: 'unpinned-uses',
      aliases: ['zizmor/unpinned-uses'],
      severity: 'high',
      persona: 'regular',
      principle: 'provenance-integrity',
      locations: [{ path: workflowPath, line: 6, column: 15, endLine: 6 }],
      job: 'a',
    });
    expect(findings.map(({ severity }) => severity)).toEqual(['high', 'high', 'medium', 'medium']);
  });

  it('keeps apart what stricter personas want to see', async () => {
    const regular = await audit(risky);
    const auditor = await audit(risky, { persona: 'auditor' });

    expect(regular.suppressed.every(({ by }) => by === 'persona')).toBe(true);
    expect(ids(auditor.findings)).toEqual(
      ids([...regular.findings, ...regular.suppressed.map(({ finding }) => finding)]),
    );
  });

  it.each([
    ['on the line', '- uses: actions/checkout@v4 # zizmor: ignore[artipacked]'],
    ['with others', '- uses: actions/checkout@v4 # zizmor: ignore[obfuscation, artipacked] why'],
    ['anywhere in the step', '- uses: actions/checkout@v4\n  # zizmor: ignore[artipacked]\n  with:\n    a: b'],
    ['behind another comment', '- uses: actions/checkout@v4 # v4 # zizmor: ignore[artipacked]'],
  ])('honours a comment %s', async (_where, step) => {
    const { findings, suppressed } = await audit(workflowWith(step));

    expect(ids(findings)).not.toContain('artipacked');
    expect(suppressed).toContainEqual(
      expect.objectContaining({ by: 'comment', finding: expect.objectContaining({ id: 'artipacked' }) }),
    );
  });

  it.each(['# zizmor: ignore[other]', '# zizmor: ignore', '# zizmor ignore[artipacked]'])(
    'does not take %s for one',
    async (comment) => {
      const { findings } = await audit(workflowWith(`- uses: actions/checkout@v4 ${comment}`));

      expect(ids(findings)).toContain('artipacked');
    },
  );

  it('honours the configuration of the repository', async () => {
    const configuration =
      'rules:\n  artipacked:\n    ignore: [a.yml:6]\n  unpinned-uses:\n    disable: true\n  template-injection:\n    severity: low\n';

    const { findings, suppressed } = await auditGithub([
      { path: workflowPath, text: risky },
      { path: '.github/zizmor.yml', text: configuration },
    ]);

    expect(ids(findings)).toEqual(['excessive-permissions', 'template-injection']);
    expect(findings.find(({ id }) => id === 'template-injection')?.severity).toBe('low');
    expect(suppressed.find(({ by }) => by === 'configuration')?.finding.id).toBe('artipacked');
  });

  it('can be told to use no configuration, or another', async () => {
    const files = [
      { path: workflowPath, text: risky },
      { path: 'zizmor.yml', text: 'rules:\n  artipacked:\n    disable: true\n' },
    ];

    const without = await auditGithub(files, { configuration: 'none' });
    const other = await auditGithub(files, { configuration: { path: 'x.yml', text: 'rules: {}\n' } });

    expect([ids(without.findings), ids(other.findings)].every((list) => list.includes('artipacked'))).toBe(true);
  });

  it('judges nothing by a configuration with faults', async () => {
    const result = await audit(risky, { configuration: { path: 'x.yml', text: 'rule: {}\n' } });

    expect(result.findings).toEqual([]);
    expect(result.problems).toMatchObject([
      { kind: 'schema', hidesFindings: true, location: { path: 'x.yml', line: 1 } },
    ]);
    expect(result.notLookedAt).toContainEqual({ check: 'artipacked', reason: 'the configuration x.yml has faults' });
  });

  it('says which checks could not be run', async () => {
    const offline = await audit(risky);
    const unanswered = await audit(workflowWith(`- uses: a/b@${'a'.repeat(40)}`), {
      resolver: knownResolver({ silent: 'rate limit' }),
    });

    expect(offline.notLookedAt.map(({ check }) => check)).toEqual([
      'impostor-commit',
      'known-vulnerable-actions',
      'ref-confusion',
      'ref-version-mismatch',
      'stale-action-refs',
    ]);
    expect(unanswered.notLookedAt).toContainEqual({ check: 'impostor-commit', reason: 'rate limit' });
  });

  it('reports files that cannot be read and goes on with the others', async () => {
    const { findings, problems, files } = await auditGithub([
      { path: '.github/workflows/broken.yml', text: 'a: [' },
      { path: workflowPath, text: risky },
      { path: 'README.md', text: 'x' },
    ]);

    expect(problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true, location: { path: '.github/workflows/broken.yml' } },
    ]);
    expect(findings.length).toBeGreaterThan(0);
    expect(files).toHaveLength(1);
  });

  it('tells of a step behind an alias at the place of the alias', async () => {
    const { findings } = await audit(workflowWith('- &x\n  uses: actions/checkout@v4\n- *x'));

    expect(findings.filter(({ id }) => id === 'artipacked').map(({ locations }) => locations[0]?.line)).toEqual([6, 8]);
    expect(findings.filter(({ id }) => id === 'artipacked').map(({ fix }) => fix !== undefined)).toEqual([true, false]);
  });
});
