// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGrypeReport } from './grype-report.ts';
import { readLandwaiterReport } from './landwaiter-report.ts';
import { readScanReport } from './scan-report-format.ts';
import { readTrivyReport } from './trivy-report.ts';

const trivy = {
  SchemaVersion: 2,
  Trivy: { Version: '0.60.0' },
  CreatedAt: '2026-01-02T03:04:05Z',
  ArtifactName: 'shop',
  ArtifactType: 'filesystem',
  Metadata: { OS: { Family: 'debian', Name: '12.5' } },
  Results: [
    {
      Target: 'yarn.lock',
      Class: 'lang-pkgs',
      Type: 'yarn',
      Packages: [
        {
          ID: 'left@1.0.0',
          Name: 'left',
          Version: '1.0.0',
          Identifier: { PURL: 'pkg:npm/left@1.0.0' },
          Relationship: 'direct',
          Licenses: ['MIT'],
          DependsOn: ['right@2.0.0'],
          Locations: [{ StartLine: 4, EndLine: 6 }],
        },
      ],
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2026-1',
          PkgID: 'left@1.0.0',
          PkgName: 'left',
          InstalledVersion: '1.0.0',
          FixedVersion: '1.0.1, 2.0.0',
          Status: 'fixed',
          Severity: 'HIGH',
          SeveritySource: 'ghsa',
          CVSS: { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' } },
          DataSource: { ID: 'ghsa' },
        },
      ],
      ExperimentalModifiedFindings: [
        {
          Type: 'vulnerability',
          Status: 'not_affected',
          Statement: 'vulnerable_code_not_present',
          Source: 'vex.json',
          Finding: { VulnerabilityID: 'CVE-2026-2', PkgName: 'left', InstalledVersion: '1.0.0', Severity: 'LOW' },
        },
      ],
    },
    {
      Target: 'shop (debian 12.5)',
      Class: 'os-pkgs',
      Type: 'debian',
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2026-3',
          PkgName: 'bash',
          InstalledVersion: '5.2-1',
          Status: 'will_not_fix',
          Severity: 'LOW',
          PkgIdentifier: { PURL: 'pkg:deb/debian/bash@5.2-1' },
        },
      ],
    },
  ],
};

