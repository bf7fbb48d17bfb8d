// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readFeed } from '../../../test/support/read-feed.ts';
import { epss } from './epss.ts';
import { nvd } from './nvd.ts';
import { openvex } from './openvex.ts';
import { osv } from './osv.ts';
import { vunnelGithub } from './vunnel-github.ts';
import { vunnelOs } from './vunnel-os.ts';

function cve(configurations: readonly unknown[], parts: object = {}): unknown {
  return { cve: { id: 'CVE-2024-0001', vulnStatus: 'Analyzed', configurations, ...parts } };
}

function product(name: string, parts: object = {}): object {
  return { vulnerable: true, criteria: `cpe:2.3:a:v:${name}:*:*:*:*:*:*:*:*`, ...parts };
}

const windows = { vulnerable: false, criteria: 'cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*' };

describe('nvd', () => {
  it('reads products with ranges and the platforms they must run on', () => {
    const nodes = [
      { operator: 'OR', cpeMatch: [product('p', { versionStartIncluding: '1.0', versionEndExcluding: '1.2' })] },
      { operator: 'OR', cpeMatch: [windows] },
    ];

    const { advisories } = readFeed(nvd, [cve([{ operator: 'AND', nodes }])]);

    expect(advisories[0]?.affected).toEqual([
      {
        ecosystem: 'CPE',
        name: 'p',
        order: 'fuzzy',
        ranges: [{ introduced: '1.0', fixed: '1.2' }],
        versions: [],
        fixState: 'fixed',
        cpes: ['cpe:2.3:a:v:p:*:*:*:*:*:*:*:*'],
        platforms: [windows.criteria],
      },
    ]);
  });

  it('takes the version in a name, and a name without one for all versions', () => {
    const exact = { vulnerable: true, criteria: 'cpe:2.3:a:v:p:2.0:rc1:*:*:*:*:*:*' };

    const { advisories } = readFeed(nvd, [cve([{ nodes: [{ cpeMatch: [exact, product('q')] }] }])]);

    expect(advisories[0]?.affected.map((item) => item.ranges)).toEqual([
      [{ introduced: '2.0-rc1', lastAffected: '2.0-rc1' }],
      [{}],
    ]);
  });

  it('leaves out conditions that join several vulnerable things, and counts them', () => {
    const joined = { operator: 'AND', cpeMatch: [product('appliance'), product('system')] };

    const { advisories, skipped } = readFeed(nvd, [cve([{ nodes: [joined] }])]);

    expect(advisories[0]?.affected).toEqual([]);
    expect(skipped).toMatchObject({ 'joined conditions': 1 });
  });

  it('compares Java runtimes as such and marks rejected records', () => {
    const record = cve([{ nodes: [{ cpeMatch: [product('jdk', { versionEndExcluding: '17.0.1' })] }] }], {
      vulnStatus: 'Rejected',
      lastModified: '2024-01-01T00:00:00.000',
    });

    expect(readFeed(nvd, [record]).advisories[0]).toMatchObject({
      withdrawn: '2024-01-01T00:00:00Z',
      affected: [{ order: 'jvm' }],
    });
  });
});

describe('vunnel-os', () => {
  const record = (fix: object, parts: object = {}) => ({
    Vulnerability: {
      Name: 'CVE-2024-0001',
      NamespaceName: 'ol:8',
      Severity: 'High',
      FixedIn: [{ Name: 'a', ...fix }],
      ...parts,
    },
  });

  it('reads fixes, module streams and ranges in words', () => {
    const fixes = [
      record({ Version: '0:1.2-1', Module: 'nodejs:18' }),
      record({ Version: '0:1.2-1', VulnerableRange: '> 0:1.0, < 0:1.2-1' }),
    ];

    const affected = fixes.map((one) => readFeed(vunnelOs, [one]).advisories[0]?.affected[0]);

    expect(affected[0]).toMatchObject({
      ecosystem: 'Oracle Linux:8',
      ranges: [{ fixed: '0:1.2-1' }],
      modularity: 'nodejs:18',
    });
    expect(affected[1]?.ranges).toMatchObject([{ fixed: '0:1.2-1' }]);
  });

  it('tells what has no fix from what will not be fixed', () => {
    const open = readFeed(vunnelOs, [record({ Version: 'None' })]).advisories[0]?.affected[0];
    const refused = readFeed(vunnelOs, [record({ Version: '', VendorAdvisory: { NoAdvisory: true } })]).advisories[0]
      ?.affected[0];

    expect(open).toMatchObject({ ranges: [{}], fixState: 'not-fixed' });
    expect(refused).toMatchObject({ fixState: 'will-not-fix' });
  });

  it('bounds errata on one line of the kernel', () => {
    const { advisories } = readFeed(vunnelOs, [
      record({ Version: '5.10.62-55.amzn2' }, { Name: 'ALASKERNEL-5.10-2022-005', NamespaceName: 'amzn:2' }),
    ]);

    expect(advisories[0]?.affected[0]?.ranges).toEqual([{ introduced: '5.10', fixed: '5.10.62-55.amzn2' }]);
  });
});

