// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readFeed, readFeedFile } from '../../../test/support/read-feed.ts';
import { friendsofphp } from './friendsofphp.ts';
import { nodejs } from './nodejs.ts';
import { retirejs } from './retirejs.ts';
import { roave } from './roave.ts';
import { rubysec } from './rubysec.ts';
import { rustsec } from './rustsec.ts';

describe('rubysec', () => {
  const yaml = [
    '---',
    'gem: actionpack',
    'framework: rails',
    'cve: 2020-8264',
    'ghsa: 35mm-cc6r-8fjp',
    'title: prose',
    'date: 2020-10-07',
    'cvss_v3: 6.1',
    'cvss_v2: 9.9',
    'unaffected_versions:',
    '  - "< 6.0.0"',
    'patched_versions:',
    '  - "~> 6.0.3, >= 6.0.3.4"',
    '  - ">= 6.1.0"',
  ].join('\n');

  it('turns patched and unaffected versions into affected ones', () => {
    const { advisories, problems } = readFeedFile(rubysec, 'gems/actionpack/CVE-2020-8264.yml', yaml);

    expect(problems).toEqual([]);
    expect(advisories).toEqual([
      {
        id: 'CVE-2020-8264',
        aliases: ['GHSA-35mm-cc6r-8fjp'],
        source: 'rubysec',
        published: '2020-10-07T00:00:00Z',
        severities: [{ source: 'rubysec', type: 'word', value: 'medium' }],
        cwes: [],
        affected: [
          {
            ecosystem: 'RubyGems',
            name: 'actionpack',
            order: 'rubygems',
            // Prereleases of 6.1 are in neither of the patched requirements.
            ranges: [
              { introduced: '6.0.0', fixed: '6.0.3.4' },
              { introduced: '6.1.a', fixed: '6.1.0' },
            ],
            versions: [],
            fixState: 'fixed',
          },
        ],
      },
    ]);
  });

  it('takes a gem without any good version for affected in all', () => {
    const [advisory] = readFeed(rubysec, [{ gem: 'g', osvdb: 104365, title: 't', date: '2014-03-10' }]).advisories;

    expect(advisory).toMatchObject({ id: 'OSVDB-104365', affected: [{ ranges: [{}], fixState: 'not-fixed' }] });
  });

  it('keeps interpreters apart from gems', () => {
    const [advisory] = readFeed(rubysec, [
      { engine: 'jruby', cve: '2010-1330', title: 't', date: '2010-04-26', patched_versions: ['>= 1.4.1'] },
    ]).advisories;

    expect(advisory?.affected[0]).toMatchObject({ ecosystem: 'Ruby', name: 'jruby', ranges: [{ fixed: '1.4.1' }] });
  });

  it('joins the gems of one vulnerability', () => {
    const record = (gem: string) => ({
      gem,
      cve: '2020-0001',
      title: 't',
      date: '2020-01-01',
      patched_versions: ['>= 1.0'],
    });

    expect(
      readFeed(rubysec, [record('a'), record('b')]).advisories.map((advisory) =>
        advisory.affected.map((item) => item.name),
      ),
    ).toEqual([['a', 'b']]);
  });

  it('reports requirements it cannot read, and does not hide the gem for them', () => {
    const { advisories, problems } = readFeed(rubysec, [
      { gem: 'g', cve: '2020-0001', title: 't', date: '2020-01-01', patched_versions: ['see website'] },
    ]);

    expect(problems).toEqual(['"see website" is no requirement of a gem']);
    expect(advisories[0]?.affected[0]?.ranges).toEqual([{}]);
  });
});

describe('rustsec', () => {
  const page = (more = '') =>
    `\`\`\`toml\n[advisory]\nid = "RUSTSEC-2021-0001"\npackage = "mdbook"\ndate = "2021-01-04"\naliases = ["CVE-2020-26297"]\ncvss = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:N/A:N"\n${more}\n[versions]\npatched = [">= 0.4.5", "^0.3.8"]\nunaffected = ["< 0.1.4"]\n\`\`\`\n\n# Title\n\nProse.\n`;

  it('reads the front matter of a page', () => {
    const [advisory] = readFeedFile(rustsec, 'crates/mdbook/RUSTSEC-2021-0001.md', page()).advisories;

    expect(advisory).toMatchObject({
      id: 'RUSTSEC-2021-0001',
      aliases: ['CVE-2020-26297'],
      published: '2021-01-04T00:00:00Z',
      severities: [{ type: 'cvss3' }],
      affected: [{ ecosystem: 'crates.io', name: 'mdbook', order: 'cargo' }],
    });
    expect(advisory?.affected[0]?.ranges).toEqual([
      { introduced: '0.1.4', fixed: '0.3.8' },
      { introduced: '0.4.0-0', fixed: '0.4.5' },
    ]);
  });

  it('leaves out notices that are no weakness', () => {
    const { advisories, skipped } = readFeedFile(rustsec, 'a.md', page('informational = "unmaintained"'));

    expect(advisories).toEqual([]);
    expect(skipped).toEqual({ 'not security': 1 });
  });

  it('marks withdrawn advisories', () => {
    expect(readFeedFile(rustsec, 'a.md', page('withdrawn = "2022-02-02"')).advisories[0]?.withdrawn).toBe(
      '2022-02-02T00:00:00Z',
    );
  });

  it('passes over pages without front matter', () => {
    expect(readFeedFile(rustsec, 'README.md', '# Readme\n')).toMatchObject({ advisories: [], problems: [] });
  });
});

