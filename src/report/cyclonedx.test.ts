// SPDX-License-Identifier: Apache-2.0
// The official schemas come from the conformance pack; without it on disk the tests that need them are skipped.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { officialSchemas } from '../../test/conformance/cyclonedx-schemas.ts';
import { unpackedRoot } from '../../test/conformance/unpack.ts';
import { plainOptions, sampleLists, summaryOf, viewOf } from '../../test/sbom-content.ts';
import { readBom } from '../formats/cyclonedx/bom.ts';
import { readCycloneDx } from '../formats/cyclonedx/read-sbom.ts';
import { readCycloneDxVex } from '../formats/cyclonedx/vex.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Suppression } from '../model/decision.ts';
import { evidenceOf } from '../model/evidence.ts';
import type { VulnerabilityFinding } from '../model/finding.ts';
import type { GraphBuilder } from '../model/graph.ts';
import { type Package, type PackageList, packageOf } from '../model/package.ts';
import { cyclonedxJson } from './cyclonedx-json.ts';
import { cyclonedxVex } from './cyclonedx-vex.ts';
import { cyclonedxXml } from './cyclonedx-xml.ts';
import type { Report, ReportView } from './report.ts';

const packRoot = unpackedRoot('cyclonedx');
const schemas = packRoot === undefined ? undefined : officialSchemas(packRoot);

interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly component: object; readonly properties?: readonly object[] };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly [member: string]: unknown;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly compositions: readonly object[];
  readonly vulnerabilities?: readonly { readonly id: string; readonly [member: string]: unknown }[];
}

function write(report: Report, view: ReportView, formatVersion?: string): string {
  return report.write(view, { ...plainOptions, ...(formatVersion === undefined ? {} : { formatVersion }) });
}

function bomOf(view: ReportView, report: Report = cyclonedxJson): Bom {
  return JSON.parse(write(report, view)) as Bom;
}

function withCoverage(view: ReportView, coverage: Partial<Coverage>): ReportView {
  const graph = view.graph as GraphBuilder;
  const body = { filesSeen: 9, filesRead: 3, bytesRead: 100, skipped: [], problems: [], ...coverage };
  const producer = { name: 'landwaiter', version: '0.1.0' };
  graph.addEvidence(
    evidenceOf<'coverage'>({
      subject: 's',
      kind: 'coverage',
      body,
      producer,
      source: 'dir:shop',
      observedAt: '',
      trust: 'observed',
    }),
  );
  return view;
}

