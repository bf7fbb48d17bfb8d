// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoltBucket } from '../../formats/bolt-file.ts';
import type { JsonObject } from '../../formats/document.ts';
import { FeedOutput } from '../feed.ts';
import { recordsOfTrivy } from '../trivy-records.ts';
import { trivyDb } from './trivy-db.ts';

type Tree = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function bucket(tree: JsonObject, depth: number): BoltBucket {
  return new Map(
    Object.entries(tree).map(([key, value]): [string, BoltBucket | Uint8Array] => [
      key,
      depth === 0 ? new TextEncoder().encode(JSON.stringify(value)) : bucket(value as JsonObject, depth - 1),
    ]),
  );
}

function read(packages: Readonly<Record<string, Tree>>, tables: Tree = {}): FeedOutput {
  const root = new Map([...bucket(packages, 2), ...bucket(tables, 1)]);
  const output = new FeedOutput();
  for (const record of recordsOfTrivy(root, 'trivy.db')) trivyDb.read(record, output);
  return output;
}

describe('trivyDb', () => {
  it('joins the advisories of a package with what the other tables say', () => {
    const output = read(
      { 'debian 12': { curl: { 'CVE-2024-0001': { FixedVersion: '1.2-3' } } } },
      {
        'data-source': { 'debian 12': { ID: 'debian' } },
        vulnerability: { 'CVE-2024-0001': { VendorSeverity: { debian: 1, nvd: 3 }, CweIDs: ['CWE-79'] } },
      },
    );

    expect([...output.advisories]).toMatchObject([
      {
        id: 'CVE-2024-0001',
        source: 'debian',
        cwes: ['CWE-79'],
        severities: [
          { source: 'debian', type: 'word', value: 'LOW' },
          { source: 'nvd', type: 'word', value: 'HIGH' },
        ],
        affected: [{ ecosystem: 'Debian:12', name: 'curl', ranges: [{ fixed: '1.2-3' }], fixState: 'fixed' }],
      },
    ]);
  });

  it('gives the word in the record of a patched package to the distribution, whose it is', () => {
    const [advisory] = read(
      { 'root.io debian 12': { 'rootio-curl': { 'CVE-2024-0001': { VulnerableVersions: ['<1.2-3'], Severity: 4 } } } },
      {
        'data-source': { 'root.io debian 12': { ID: 'rootio', BaseID: 'debian' } },
        vulnerability: { 'CVE-2024-0001': { VendorSeverity: { nvd: 1 } } },
      },
    ).advisories;

    expect(advisory?.source).toBe('rootio');
    expect(advisory?.severities[0]).toEqual({ source: 'debian', type: 'word', value: 'CRITICAL' });
    expect(advisory?.affected[0]?.severity).toBeUndefined();
  });

  it('takes what is patched out of what is vulnerable', () => {
    const value = { VulnerableVersions: ['<2.0'], PatchedVersions: ['>=1.5, <1.6'] };

    const [advisory] = read({ 'pip::GitHub Security Advisory Pip': { a: { 'CVE-2024-0001': value } } }).advisories;

    expect(advisory?.affected[0]?.ranges).toEqual([{ fixed: '1.5' }, { introduced: '1.6', fixed: '2.0' }]);
  });

  it('keeps the vulnerabilities of an erratum of Red Hat apart, and drops the note that nothing is fixed', () => {
    const output = read({
      'Red Hat': {
        'php:7.2::php': {
          'RHSA-2024:1': {
            Entries: [
              {
                FixedVersion: '0:7.2.11',
                Affected: [0],
                Cves: [{ ID: 'CVE-2024-0001', Severity: 4 }, { ID: 'CVE-2024-0002' }],
              },
            ],
          },
          'CVE-2024-0001': { Entries: [{ Status: 5, Affected: [0], Cves: [{}] }] },
        },
      },
      'Red Hat CPE': { cpe: { 0: 'cpe:/a:redhat:enterprise_linux:8::appstream' } },
    });

    expect([...output.advisories]).toMatchObject([
      {
        id: 'RHSA-2024:1',
        fixes: ['CVE-2024-0001'],
        affected: [{ ecosystem: 'Red Hat:enterprise_linux:8::appstream', modularity: 'php:7.2', severity: 'CRITICAL' }],
      },
      { id: 'RHSA-2024:1', fixes: ['CVE-2024-0002'] },
    ]);
  });

  it('tells of every member whose type hides what is affected', () => {
    const values = [{ FixedVersion: ['1'] }, 'text', { Entries: 'x' }, { Entries: ['x'] }, { PatchedVersions: 'x' }];
    const advisories = Object.fromEntries(values.map((value, at) => [`CVE-2024-000${at}`, value]));

    const output = read({ 'alpine 3.19': { curl: advisories } });

    expect(output.problemCount).toBe(values.length);
    expect(output.problems.every((problem) => problem.hidesFindings)).toBe(true);
    expect(output.advisoryCount).toBe(0);
  });

  it('throws nothing for any values', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (advisories, details) => {
        const output = new FeedOutput();
        const value = {
          trivyBucket: 'Red Hat',
          package: 'a',
          advisories,
          detailsOf: () => details,
          dataSource: details,
          productOf: () => 'cpe:/o:redhat:enterprise_linux:8::baseos',
        };
        expect(() => trivyDb.read({ path: 'x', value }, output)).not.toThrow();
      }),
      { numRuns: 60 },
    );
  });
});
