// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readFeed } from '../../../test/support/read-feed.ts';
import { oval } from './oval.ts';
import { updateinfo } from './updateinfo.ts';

function ovalDocument(definition: string, rest: string): string {
  return `<?xml version="1.0"?><oval_definitions><definitions>${definition}</definitions>${rest}</oval_definitions>`;
}

const tests = `<tests>
  <red-def:rpminfo_test id="t:1"><red-def:object object_ref="o:1"/><red-def:state state_ref="s:1"/></red-def:rpminfo_test>
  <red-def:rpminfo_test id="t:2"><red-def:object object_ref="o:1"/></red-def:rpminfo_test></tests>
  <objects><red-def:rpminfo_object id="o:1"><red-def:name>nodejs</red-def:name></red-def:rpminfo_object></objects>
  <states><red-def:rpminfo_state id="s:1"><red-def:arch operation="pattern match">aarch64|x86_64</red-def:arch>
  <red-def:evr operation="less than">1:18.1-2.module+el9</red-def:evr></red-def:rpminfo_state></states>`;

describe('oval', () => {
  it('follows criteria to packages, with the module that must be enabled', () => {
    const definition = `<definition class="patch" id="oval:com.redhat.rhsa:def:1"><metadata>
      <title>RHSA-2024:1: nodejs:18 security update (Important)</title>
      <affected family="unix"><platform>Red Hat Enterprise Linux 9</platform></affected>
      <reference ref_id="RHSA-2024:1" source="RHSA"/><reference ref_id="CVE-2024-1111" source="CVE"/>
      <reference ref_id="CVE-2024-2222" source="CVE"/>
      <advisory><severity>Important</severity><issued date="2024-02-03"/></advisory></metadata>
      <criteria operator="AND"><criterion comment="Module nodejs:18 is enabled" test_ref="t:9"/>
      <criteria operator="OR"><criterion comment="nodejs is earlier than 1:18.1-2.module+el9" test_ref="t:1"/>
      <criterion comment="nodejs is signed with Red Hat key" test_ref="t:2"/></criteria></criteria></definition>`;

    const { advisories, problems } = readFeed(oval, [ovalDocument(definition, tests).replaceAll('red-def:', 'r:')]);

    expect(problems).toEqual([]);
    expect(advisories).toMatchObject([
      {
        id: 'RHSA-2024:1',
        aliases: [],
        fixes: ['CVE-2024-1111', 'CVE-2024-2222'],
        source: 'redhat',
        published: '2024-02-03T00:00:00Z',
        severities: [{ source: 'redhat', type: 'word', value: 'Important' }],
        affected: [
          {
            ecosystem: 'Red Hat:9',
            name: 'nodejs',
            ranges: [{ fixed: '1:18.1-2.module+el9' }],
            modularity: 'nodejs:18',
            architectures: ['aarch64', 'x86_64'],
          },
        ],
      },
    ]);
  });

  it('keeps what the vendor will not fix, with its decision', () => {
    const definition = `<definition class="vulnerability" id="d:2"><metadata><title>CVE-2024-3333 nodejs</title>
      <affected><platform>Red Hat Enterprise Linux 9</platform></affected><reference ref_id="CVE-2024-3333" source="CVE"/>
      <advisory><affected><resolution state="Will not fix"><component>nodejs</component></resolution></affected></advisory></metadata>
      <criteria operator="OR"><criterion comment="nodejs is installed" test_ref="t:2"/></criteria></definition>`;

    const { advisories } = readFeed(oval, [ovalDocument(definition, tests).replaceAll('red-def:', '')]);

    expect(advisories[0]?.affected).toMatchObject([{ name: 'nodejs', ranges: [{}], fixState: 'will-not-fix' }]);
  });

  it('takes the names of an Ubuntu object from its variable', () => {
    const definition = `<definition class="vulnerability" id="d:3"><metadata><title>CVE-2024-4444 on Ubuntu 22.04 LTS (jammy) - low</title>
      <affected><platform>Ubuntu 22.04 LTS</platform></affected><reference source="CVE" ref_id="CVE-2024-4444"/>
      <advisory><severity>Low</severity></advisory></metadata>
      <criteria><criterion test_ref="t:3" comment="curl package in jammy was vulnerable but has been fixed (note: '7.81')."/></criteria></definition>`;
    const rest = `<tests><dpkginfo_test id="t:3"><object object_ref="o:3"/><state state_ref="s:3"/></dpkginfo_test></tests>
      <objects><dpkginfo_object id="o:3"><name var_ref="v:3" var_check="at least one"/></dpkginfo_object></objects>
      <states><dpkginfo_state id="s:3"><evr operation="less than">0:7.81-1ubuntu1</evr></dpkginfo_state></states>
      <variables><constant_variable id="v:3"><value>curl</value><value>libcurl4</value></constant_variable></variables>`;

    const { advisories } = readFeed(oval, [ovalDocument(definition, rest)]);

    expect(advisories[0]).toMatchObject({ id: 'CVE-2024-4444', source: 'ubuntu' });
    expect(advisories[0]?.affected.map(({ ecosystem, name, ranges }) => [ecosystem, name, ranges[0]?.fixed])).toEqual([
      ['Ubuntu:22.04:LTS', 'curl', '7.81-1ubuntu1'],
      ['Ubuntu:22.04:LTS', 'libcurl4', '7.81-1ubuntu1'],
    ]);
  });

  it('tells of documents that end too early', () => {
    const { problems } = readFeed(oval, ['<oval_definitions><definitions><definition class="patch">']);

    expect(problems.length).toBeGreaterThan(0);
  });
});