describe('friendsofphp', () => {
  const record = (parts: object = {}) => ({
    title: 'prose',
    link: 'https://example.org',
    cve: 'CVE-2014-5245',
    reference: 'composer://Symfony/Http-Kernel',
    branches: {
      '2.0.x': { time: null, versions: ['>=2.0.0', '<2.1.0'] },
      '2.1.x': { time: '2014-09-03 07:40:02', versions: ['>=2.1.0', '<2.1.9'] },
      '2.3.x': { time: '2014-09-04 07:40:02', versions: ['>=2.3.0', '<2.3.19'] },
    },
    ...parts,
  });

  it('joins branches and takes the first date of a fix', () => {
    const [advisory] = readFeed(friendsofphp, [record()]).advisories;

    expect(advisory).toMatchObject({ id: 'CVE-2014-5245', source: 'friendsofphp', published: '2014-09-03T07:40:02Z' });
    expect(advisory?.affected[0]).toMatchObject({
      name: 'symfony/http-kernel',
      order: 'packagist',
      ranges: [
        { introduced: '2.0.0', fixed: '2.1.9' },
        { introduced: '2.3.0', fixed: '2.3.19' },
      ],
    });
  });

  it('names advisories without a CVE after their file', () => {
    expect(
      readFeed(friendsofphp, [record({ cve: null })], 'symfony/http-kernel/2014-09-03.yaml').advisories[0]?.id,
    ).toBe('FOP:symfony/http-kernel/2014-09-03');
  });

  it('passes over other files of the repository and reports broken bounds', () => {
    const broken = record({ branches: { '1.x': { versions: ['until tomorrow('] } } });

    const { advisories, problems, skipped } = readFeed(friendsofphp, [{ name: 'Validation', jobs: {} }, broken]);

    expect(advisories).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(skipped).toEqual({ 'not an advisory': 1, 'no versions': 1 });
  });
});

describe('roave', () => {
  it('reads the conflicts of its composer.json and single packages alike', () => {
    const conflict = { 'a/b': '<1.4.3|>=1.5,<1.5.1', 'c/d': '==2.1' };

    const { advisories } = readFeed(roave, [
      { name: 'roave/security-advisories', conflict },
      { package: 'E/f', vulnerable: '*' },
    ]);

    expect(advisories.map(({ id, affected }) => [id, affected[0]?.ranges])).toEqual([
      ['ROAVE:a/b', [{ fixed: '1.4.3' }, { introduced: '1.5', fixed: '1.5.1' }]],
      ['ROAVE:c/d', [{ introduced: '2.1', lastAffected: '2.1' }]],
      ['ROAVE:e/f', [{}]],
    ]);
  });

  it('reports what is no constraint', () => {
    expect(readFeed(roave, [{ package: 'a/b', vulnerable: '((' }, {}]).problems).toHaveLength(2);
  });
});

