// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../model/limits.ts';
import { FeedOutput } from '../feed.ts';
import { recordsOf } from '../feed-files.ts';
import { advisorySources } from '../feed-sources.ts';
import { feedOf, feeds, recogniseFeed } from './index.ts';

const examples: Readonly<Record<string, unknown>> = {
  osv: {
    id: 'GHSA-1111-2222-3333',
    modified: '2024-01-01T00:00:00Z',
    aliases: ['CVE-2024-0001'],
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [
      {
        package: { ecosystem: 'npm', name: 'a' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.0.0' }] }],
        versions: ['0.1.0'],
      },
    ],
  },
  'debian-tracker': { curl: { 'CVE-2023-0001': { releases: { bookworm: { status: 'open', urgency: 'low' } } } } },
  'debian-errata': { id: 'DSA-1-1', date: '01 Apr 2023', cves: ['CVE-2020-0001'], fixed: { bookworm: { p: '1.0' } } },
  'debian-changelog': { source: 'curl', version: '1', distribution: 'bookworm', cves: ['CVE-2020-0001'] },
  alpine: { distroversion: 'v3.19', packages: [{ pkg: { name: 'a', secfixes: { '1-r0': ['CVE-2020-0001'] } } }] },
  rustsec: { advisory: { id: 'RUSTSEC-2020-0001', package: 'a' }, versions: { patched: ['>= 1.0.0'] } },
  rubysec: { gem: 'a', cve: '2020-0001', title: 't', date: '2020-01-01', patched_versions: ['~> 1.2'] },
  friendsofphp: { reference: 'composer://a/b', cve: null, branches: { '1.x': { versions: ['<1.2'] } } },
  roave: { package: 'a/b', vulnerable: '<1.2' },
  nodejs: { id: 1, module_name: 'a', vulnerable_versions: '<1.0.0', cves: [] },
  retirejs: { component: 'a', npmname: 'a', vulnerabilities: [{ below: '1.0.0', identifiers: { retid: '1' } }] },
  nvd: {
    cve: {
      id: 'CVE-2020-0001',
      vulnStatus: 'Analyzed',
      configurations: [
        {
          operator: 'AND',
          nodes: [
            {
              operator: 'OR',
              negate: false,
              cpeMatch: [
                { vulnerable: true, criteria: 'cpe:2.3:a:v:p:*:*:*:*:*:*:*:*', versionEndExcluding: '1.2' },
                { vulnerable: true, criteria: 'cpe:2.3:a:v:p:2.0:rc1:*:*:*:*:*:*' },
              ],
            },
            { cpeMatch: [{ vulnerable: false, criteria: 'cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*' }] },
          ],
        },
      ],
      metrics: {
        cvssMetricV31: [
          {
            source: 'nvd@nist.gov',
            type: 'Primary',
            cvssData: { vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
          },
        ],
      },
    },
  },
  'vunnel-os': {
    Vulnerability: {
      Name: 'CVE-2020-0001',
      NamespaceName: 'debian:12',
      Severity: 'High',
      FixedIn: [{ Name: 'a', NamespaceName: 'debian:12', Version: '1.0-1' }],
    },
  },
  'trivy-db': {
    trivyBucket: 'debian 12',
    package: 'curl',
    advisories: { 'CVE-2020-0001': { FixedVersion: '1.2-3' } },
    detailsOf: () => ({ VendorSeverity: { debian: 2 } }),
    dataSource: { ID: 'debian' },
    productOf: () => undefined,
  },
  oval: `<oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5"><definitions>
    <definition id="oval:d:1" class="patch"><metadata><title>ELSA-2024-1</title>
      <affected family="unix"><platform>Oracle Linux 9</platform></affected>
      <reference source="elsa" ref_id="ELSA-2024-1"/></metadata>
      <criteria><criterion comment="curl is earlier than 0:7.1-2.el9" test_ref="oval:t:1"/></criteria></definition>
    </definitions>
    <tests><rpminfo_test id="oval:t:1"><object object_ref="oval:o:1"/><state state_ref="oval:s:1"/></rpminfo_test></tests>
    <objects><rpminfo_object id="oval:o:1"><name>curl</name></rpminfo_object></objects>
    <states><rpminfo_state id="oval:s:1"><evr datatype="evr_string" operation="less than">0:7.1-2.el9</evr></rpminfo_state></states>
    </oval_definitions>`,
  csaf: {
    document: { csaf_version: '2.0', publisher: { namespace: 'https://www.redhat.com' } },
    product_tree: {
      branches: [
        {
          product: {
            product_id: 'BaseOS-9',
            product_identification_helper: { cpe: 'cpe:/o:redhat:enterprise_linux:9::baseos' },
          },
        },
        {
          product: {
            product_id: 'curl-7',
            product_identification_helper: { purl: 'pkg:rpm/redhat/curl@7.1-2.el9?arch=x86_64' },
          },
        },
      ],
      relationships: [
        {
          full_product_name: { product_id: 'BaseOS-9:curl-7' },
          product_reference: 'curl-7',
          relates_to_product_reference: 'BaseOS-9',
        },
      ],
    },
    vulnerabilities: [{ cve: 'CVE-2024-0001', product_status: { fixed: ['BaseOS-9:curl-7'] } }],
  },
  updateinfo: `<updates><update type="security"><id>ALAS2-2024-1</id><pkglist><collection>
    <package arch="x86_64" epoch="0" name="curl" version="7.1" release="2.amzn2"/></collection></pkglist></update></updates>`,
  photon: { cve_id: 'CVE-2020-0001', pkg: 'curl', aff_ver: 'all', res_ver: '7.1-2.ph5' },
  openvex: {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    statements: [
      { vulnerability: { name: 'CVE-2020-0001' }, products: [{ '@id': 'pkg:pypi/a@1.0' }], status: 'not_affected' },
    ],
  },
  'vunnel-github': {
    Advisory: {
      ghsaId: 'GHSA-1111-2222-3333',
      CVE: ['CVE-2020-0001'],
      Severity: 'Low',
      FixedIn: [{ name: 'a', ecosystem: 'python', range: '>= 1.0 < 1.2', identifier: '1.2' }],
    },
  },
  kev: { cveID: 'CVE-2020-0001', dateAdded: '2020-01-01' },
  epss: 'cve,epss,percentile\nCVE-2020-0001,0.1,0.2\n',
};

/** A copy with one value somewhere inside replaced. */
function mutate(value: unknown, steps: readonly number[], replacement: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || value === null || typeof value !== 'object') return replacement;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return replacement;
  const changed = mutate((value as Record<string, unknown>)[key], rest, replacement);
  return Array.isArray(value)
    ? value.map((item, index) => (String(index) === key ? changed : item))
    : { ...value, [key]: changed };
}

describe('feeds', () => {
  it('each recognise their own records and no others', () => {
    for (const [id, value] of Object.entries(examples)) expect(recogniseFeed({ path: 'x', value })?.id, id).toBe(id);
    expect(Object.keys(examples).sort()).toEqual(feeds.map((feed) => feed.id).sort());
    expect(recogniseFeed({ path: 'x', value: { hello: 1 } })).toBeUndefined();
    expect(feedOf('osv')?.id).toBe('osv');
    expect(feedOf('nonsense')).toBeUndefined();
  });

  it('each give advisories with a source that has an attribution, or context', () => {
    for (const feed of feeds) {
      const output = new FeedOutput();
      feed.read({ path: 'vuln/core/1.json', value: examples[feed.id] }, output);

      expect(output.advisoryCount + output.context.size, feed.id).toBe(1);
      for (const { source } of output.advisories) expect(advisorySources.has(source), source).toBe(true);
      for (const source of output.contextSources.keys()) expect(advisorySources.has(source), source).toBe(true);
    }
  });

  it('never throw on any value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const feed of feeds) {
          feed.recognises({ path: 'x', value });
          feed.read({ path: 'x', value }, new FeedOutput());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never throw on their own records with something changed', () => {
    const replacement = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.string(),
      fc.constantFrom('', '0', '*', '>=', '1.0.0 - ', '~> ', '[', 'CVE-', '0001-01-01'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...feeds),
        fc.array(fc.nat(9), { maxLength: 7 }),
        replacement,
        (feed, steps, value) => {
          const changed = mutate(examples[feed.id], steps, value);
          feed.recognises({ path: 'x', value: changed });
          feed.read({ path: 'vuln/core/1.json', value: changed }, new FeedOutput());
        },
      ),
      { numRuns: 600 },
    );
  });

  it('never throw on any bytes in any kind of file', () => {
    const path = fc.constantFrom('a.json', 'a.jsonl', 'a.yaml', 'a.md', 'a.csv', 'a.zip', 'a.json.gz', 'DSA/list');
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string().map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(path, content, (name, bytes) => {
        const output = new FeedOutput();
        for (const record of recordsOf(
          { path: name, bytes },
          { limits: defaultLimits, onProblem: (problem) => output.problem(problem) },
        )) {
          recogniseFeed(record)?.read(record, output);
        }
      }),
    );
  });
});
