// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readFeed } from '../../../test/support/read-feed.ts';
import { alpine } from './alpine.ts';
import { csaf } from './csaf.ts';
import { photon } from './photon.ts';

const host = {
  product: {
    product_id: 'AppStream-9',
    product_identification_helper: { cpe: 'cpe:/a:redhat:enterprise_linux:9::appstream' },
  },
};

function part(id: string, purl: string): object {
  return { product: { product_id: id, product_identification_helper: { purl } } };
}

function relation(id: string, product: string, of: string): object {
  return { full_product_name: { product_id: id }, product_reference: product, relates_to_product_reference: of };
}

function csafDocument(branches: readonly object[], relationships: readonly object[], vulnerability: object): object {
  return {
    document: {
      csaf_version: '2.0',
      publisher: { namespace: 'https://www.redhat.com' },
      tracking: { initial_release_date: '2024-01-02T03:04:05+00:00' },
    },
    product_tree: { branches: [{ branches: [host, ...branches] }], relationships },
    vulnerabilities: [{ cve: 'CVE-2024-1111', ...vulnerability }],
  };
}

describe('csaf', () => {
  it('reads builds of several architectures as one fix, with the module they belong to', () => {
    const document = csafDocument(
      [
        part('nodejs:18:80:rhel9', 'pkg:rpmmod/redhat/nodejs@18:80:rhel9'),
        part('n.x86_64', 'pkg:rpm/redhat/nodejs@18.1-2.module%2Bel9?arch=x86_64&epoch=1'),
        part('n.aarch64', 'pkg:rpm/redhat/nodejs@18.1-2.module%2Bel9?arch=aarch64&epoch=1'),
      ],
      [
        relation('AppStream-9:nodejs:18:80:rhel9', 'nodejs:18:80:rhel9', 'AppStream-9'),
        relation('x', 'n.x86_64', 'AppStream-9:nodejs:18:80:rhel9'),
        relation('y', 'n.aarch64', 'AppStream-9:nodejs:18:80:rhel9'),
      ],
      {
        product_status: { fixed: ['x', 'y'] },
        threats: [{ category: 'impact', details: 'Important' }],
        scores: [{ cvss_v3: { vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' } }],
        cwe: { id: 'CWE-79' },
      },
    );

    const { advisories, problems } = readFeed(csaf, [document]);

    expect(problems).toEqual([]);
    expect(advisories).toMatchObject([
      {
        id: 'CVE-2024-1111',
        source: 'redhat',
        published: '2024-01-02T03:04:05Z',
        cwes: ['CWE-79'],
        severities: [{ value: 'Important' }, { type: 'cvss3' }],
        affected: [
          {
            ecosystem: 'Red Hat:enterprise_linux:9::appstream',
            name: 'nodejs',
            ranges: [{ fixed: '1:18.1-2.module+el9' }],
            modularity: 'nodejs:18',
            architectures: ['aarch64', 'x86_64'],
          },
        ],
      },
    ]);
  });

  it.each([
    ['no_fix_planned', 'Will not fix', 'will-not-fix'],
    ['none_available', 'Fix deferred', 'fix-deferred'],
    ['no_fix_planned', 'Out of support scope', 'end-of-life'],
    ['none_available', 'Affected', 'not-fixed'],
  ])('keeps what stays without a repair: %s, %s', (category, details, expected) => {
    const document = csafDocument(
      [part('bash', 'pkg:rpm/redhat/bash?arch=src')],
      [relation('z', 'bash', 'AppStream-9')],
      { product_status: { known_affected: ['z'] }, remediations: [{ category, details, product_ids: ['z'] }] },
    );

    const { advisories } = readFeed(csaf, [document]);

    expect(advisories[0]?.affected).toMatchObject([{ name: 'bash', ranges: [{}], fixState: expected }]);
  });

  it('knows the products of SUSE by name, and counts what is not affected', () => {
    const document = {
      ...csafDocument([], [relation('z', 'curl-7.1-150500.1.x86_64', 'SLES')], {
        product_status: { recommended: ['z'], known_not_affected: ['q'] },
      }),
      document: { csaf_version: '2.0', publisher: { namespace: 'https://www.suse.com/' } },
      product_tree: {
        full_product_names: [{ product_id: 'SLES', name: 'SUSE Linux Enterprise Server 15 SP5' }],
        relationships: [relation('z', 'curl-7.1-150500.1.x86_64', 'SLES')],
      },
    };

    const { advisories, skipped } = readFeed(csaf, [document]);

    expect(skipped).toEqual({ 'not affected': 1 });
    expect(advisories[0]).toMatchObject({
      source: 'suse',
      affected: [
        { ecosystem: 'SUSE:Linux Enterprise Server 15 SP5', name: 'curl', ranges: [{ fixed: '7.1-150500.1' }] },
      ],
    });
  });
});

describe('photon', () => {
  it('takes the release from the name of the file, else from the build', () => {
    const entry = { cve_id: 'CVE-2024-1111', pkg: 'curl', cve_score: 9.8, aff_ver: 'all before', res_ver: '7.1-2.ph4' };

    const named = readFeed(photon, [{ ...entry, res_ver: 'NA' }], 'cve_data_photon5.0.json').advisories;
    const marked = readFeed(photon, [entry], 'data.json').advisories;

    expect(named[0]?.affected).toMatchObject([{ ecosystem: 'Photon OS:5.0', ranges: [{}], fixState: 'not-fixed' }]);
    expect(marked[0]?.affected).toMatchObject([{ ecosystem: 'Photon OS:4.0', ranges: [{ fixed: '7.1-2.ph4' }] }]);
    expect(marked[0]?.severities).toEqual([{ source: 'photon', type: 'word', value: 'critical' }]);
  });
});

describe('alpine', () => {
  it.each([
    ['https://packages.wolfi.dev', 'Wolfi'],
    ['https://packages.cgr.dev', 'Chainguard'],
    ['https://packages.mini.dev/os', 'MinimOS'],
  ])('reads the rolling system of %s', (urlprefix, ecosystem) => {
    const packages = [{ pkg: { name: 'curl', secfixes: { '8.1-r0': ['CVE-2024-1111', 'GHSA-aaaa-bbbb-cccc'] } } }];

    const { advisories } = readFeed(alpine, [{ urlprefix, reponame: 'os', packages }]);

    expect(advisories.map(({ id, affected }) => [id, affected[0]?.ecosystem])).toEqual([
      ['CVE-2024-1111', ecosystem],
      ['GHSA-aaaa-bbbb-cccc', ecosystem],
    ]);
  });
});