describe('vunnel-github', () => {
  it('reads one entry per package and branch, and withdrawn advisories', () => {
    const FixedIn = [
      { name: 'Plone', ecosystem: 'python', range: '>= 4.0 < 4.3.12', identifier: '4.3.12' },
      { name: 'x', ecosystem: 'python', range: 'nonsense (', identifier: '' },
    ];
    const record = {
      Advisory: { ghsaId: 'GHSA-1111-2222-3333', CVE: ['CVE-2024-0001'], FixedIn, withdrawn: '2024-01-01T00:00:00Z' },
    };

    const { advisories, problems } = readFeed(vunnelGithub, [record]);

    expect(advisories[0]).toMatchObject({
      aliases: ['CVE-2024-0001'],
      withdrawn: '2024-01-01T00:00:00Z',
      affected: [{ ecosystem: 'PyPI', name: 'plone', ranges: [{ introduced: '4.0', fixed: '4.3.12' }] }],
    });
    expect(problems).toHaveLength(1);
  });
});

describe('openvex', () => {
  it('clears the exact version that a publisher calls not affected', () => {
    const statements = [
      {
        vulnerability: { name: 'CVE-2024-0001' },
        products: [{ '@id': 'pkg:pypi/a@1.0' }, { '@id': 'nothing' }],
        status: 'not_affected',
      },
    ];

    const { advisories, problems } = readFeed(openvex, [{ '@context': 'https://openvex.dev/ns/v0.2.0', statements }]);

    expect(advisories[0]?.affected).toMatchObject([
      { ecosystem: 'PyPI', name: 'a', versions: ['1.0'], fixState: 'not-affected' },
    ]);
    expect(problems).toHaveLength(1);
  });
});

describe('epss', () => {
  it('reads the objects of the interface as well as the table', () => {
    const page = { data: [{ cve: 'CVE-2024-0001', epss: '0.5', percentile: '0.9', date: '2024-01-01' }, { cve: 'x' }] };

    const { output, problems } = readFeed(epss, [page]);

    expect(output.context.get('CVE-2024-0001')?.epss).toEqual({ score: 0.5, percentile: 0.9 });
    expect(problems).toHaveLength(1);
  });
});

describe('osv', () => {
  const record = (statement: object) => ({
    id: 'TEST-2024-0001',
    modified: '2024-01-01T00:00:00Z',
    affected: [statement],
  });

  it('keeps module streams and the architecture in a package URL', () => {
    const affected = readFeed(osv, [
      record({
        package: { ecosystem: 'AlmaLinux:8', name: 'delve', purl: 'pkg:rpm/almalinux/delve?arch=x86_64' },
        versions: ['1'],
        ecosystem_specific: { rpm_modularity: 'go-toolset:rhel8' },
      }),
    ]).advisories[0]?.affected[0];

    expect(affected).toMatchObject({ modularity: 'go-toolset:rhel8', architectures: ['x86_64'] });
  });

  it('bounds open ranges of Go by those of other tags', () => {
    const range = (events: readonly object[]) => ({ type: 'ECOSYSTEM', events });
    const affected = readFeed(osv, [
      record({
        package: { ecosystem: 'Go', name: 'm' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '1.0.0' }] }],
        ecosystem_specific: { custom_ranges: [range([{ introduced: '0' }, { fixed: '2.0.0' }])] },
      }),
    ]).advisories[0]?.affected[0];

    expect(affected?.ranges).toEqual([{ introduced: '1.0.0', fixed: '2.0.0' }]);
  });
});
