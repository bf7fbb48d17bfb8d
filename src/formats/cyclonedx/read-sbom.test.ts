// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { Package } from '../../model/package.ts';
import { readCycloneDx } from './read-sbom.ts';

function documentOf(members: object): string {
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, ...members });
}

function packagesOf(members: object): readonly Package[] {
  return readCycloneDx(documentOf(members), 'sbom.json').lists.flatMap((list) => list.packages);
}

function packageOfComponent(component: object): Package {
  const [only] = packagesOf({ components: [{ type: 'library', name: 'a', ...component }] });
  if (only === undefined) throw new Error('no package');
  return only;
}

function properties(values: Readonly<Record<string, string>>): object {
  return { properties: Object.entries(values).map(([name, value]) => ({ name, value })) };
}

describe('the head of a document', () => {
  test('gives version, serial number, tools, time and what is described', () => {
    const text = documentOf({
      serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
      metadata: {
        timestamp: '2024-01-02T03:04:05Z',
        tools: { components: [{ type: 'application', name: 'maker', version: '2' }], services: [{ name: 'server' }] },
        component: { type: 'container', 'bom-ref': 'img', name: 'shop', version: '1' },
      },
    });

    expect(readCycloneDx(text, 'sbom.json')).toMatchObject({
      format: 'cyclonedx',
      specVersion: '1.6',
      name: 'shop',
      version: '1',
      serial: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
      createdAt: '2024-01-02T03:04:05Z',
      tools: ['maker 2', 'server'],
      root: { id: 'img', name: 'shop', type: 'container', dependsOn: [] },
      lists: [],
      problems: [],
    });
  });

  test('takes the list of tools of older versions', () => {
    expect(
      readCycloneDx(documentOf({ metadata: { tools: [{ vendor: 'v', name: 'maker', version: '1' }] } }), 'x').tools,
    ).toEqual(['maker 1']);
  });
});

describe('components', () => {
  test('give identity, licences, hashes and references', () => {
    const found = packageOfComponent({
      group: '@scope',
      name: 'a',
      version: '1.0',
      purl: 'pkg:npm/%40scope/a@1.0',
      cpe: 'cpe:2.3:a:v:a:1.0:*:*:*:*:*:*:*',
      scope: 'optional',
      licenses: [{ license: { id: 'MIT' } }, { license: { name: 'my terms' } }],
      hashes: [{ alg: 'SHA-1', content: 'E50347611D7E690943208BBDAFEBCBC2FB866D46' }],
      externalReferences: [{ type: 'vcs', url: 'https://git.example/a' }],
      supplier: { name: 'Acme' },
    });

    expect(found).toMatchObject({
      name: '@scope/a',
      version: '1.0',
      type: 'npm',
      purl: 'pkg:npm/%40scope/a@1.0',
      scope: 'optional',
      licenses: ['MIT', 'my terms'],
      digests: ['sha1:e50347611d7e690943208bbdafebcbc2fb866d46'],
      cpes: ['cpe:2.3:a:v:a:1.0:*:*:*:*:*:*:*'],
      facts: { repository: 'https://git.example/a', supplier: 'Acme' },
    });
  });

  test('prefer what is declared over what was concluded', () => {
    const licenses = [
      { license: { id: 'ISC', acknowledgement: 'concluded' } },
      { expression: 'MIT OR ISC', acknowledgement: 'declared' },
    ];

    expect(packageOfComponent({ licenses }).licenses).toEqual(['MIT OR ISC']);
  });

  test('are read at any depth', () => {
    const inner = { type: 'library', name: 'c', version: '1', purl: 'pkg:npm/c@1' };
    const components = [
      { type: 'library', name: 'a', version: '1', components: [{ type: 'framework', name: 'b', components: [inner] }] },
    ];

    expect(packagesOf({ components }).map((item) => item.name)).toEqual(['a', 'b', 'c']);
  });

  test('tell their files as occurrences', () => {
    const evidence = { occurrences: [{ location: '/app/a.lock', line: 3 }, { location: 'b.lock#L7' }] };

    expect(packageOfComponent({ evidence }).locations).toEqual([
      { path: 'app/a.lock', line: 3 },
      { path: 'b.lock', line: 7 },
    ]);
  });

  test('of Syft tell their places, source package and further CPEs in properties', () => {
    const layer = `sha256:${'a'.repeat(64)}`;

    const found = packageOfComponent({
      version: '1.1-1',
      purl: 'pkg:deb/debian/a@1.1-1?distro=debian-12',
      ...properties({
        'syft:location:0:path': '/var/lib/dpkg/status',
        'syft:location:0:layerID': layer,
        'syft:metadata:source': 'a-src',
        'syft:cpe23': 'cpe:2.3:a:a:a:1.1:*:*:*:*:*:*:*',
      }),
    });

    expect(found).toMatchObject({
      locations: [{ path: 'var/lib/dpkg/status', layer }],
      sources: [{ name: 'a-src', version: '1.1-1' }],
      cpes: ['cpe:2.3:a:a:a:1.1:*:*:*:*:*:*:*'],
    });
  });

  test('of Trivy tell file, layer and source package in properties', () => {
    const layer = `sha256:${'b'.repeat(64)}`;

    const found = packageOfComponent({
      version: '1.0.2k-16.el7',
      purl: 'pkg:rpm/centos/a@1.0.2k-16.el7?epoch=1&distro=centos-7',
      ...properties({
        'aquasecurity:trivy:SrcName': 'a-src',
        'aquasecurity:trivy:SrcVersion': '1.0.2k',
        'aquasecurity:trivy:SrcRelease': '16.el7',
        'aquasecurity:trivy:SrcEpoch': '1',
        'aquasecurity:trivy:LayerDiffID': layer,
        'aquasecurity:trivy:FilePath': 'var/lib/rpm/Packages',
      }),
    });

    expect(found).toMatchObject({
      version: '1:1.0.2k-16.el7',
      sources: [{ name: 'a-src', version: '1:1.0.2k-16.el7' }],
      locations: [{ path: 'var/lib/rpm/Packages', layer }],
    });
  });

  test('without a name, or with a purl that is none, are problems that may hide something', () => {
    const components = [{ type: 'library' }, { type: 'library', name: 'a', version: '1', purl: 'npm/a@1' }];

    const { problems, lists } = readCycloneDx(documentOf({ components }), 'sbom.json');

    expect(problems.filter((problem) => problem.hidesFindings).map((problem) => problem.message)).toEqual([
      'a component has neither a name nor a package URL',
      'a: "npm/a@1" is not a package URL',
    ]);
    expect(lists.flatMap((list) => list.packages)).toMatchObject([{ name: 'a', type: 'generic' }]);
  });
});