describe('updateinfo', () => {
  it('reads errata of Amazon Linux, and limits those of a kernel line to it', () => {
    const text = `<updates><update type="security"><id>ALAS2KERNEL-5.10-2024-1</id><severity>important</severity>
      <issued date="2024-01-07 18:00"/><references><reference id="CVE-2024-1111" type="cve"/></references>
      <pkglist><collection><package name="kernel" arch="x86_64" epoch="0" version="5.10.1" release="1.amzn2"/>
      <package name="kernel" arch="aarch64" epoch="0" version="5.10.1" release="1.amzn2"/></collection></pkglist></update>
      <update type="bugfix"><id>ALAS2-2024-2</id></update></updates>`;

    const { advisories, skipped } = readFeed(updateinfo, [text]);

    expect(skipped).toEqual({ 'not security': 1 });
    expect(advisories).toMatchObject([
      {
        id: 'ALAS2KERNEL-5.10-2024-1',
        aliases: ['CVE-2024-1111'],
        published: '2024-01-07T18:00:00Z',
        affected: [
          {
            ecosystem: 'Amazon Linux:2',
            name: 'kernel',
            ranges: [{ introduced: '5.10', fixed: '5.10.1-1.amzn2' }],
            architectures: ['x86_64', 'aarch64'],
          },
        ],
      },
    ]);
  });

  it.each([
    ['BRSA-abc1', '1.1749.br1', 'Bottlerocket'],
    ['ELSA-2024-1', '2.0.1.el8_9', 'Oracle Linux:8'],
    ['FEDORA-2024-1', '2.fc39', 'Fedora:39'],
    ['ALAS2023-2024-1', '2.amzn2023.0.1', 'Amazon Linux:2023'],
  ])('knows the release of %s by the build %s', (id, release, ecosystem) => {
    const text = `<updates><update type="security"><id>${id}</id><pkglist><collection>
      <package name="a" arch="noarch" epoch="1" version="2.0" release="${release}"/></collection></pkglist></update></updates>`;

    const { advisories } = readFeed(updateinfo, [text]);

    expect(advisories[0]?.affected).toEqual([
      expect.objectContaining({ ecosystem, name: 'a', ranges: [{ fixed: `1:2.0-${release}` }] }),
    ]);
  });
});
