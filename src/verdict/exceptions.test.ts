// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Decision } from '../model/decision.ts';
import { evidenceOf } from '../model/evidence.ts';
import type { VulnerabilityFinding } from '../model/finding.ts';
import { GraphBuilder } from '../model/graph.ts';
import type { IgnoreRule } from '../model/ignore.ts';
import type { VexStatement } from '../model/vex.ts';
import { applyIgnores } from './exceptions.ts';
import { applyVex } from './vex.ts';

const finding: VulnerabilityFinding = {
  kind: 'vulnerability',
  id: 'CVE-2021-23337',
  aliases: ['GHSA-35jh-r3h4-6jhm'],
  package: {
    subject: 'package:pkg:npm/lodash@4.17.20',
    name: 'lodash',
    version: '4.17.20',
    type: 'npm',
    purl: 'pkg:npm/lodash@4.17.20',
    locations: [],
    scope: 'runtime',
    path: [],
  },
  severity: 'high',
  severitySource: 'vendor:ghsa',
  cvss: [],
  risk: 50,
  fixState: 'fixed',
  fixedVersions: ['4.17.21'],
  cwes: [],
  matches: [],
  urls: [],
};
const decision: Decision = {
  rule: 'vulnerability/CVE-2021-23337',
  subject: finding.package.subject,
  outcome: 'fail',
  severity: 'high',
  message: '',
  locations: [{ path: 'web/package-lock.json', line: 3 }],
  evidence: [],
  finding,
};
const ignore: IgnoreRule = {
  ids: ['GHSA-35jh-r3h4-6jhm'],
  aliases: 'match',
  purls: [],
  paths: [],
  reason: 'because',
  location: { path: 'f', line: 1 },
};
const options = {
  now: '2026-06-01T00:00:00Z',
  compileGlob: (glob: string) => (path: string) => path.startsWith(glob.replace('**', '')),
};

function isSuppressed(rule: Partial<IgnoreRule>): boolean {
  return applyIgnores([decision], [{ ...ignore, ...rule }], options).decisions[0]?.suppressed !== undefined;
}

describe('applyIgnores', () => {
  it('matches an id through the aliases, unless told to be exact', () => {
    expect(isSuppressed({})).toBe(true);
    expect(isSuppressed({ aliases: 'exact' })).toBe(false);
  });

  it('needs everything that the entry states', () => {
    expect(isSuppressed({ packageName: 'lodash', purls: ['pkg:npm/lodash'], paths: ['web/**'] })).toBe(true);
    expect(isSuppressed({ packageName: 'lodash', paths: ['api/**'] })).toBe(false);
    expect(isSuppressed({ purls: ['pkg:npm/lodash@4.17.21'] })).toBe(false);
  });

  it('matches name patterns against the whole name', () => {
    expect(isSuppressed({ packageName: 're:lo.*' })).toBe(true);
    expect(isSuppressed({ packageName: 're:od' })).toBe(false);
  });

  it('does not apply an expired entry and reports it', () => {
    const result = applyIgnores([decision], [{ ...ignore, expires: '2026-05-31' }], options);

    expect(result.decisions[0]?.suppressed).toBeUndefined();
    expect(result.expired).toHaveLength(1);
  });

  it('reports entries that took nothing out', () => {
    const result = applyIgnores([decision], [ignore, { ...ignore, ids: ['CVE-1999-1'] }], options);

    expect(result.unused.map((rule) => rule.ids)).toEqual([['CVE-1999-1']]);
  });
});

const statement: VexStatement = {
  vulnerabilities: ['CVE-2021-23337'],
  products: [{ id: 'pkg:npm/lodash', kind: 'purl', subcomponents: [] }],
  status: 'not_affected',
  justification: 'vulnerable_code_not_in_execute_path',
  location: { path: 'vex.json', line: 7 },
};

function vex(statements: readonly VexStatement[], targetNames: readonly string[] = []): ReturnType<typeof applyVex> {
  const graph = new GraphBuilder();
  const body = { cataloger: 'x', path: 'f', ecosystem: 'npm', kind: 'declared', packages: [] } as const;
  const parts = {
    subject: 's',
    kind: 'packages',
    body,
    producer: { name: 'x', version: '1' },
    source: 'dir:.',
    trust: 'observed',
  } as const;
  const evidence = evidenceOf<'packages'>({ ...parts, observedAt: '2026-01-01T00:00:00Z' });
  graph.addRelation('package:pkg:npm/shop@1.0.0', 'depends-on', 'package:pkg:npm/express@4.0.0', evidence);
  graph.addRelation('package:pkg:npm/express@4.0.0', 'depends-on', finding.package.subject, evidence);
  return applyVex([decision], statements, { graph, targetNames });
}

describe('applyVex', () => {
  it('takes a purl without version for all versions', () => {
    expect(vex([statement]).decisions[0]?.suppressed).toMatchObject({
      by: 'vex',
      status: 'not_affected',
      source: 'vex.json:7',
    });
  });

  it('finds the product among those that depend on the subcomponent', () => {
    const part = { id: 'pkg:npm/lodash@4.17.20', kind: 'purl', subcomponents: [] } as const;
    const product = { id: 'pkg:npm/shop', kind: 'purl', subcomponents: [part] } as const;

    expect(vex([{ ...statement, products: [product] }]).decisions[0]?.suppressed).toBeDefined();
    expect(
      vex([{ ...statement, products: [{ ...product, id: 'pkg:npm/other' }] }]).decisions[0]?.suppressed,
    ).toBeUndefined();
  });

  it('lets the latest statement win', () => {
    const older = { ...statement, timestamp: '2026-01-01T00:00:00Z' };
    const newer = { ...statement, status: 'affected', timestamp: '2026-02-01T00:00:00Z' } as const;

    expect(vex([newer, older]).decisions[0]?.suppressed).toBeUndefined();
  });

  it('takes a statement without a time for older than all others, in whatever order they stand', () => {
    const undated = { ...statement, location: { path: 'undated.json' } };
    const older = { ...statement, timestamp: '2026-01-01T00:00:00Z' };
    const newer = { ...statement, status: 'affected', timestamp: '2026-02-01T00:00:00Z' } as const;

    expect(vex([newer, undated, older]).decisions[0]?.suppressed).toBeUndefined();
    expect(vex([older, newer, undated]).decisions[0]?.suppressed).toBeUndefined();
  });

  it('reports a statement about a product that is not there', () => {
    const other = { ...statement, products: [{ id: 'pkg:npm/left-pad', kind: 'purl', subcomponents: [] }] } as const;

    expect(vex([other]).unused).toEqual([
      { statement: other, reason: 'the vulnerability was found, but in none of the products it names' },
    ]);
  });

  it('says of a statement whether its vulnerability is there at all', () => {
    const other = { ...statement, vulnerabilities: ['CVE-2020-1'] };

    expect(vex([other]).unused).toEqual([{ statement: other, reason: 'the vulnerability was not found here' }]);
  });

  it('applies a statement that names no product to nothing', () => {
    const bare = { ...statement, products: [] };

    const { decisions, unused } = vex([bare]);

    expect(decisions[0]?.suppressed).toBeUndefined();
    expect(unused).toEqual([{ statement: bare, reason: 'it names no product, so it applies to none' }]);
  });
});