const finding: VulnerabilityFinding = {
  kind: 'vulnerability',
  id: 'CVE-2024-1',
  aliases: ['GHSA-aaaa-bbbb-cccc'],
  package: {
    subject: 'package:pkg:npm/ms@2.0.0',
    name: 'ms',
    version: '2.0.0',
    type: 'npm',
    purl: 'pkg:npm/ms@2.0.0',
    locations: [],
    scope: 'runtime',
    path: [],
  },
  severity: 'high',
  severitySource: 'vendor:ghsa',
  cvss: [{ source: 'nvd', version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', score: 7.5 }],
  epss: { score: 0.25, percentile: 0.9 },
  knownExploited: { added: '2024-02-01', ransomware: false },
  risk: 41.25,
  fixState: 'fixed',
  fixedVersions: ['2.0.1'],
  cwes: ['CWE-400', 'CWE-79'],
  published: '2024-01-01T00:00:00Z',
  matches: [
    { advisory: 'GHSA-aaaa-bbbb-cccc', source: 'ghsa', searched: 'npm / ms', order: 'semver', range: '< 2.0.1' },
  ],
  urls: ['https://advisories.example/1', 'not an address'],
};

function scanOf(items: readonly { finding: VulnerabilityFinding; suppressed?: Suppression }[]): ReportView {
  const view = viewOf(sampleLists);
  const graph = view.graph as GraphBuilder;
  for (const item of items) {
    graph.addDecision({
      rule: `vulnerability/${item.finding.id}`,
      subject: item.finding.package.subject,
      outcome: 'fail',
      severity: item.finding.severity,
      message: '',
      locations: [],
      evidence: [],
      ...item,
    });
  }
  const counts = { over: items.length, under: 0, suppressed: 0, errors: 0 };
  return { ...view, verdict: { state: 'findings', exitCode: 1, threshold: undefined, reason: '', counts } };
}

const inExpress = {
  ...finding.package,
  subject: 'package:pkg:npm/%40scope/express@4.0.0',
  name: '@scope/express',
  version: '4.0.0',
};
const excused: Suppression = {
  by: 'vex',
  source: 'vex.json',
  reason: 'vulnerable_code_not_present: removed',
  status: 'not_affected',
};
const ignored: Suppression = { by: 'ignore', source: 'landwaiter.yaml', reason: 'accepted' };

const views: readonly [string, ReportView][] = [
  ['an SBOM', viewOf(sampleLists)],
  ['an SBOM of nothing', viewOf([])],
  [
    'a scan',
    scanOf([
      { finding },
      { finding: { ...finding, package: inExpress }, suppressed: excused },
      { finding: { ...finding, id: 'CVE-2024-2', aliases: [], severity: 'negligible' }, suppressed: ignored },
    ]),
  ],
];

describe('CycloneDX reports', () => {
  test.each(views)('of %s are valid CycloneDX 1.6 and 1.7 by our own tables', (_name, view) => {
    for (const report of [cyclonedxJson, cyclonedxXml, cyclonedxVex]) {
      for (const version of ['1.6', '1.7']) {
        const read = readBom(write(report, view, version), 'x');
        expect({ minor: read.minor, problems: read.problems }).toEqual({
          minor: Number(version.slice(2)),
          problems: [],
        });
      }
    }
  });

  test.skipIf(schemas === undefined).each(views)(
    'of %s are valid by the official schemas (needs the pack)',
    (_name, view) => {
      for (const report of [cyclonedxJson, cyclonedxVex]) {
        for (const version of ['1.6', '1.7']) {
          expect(schemas?.(version, JSON.parse(write(report, view, version)))).toEqual([]);
        }
      }
    },
  );

  test('have the same bytes for the same input, and another serial number for another', () => {
    const [first, second] = [bomOf(viewOf(sampleLists)), bomOf(viewOf(structuredClone(sampleLists)))];

    expect(second).toEqual(first);
    expect(bomOf(viewOf(sampleLists.slice(1))).serialNumber).not.toBe(first.serialNumber);
  });

  test('refuse versions they do not write', () => {
    expect(() => write(cyclonedxJson, viewOf([]), '1.2')).toThrow('CycloneDX is not written in version 1.2');
  });

  test.each([cyclonedxJson, cyclonedxXml])('keep packages, dependencies and the operating system', (report) => {
    const kept = ['type', 'scope', 'digests', 'dependsOn', 'sources', 'cpes', 'locations'] as const;

    const document = readCycloneDx(write(report, viewOf(sampleLists)), 'x');

    expect(document.problems).toEqual([]);
    expect(summaryOf(document.lists, kept)).toEqual(summaryOf(sampleLists, kept));
    expect(document.distribution).toMatchObject({ id: 'debian', versionId: '12', codename: 'bookworm' });
    expect(document.lists.map((list) => list.path).toSorted()).toEqual(sampleLists.map((list) => list.path).toSorted());
  });

  test('give a licence as id, expression or name', () => {
    const { components } = bomOf(viewOf(sampleLists));

    const licensesOf = (name: string): unknown => components.find((component) => component.name === name)?.['licenses'];
    expect(licensesOf('ms')).toEqual([{ license: { acknowledgement: 'declared', id: 'MIT' } }]);
    expect(licensesOf('express')).toEqual([{ expression: 'MIT OR Apache-2.0', acknowledgement: 'declared' }]);
    expect(licensesOf('lib')).toEqual([{ license: { acknowledgement: 'declared', name: 'my own terms' } }]);
  });

  test('join what several files say of one package', () => {
    const item = packageOf({
      name: 'a',
      version: '1',
      type: 'npm',
      purl: 'pkg:npm/a@1',
      scope: 'development',
      licenses: ['MIT'],
    });
    const list = (path: string, changes: Partial<Package>): PackageList => ({
      cataloger: 'npm-lock',
      path,
      ecosystem: 'npm',
      kind: 'declared',
      packages: [{ ...item, ...changes }],
    });

    const { components } = bomOf(
      viewOf([list('a/lock', {}), list('b/lock', { scope: 'runtime', licenses: ['MIT', 'ISC'] })]),
    );

    expect(components).toMatchObject([
      {
        'bom-ref': 'pkg:npm/a@1',
        scope: 'required',
        evidence: { occurrences: [{ location: 'a/lock' }, { location: 'b/lock' }] },
      },
    ]);
    expect(components[0]?.['licenses']).toHaveLength(2);
  });

  test('do not take the SBOM that was read for a place of its packages', () => {
    const packages = [packageOf({ name: 'a', version: '1', type: 'npm', purl: 'pkg:npm/a@1' })];
    const list: PackageList = { cataloger: 'spdx', path: 'in.json', ecosystem: 'npm', kind: 'declared', packages };
    const view = viewOf([list]);

    const { components } = bomOf({ ...view, target: { ...view.target, kind: 'sbom', target: 'sbom:in.json' } });

    expect(components[0]?.['evidence']).toBeUndefined();
  });

  test('hang on the target what nothing else needs', () => {
    const { dependencies } = bomOf(viewOf(sampleLists));

    expect(dependencies.find((entry) => entry.ref === 'target')?.dependsOn).toEqual([
      'operating-system/debian@12',
      'pkg:maven/org.example/lib@3.1',
      'pkg:npm/shop@1.0.0',
    ]);
    expect(dependencies.map((entry) => entry.ref).toSorted()).toEqual(
      ['target', ...bomOf(viewOf(sampleLists)).components.map((component) => component['bom-ref'])].toSorted(),
    );
  });
});

describe('completeness', () => {
  test('is claimed when everything could be looked at', () => {
    expect(bomOf(withCoverage(viewOf(sampleLists), {})).compositions[0]).toEqual({
      aggregate: 'complete',
      assemblies: ['target'],
    });
  });

  test.each<Partial<Coverage>>([
    { problems: [{ kind: 'syntax', message: 'cut off', location: { path: 'a.lock', line: 3 }, hidesFindings: true }] },
    { skipped: [{ reason: 'unreadable', count: 1, examples: ['x'] }] },
  ])('is not claimed when something could not', (coverage) => {
    expect(bomOf(withCoverage(viewOf(sampleLists), coverage)).compositions[0]).toMatchObject({
      aggregate: 'incomplete',
    });
  });

  test('of dependencies is unknown where the file tells none', () => {
    const { compositions } = bomOf(withCoverage(viewOf(sampleLists), {}));

    expect(compositions[1]).toEqual({
      aggregate: 'unknown',
      dependencies: [
        'pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12',
        'pkg:maven/org.example/lib@3.1',
      ],
    });
  });

  test('names what could not be read', () => {
    const problem = {
      kind: 'syntax',
      message: 'cut off',
      location: { path: 'a.lock', line: 3 },
      hidesFindings: true,
    } as const;

    expect(bomOf(withCoverage(viewOf([]), { problems: [problem] })).metadata.properties).toEqual([
      { name: 'landwaiter:problems', value: '1' },
      { name: 'landwaiter:problem', value: 'a.lock:3: cut off' },
    ]);
  });
});

describe('vulnerabilities', () => {
  test('are not spoken of in a plain SBOM, and are an empty list after a scan that found none', () => {
    expect(bomOf(viewOf(sampleLists)).vulnerabilities).toBeUndefined();
    expect(bomOf(scanOf([])).vulnerabilities).toEqual([]);
  });

  test('have ratings, weaknesses, addresses and the packages they affect', () => {
    expect(bomOf(scanOf([{ finding }])).vulnerabilities).toEqual([
      {
        'bom-ref': 'vulnerability/CVE-2024-1',
        id: 'CVE-2024-1',
        source: { name: 'ghsa' },
        references: [{ id: 'GHSA-aaaa-bbbb-cccc', source: { name: 'GHSA' } }],
        ratings: [
          { source: { name: 'ghsa' }, severity: 'high', method: 'other' },
          {
            source: { name: 'nvd' },
            score: 7.5,
            severity: 'high',
            method: 'CVSSv31',
            vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
          },
        ],
        cwes: [79, 400],
        recommendation: 'Update ms to 2.0.1',
        advisories: [{ url: 'https://advisories.example/1' }],
        published: '2024-01-01T00:00:00Z',
        properties: [
          { name: 'landwaiter:risk', value: '41.3' },
          { name: 'landwaiter:fix-state', value: 'fixed' },
          { name: 'landwaiter:epss:score', value: '0.25' },
          { name: 'landwaiter:epss:percentile', value: '0.9' },
          { name: 'landwaiter:known-exploited:since', value: '2024-02-01' },
          { name: 'landwaiter:known-exploited:ransomware', value: 'false' },
        ],
        affects: [{ ref: 'pkg:npm/ms@2.0.0', versions: [{ version: '2.0.0', status: 'affected' }] }],
      },
    ]);
  });

  test('that VEX takes out become statements that are read again', () => {
    const view = scanOf([{ finding }, { finding: { ...finding, package: inExpress }, suppressed: excused }]);

    const { statements, problems } = readCycloneDxVex(write(cyclonedxVex, view), 'x');

    expect(problems).toEqual([]);
    expect(statements).toMatchObject([
      {
        vulnerabilities: ['CVE-2024-1', 'GHSA-aaaa-bbbb-cccc'],
        status: 'not_affected',
        justification: 'vulnerable_code_not_present',
        products: [{ id: 'pkg:npm/%40scope/express@4.0.0', versions: ['4.0.0'] }],
      },
    ]);
  });

  test('that are only ignored say nothing of being exploitable or not', () => {
    const { vulnerabilities } = bomOf(scanOf([{ finding, suppressed: ignored }]));

    expect(vulnerabilities?.[0]?.['analysis']).toEqual({
      response: ['will_not_fix'],
      detail: 'accepted (landwaiter.yaml)',
    });
  });
});

describe('lists of any content', () => {
  const word = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' });
  const anyPackage = fc.record({
    name: word,
    version: fc.option(word, { nil: '' }),
    scope: fc.constantFrom('runtime', 'optional', 'peer', 'build', 'test', 'development'),
    licenses: fc.array(fc.oneof(word, fc.constantFrom('MIT', 'MIT OR ISC')), { maxLength: 3 }),
    line: fc.option(fc.nat(99), { nil: undefined }),
    needs: fc.array(fc.nat(5), { maxLength: 3 }),
    hasPurl: fc.boolean(),
  });

  test('give documents that are valid and hold every package', () => {
    fc.assert(
      fc.property(fc.array(anyPackage, { maxLength: 6 }), (given) => {
        const packages = given.map(({ line, needs, hasPurl, ...parts }, index) =>
          packageOf({
            ...parts,
            type: 'npm',
            id: `${index}`,
            ...(hasPurl ? { purl: `pkg:npm/p${index}@1` } : {}),
            locations: line === undefined ? [] : [{ path: 'a b/ü.lock', line }],
            dependsOn: needs.filter((need) => need < given.length).map(String),
          }),
        );
        const view = viewOf([{ cataloger: 'npm-lock', path: 'lock', ecosystem: 'npm', kind: 'declared', packages }]);
        const distinct = new Set(packages.map((item) => item.purl ?? `${item.name}@${item.version}`)).size;
        for (const report of [cyclonedxJson, cyclonedxXml]) {
          const text = write(report, view);
          expect(readBom(text, 'x').problems).toEqual([]);
          const read = readCycloneDx(text, 'x').lists.flatMap((list) => list.packages);
          expect(read.filter((item) => item.purl !== undefined)).toHaveLength(
            packages.filter((item) => item.purl !== undefined).length,
          );
        }
        expect(bomOf(view).components).toHaveLength(distinct);
      }),
      { numRuns: 50 },
    );
  });
});