describe('documents that cannot be read in full', () => {
  test.each([
    '{"bomFormat":"CycloneDX","specVersion":"1.6","components":{}}',
    '{"bomFormat":"CycloneDX","specVersion":"2.0"}',
    '[]',
    '<sbom/>',
    '<bom xmlns="http://cyclonedx.org/schema/bom/2.0"/>',
    'spec_version: "9.9"',
  ])('say that something may be missed: %s', (text) => {
    expect(readCycloneDx(text, 'x').problems.some((problem) => problem.hidesFindings)).toBe(true);
  });
});

describe('very many problems', () => {
  test('are counted in one', () => {
    const components = Array.from({ length: 1_200 }, () => ({ type: 'library', name: 'a', 'bom-ref': 'same' }));

    const { problems } = readCycloneDx(documentOf({ components }), 'x');

    expect(problems.at(-1)?.message).toBe('199 further problems with components');
  });
});

describe('the graph', () => {
  const lock = {
    type: 'application',
    'bom-ref': 'lock',
    name: 'app/package-lock.json',
    ...properties({ 'aquasecurity:trivy:Type': 'npm', 'aquasecurity:trivy:Class': 'lang-pkgs' }),
  };
  const system = { type: 'operating-system', 'bom-ref': 'os', name: 'debian', version: '12.1' };
  const library = (name: string, purl: string): object => ({
    type: 'library',
    'bom-ref': name,
    name,
    version: '1',
    purl,
  });
  const tree = {
    metadata: { component: { type: 'container', 'bom-ref': 'img', name: 'shop' } },
    components: [
      lock,
      system,
      library('a', 'pkg:npm/a@1'),
      library('b', 'pkg:npm/b@1'),
      library('libc', 'pkg:deb/debian/libc@1?distro=debian-12.1'),
    ],
    dependencies: [
      { ref: 'img', dependsOn: ['lock', 'os'] },
      { ref: 'lock', dependsOn: ['a'] },
      { ref: 'os', dependsOn: ['libc'] },
      { ref: 'a', dependsOn: ['b'] },
    ],
  };

  test('groups packages by the lock file or operating system that needs them', () => {
    const document = readCycloneDx(documentOf(tree), 'sbom.json');

    expect(document.lists.map((list) => [list.path, list.ecosystem, list.packages.map((item) => item.name)])).toEqual([
      ['app/package-lock.json', 'npm', ['a', 'b']],
      ['sbom.json', 'deb', ['libc']],
    ]);
    expect(document.distribution).toMatchObject({ id: 'debian', versionId: '12.1' });
  });

  test('tells direct packages from those behind them', () => {
    expect(packagesOf(tree).map((item) => [item.name, item.relationship, item.dependsOn])).toEqual([
      ['a', 'direct', ['b']],
      ['b', 'indirect', []],
      ['libc', 'direct', []],
    ]);
  });

  test('survives cycles and dependencies on what is not there', () => {
    const dependencies = [
      { ref: 'a', dependsOn: ['b', 'nobody'] },
      { ref: 'b', dependsOn: ['a', 'b'] },
    ];

    expect(packagesOf({ ...tree, dependencies }).map((item) => item.dependsOn)).toEqual([['b'], ['a'], []]);
  });

  test('reads the dependency graph extension of XML 1.1', () => {
    const text = `<bom xmlns="http://cyclonedx.org/schema/bom/1.1" xmlns:g="http://cyclonedx.org/schema/ext/dependency-graph/1.0" version="1">
      <components>
        <component type="library" bom-ref="a"><name>a</name><version>1</version><purl>pkg:npm/a@1</purl></component>
        <component type="library" bom-ref="b"><name>b</name><version>1</version><purl>pkg:npm/b@1</purl></component>
      </components>
      <g:dependencies><g:dependency ref="a"><g:dependency ref="b"/></g:dependency></g:dependencies></bom>`;

    const document = readCycloneDx(text, 'sbom.xml');

    expect(document.problems).toEqual([]);
    expect(document.lists[0]?.packages.map((item) => item.dependsOn)).toEqual([['b'], []]);
  });
});