const grype = {
  matches: [
    {
      vulnerability: {
        id: 'GHSA-aaaa-bbbb-cccc',
        namespace: 'github:language:javascript',
        severity: 'Critical',
        fix: { versions: ['1.0.1'], state: 'fixed' },
        risk: 42.5,
        epss: [{ epss: 0.5, percentile: 0.9 }],
        knownExploited: [{ dateAdded: '2026-01-01', knownRansomwareCampaignUse: 'Known' }],
        cvss: [{ source: 'nvd@nist.gov', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
        urls: ['https://example.com/a'],
      },
      relatedVulnerabilities: [{ id: 'CVE-2026-1' }],
      matchDetails: [{ found: { versionConstraint: '<1.0.1 (semver)' } }],
      artifact: {
        id: 'x1',
        name: 'left',
        version: '1.0.0',
        type: 'npm',
        purl: 'pkg:npm/left@1.0.0',
        locations: [{ path: '/app/package-lock.json' }],
      },
    },
  ],
  ignoredMatches: [
    {
      vulnerability: { id: 'CVE-2026-2', severity: 'Low', fix: { state: 'wont-fix' } },
      artifact: { id: 'x1', name: 'left', version: '1.0.0' },
      appliedIgnoreRules: [{ vulnerability: 'CVE-2026-2', reason: 'not reached' }],
    },
  ],
  source: { type: 'directory', target: '/app' },
  descriptor: { name: 'grype', version: '0.90.0', timestamp: '2026-01-02T03:04:05Z' },
};

const own = {
  schema: 'https://landwaiter.dev/schema/report/v1',
  tool: { name: 'landwaiter', version: '0.1.0' },
  createdAt: '2026-01-02T03:04:05Z',
  target: { target: 'dir:.', kind: 'directory', name: 'shop', version: '' },
  findings: [
    {
      kind: 'vulnerability',
      id: 'CVE-2026-1',
      aliases: [],
      package: { subject: 'package:pkg:npm/left@1.0.0', name: 'left', version: '1.0.0', type: 'npm' },
      severity: 'high',
      risk: 12,
      fixState: 'fixed',
      fixedVersions: ['1.0.1'],
      locations: [{ path: 'yarn.lock', line: 4 }],
    },
    { kind: 'horoscope' },
  ],
  suppressed: [],
  undecided: [{ rule: 'vulnerability/coverage', message: 'no advisories' }],
  coverage: [
    {
      filesSeen: 3,
      problems: [{ kind: 'syntax', message: 'cut', location: { path: 'go.mod' }, hidesFindings: true }],
    },
  ],
  lists: [
    {
      cataloger: 'yarn-lock',
      path: 'yarn.lock',
      ecosystem: 'npm',
      kind: 'declared',
      packages: [{ id: 'left@1.0.0', name: 'left', version: '1.0.0', type: 'npm' }],
    },
  ],
};

describe('readTrivyReport', () => {
  const report = readTrivyReport(JSON.stringify(trivy), 'trivy.json');

  it('reads packages with lines, edges and licences', () => {
    expect(report.lists[0]?.packages).toMatchObject([
      {
        id: 'left@1.0.0',
        type: 'npm',
        relationship: 'direct',
        licenses: ['MIT'],
        dependsOn: ['right@2.0.0'],
        locations: [{ path: 'yarn.lock', line: 4, endLine: 6 }],
      },
    ]);
    expect(report.problems).toEqual([]);
  });

  it('reads findings with who rated, scores and fixes', () => {
    expect(report.results[0]?.finding).toMatchObject({
      id: 'CVE-2026-1',
      severity: 'high',
      severitySource: 'vendor:ghsa',
      fixState: 'fixed',
      fixedVersions: ['1.0.1', '2.0.0'],
      cvss: [{ source: 'nvd', score: 9.8 }],
      package: { subject: 'package:pkg:npm/left@1.0.0' },
    });
  });

  it('keeps what was taken out, with the statement', () => {
    expect(report.results[1]?.suppressed).toEqual({
      by: 'vex',
      source: 'vex.json',
      reason: 'vulnerable_code_not_present',
      status: 'not_affected',
    });
  });

  it('makes packages that only a finding names, of the distribution the report states', () => {
    expect(report.lists[1]).toMatchObject({
      kind: 'installed',
      distribution: { id: 'debian', versionId: '12.5' },
      packages: [{ name: 'bash', type: 'deb' }],
    });
    expect(report.results[2]?.finding).toMatchObject({ fixState: 'will-not-fix', fixedVersions: [] });
  });

  it('says that another schema is not read', () => {
    expect(readTrivyReport('{"SchemaVersion":1,"Results":[]}', 'x').problems[0]?.kind).toBe('unsupported');
  });
});

describe('readGrypeReport', () => {
  const report = readGrypeReport(JSON.stringify(grype), 'grype.json');

  it('reads matches with related ids, exploitation and range', () => {
    expect(report.results[0]?.finding).toMatchObject({
      id: 'GHSA-aaaa-bbbb-cccc',
      aliases: ['CVE-2026-1'],
      severity: 'critical',
      risk: 42.5,
      epss: { score: 0.5, percentile: 0.9 },
      knownExploited: { ransomware: true },
      matches: [{ range: '<1.0.1 (semver)' }],
    });
    expect(report.lists).toMatchObject([{ path: 'app/package-lock.json', packages: [{ name: 'left' }] }]);
  });

  it('keeps ignored matches with their reason', () => {
    expect(report.results[1]).toMatchObject({
      finding: { id: 'CVE-2026-2', fixState: 'will-not-fix' },
      suppressed: { by: 'ignore', reason: 'not reached' },
    });
  });
});

describe('readLandwaiterReport', () => {
  const report = readLandwaiterReport(JSON.stringify(own), 'report.json');

  it('reads findings, packages and what could not be looked at', () => {
    expect(report.results).toMatchObject([{ finding: { id: 'CVE-2026-1', risk: 12 }, outcome: 'fail' }]);
    expect(report.lists[0]?.packages[0]?.scope).toBe('runtime');
    expect(report.undecided).toEqual([{ rule: 'vulnerability/coverage', message: 'no advisories' }]);
    expect(report.filesSeen).toBe(3);
  });

  it('tells of a finding that it does not understand, and of the problems the report tells of', () => {
    expect(report.problems.map((problem) => problem.message)).toEqual(['a finding that cannot be understood', 'cut']);
  });
});

describe('readScanReport', () => {
  it('knows the formats by their marks', async () => {
    const formats = await Promise.all(
      [trivy, grype, own, { bomFormat: 'CycloneDX' }].map((item) => readScanReport(JSON.stringify(item), 'x')),
    );

    expect(formats.map((report) => report?.format)).toEqual(['trivy', 'grype', 'landwaiter', undefined]);
    expect(await readScanReport('not json', 'x')).toBeUndefined();
  });
});

describe('readers of reports', () => {
  const readers = [readTrivyReport, readGrypeReport, readLandwaiterReport];

  it('never throw on any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (text, json) => {
        for (const read of readers) for (const input of [text, json]) expect(read(input, 'x').lists).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });

  it('never throw on a report in which something else stands in any place', () => {
    fc.assert(
      fc.property(fc.constantFrom(trivy, grype, own), fc.nat(200), fc.jsonValue(), (report, at, value) => {
        const changed = JSON.stringify(withValueAt(report, at, value));
        for (const read of readers) expect(Array.isArray(read(changed, 'x').results)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** The document with its n-th value (depth first) replaced. */
function withValueAt(document: unknown, at: number, value: unknown): unknown {
  let left = at;
  const visit = (item: unknown): unknown => {
    if (left === 0) {
      left = -1;
      return value;
    }
    left -= 1;
    if (Array.isArray(item)) return item.map(visit);
    if (item === null || typeof item !== 'object') return item;
    return Object.fromEntries(Object.entries(item).map(([key, member]) => [key, visit(member)]));
  };
  return visit(document);
}