describe('nodejs', () => {
  const npmRecord = (parts: object = {}) => ({
    id: 328,
    module_name: 'jquery',
    cves: ['CVE-2015-9251'],
    publish_date: '2017-03-21',
    updated_at: '2017-04-20',
    vulnerable_versions: '<=1.5.1',
    patched_versions: '>=1.5.2',
    cvss_vector: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:L/A:N',
    ...parts,
  });

  it('reads advisories of npm packages, ending at the fix', () => {
    expect(readFeed(nodejs, [npmRecord()]).advisories[0]).toMatchObject({
      id: 'NSWG-ECO-328',
      aliases: ['CVE-2015-9251'],
      published: '2017-03-21T00:00:00Z',
      severities: [{ type: 'cvss3' }],
      affected: [{ ecosystem: 'npm', name: 'jquery', ranges: [{ fixed: '1.5.2' }] }],
    });
  });

  it('knows the impossible versions that stand for "all" and "none"', () => {
    const [advisory] = readFeed(nodejs, [
      npmRecord({ vulnerable_versions: '*', patched_versions: '<0.0.0' }),
    ]).advisories;

    expect(advisory?.affected[0]).toMatchObject({ ranges: [{}], fixState: 'not-fixed' });
  });

  it('reads advisories of Node.js itself: the branches without what is patched', () => {
    const core = {
      cve: ['CVE-2017-0001', 'CVE-2017-0002'],
      vulnerable: '8.x || 7.x',
      patched: '^8.1.4 || ^7.10.1',
      severity: 'high',
      cvss: '3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N',
    };

    expect(readFeed(nodejs, [core], 'vuln/core/1.json').advisories[0]).toMatchObject({
      id: 'NSWG-CORE-1',
      aliases: [],
      fixes: ['CVE-2017-0001', 'CVE-2017-0002'],
      severities: [{ type: 'word', value: 'high' }, { type: 'cvss3' }],
      affected: [
        {
          ecosystem: 'Node.js',
          name: 'node',
          ranges: [
            { introduced: '7.0.0', fixed: '7.10.1' },
            { introduced: '8.0.0', fixed: '8.1.4' },
          ],
        },
      ],
    });
  });

  it('reports ranges that are none', () => {
    expect(
      readFeed(nodejs, [npmRecord({ vulnerable_versions: 'all of them' }), { vulnerable: '8.x', patched: '', cve: [] }])
        .problems,
    ).toHaveLength(2);
  });
});

describe('retirejs', () => {
  const component = (npmname: string | null, ...vulnerabilities: object[]) => ({
    component: 'jquery.js',
    npmname,
    bowername: null,
    vulnerabilities,
  });

  it('reads the components that are npm packages', () => {
    const { advisories, skipped } = readFeed(retirejs, [
      component('jquery', {
        atOrAbove: '1.2.0',
        below: '3.5.0',
        severity: 'medium',
        cwe: ['CWE-79'],
        identifiers: { CVE: ['CVE-2020-11022'], githubID: 'GHSA-gxr4-xjj5-5px2' },
      }),
      component(null, { below: '1.0.0', identifiers: {} }),
    ]);

    expect(advisories).toEqual([
      {
        id: 'GHSA-gxr4-xjj5-5px2',
        aliases: ['CVE-2020-11022'],
        source: 'retirejs',
        severities: [{ source: 'retirejs', type: 'word', value: 'medium' }],
        cwes: ['CWE-79'],
        affected: [
          expect.objectContaining({
            ecosystem: 'npm',
            name: 'jquery',
            ranges: [{ introduced: '1.2.0', fixed: '3.5.0' }],
          }),
        ],
      },
    ]);
    expect(skipped).toEqual({ 'no package': 1 });
  });

  it('reads the repository as it is published', () => {
    const repository = {
      jquery: {
        npmname: 'jquery',
        vulnerabilities: [{ below: '999.999.999', identifiers: { retid: '12' } }],
        extractors: {},
      },
    };

    expect(retirejs.recognises({ path: 'r.json', value: repository })).toBe(true);
    expect(readFeed(retirejs, [repository]).advisories).toMatchObject([
      { id: 'RETIREJS:jquery/retid-12', affected: [{ ranges: [{}], fixState: 'not-fixed' }] },
    ]);
  });

  it('takes several CVEs of one entry for several vulnerabilities', () => {
    const entry = { below: '2.0.0', identifiers: { CVE: ['CVE-2020-0001', 'CVE-2020-0002'] } };

    expect(readFeed(retirejs, [component('a', entry)]).advisories[0]).toMatchObject({
      aliases: [],
      fixes: ['CVE-2020-0001', 'CVE-2020-0002'],
    });
  });

  it('takes no impossible version for a fix, and the end of a branch for no vulnerability', () => {
    const { advisories, skipped } = readFeed(retirejs, [
      component(
        'a',
        { atOrAbove: '2.0.0', below: '2.999.999', identifiers: { retid: '1' } },
        { below: '3.0.0', cwe: ['CWE-1104'], identifiers: { retid: '2' } },
      ),
    ]);

    expect(advisories.map((advisory) => advisory.affected[0]?.ranges)).toEqual([
      [{ introduced: '2.0.0', lastAffected: '2.999.999' }],
    ]);
    expect(skipped).toEqual({ 'not security': 1 });
  });

  it('counts entries that nothing identifies', () => {
    expect(readFeed(retirejs, [component('a', { below: '1', identifiers: { summary: 'prose' } })]).skipped).toEqual({
      'no identifier': 1,
    });
  });
});
