// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { Package } from '../../model/package.ts';
import type { SbomDocument } from '../../model/sbom.ts';
import { readSpdx } from './sbom.ts';

interface SmallPackage {
  readonly id: string;
  readonly name?: string;
  readonly purl?: string;
  readonly [member: string]: unknown;
}

/** A 2.3 document from packages and `from TYPE to` lines. */
function read(packages: readonly SmallPackage[], edges: readonly string[], more: object = {}): SbomDocument {
  const document = {
    spdxVersion: 'SPDX-2.3',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'doc',
    documentNamespace: 'https://example.com/doc',
    creationInfo: { created: '2026-01-01T00:00:00Z', creators: ['Tool: trivy-0.56.2', 'Organization: x'] },
    packages: packages.map(({ id, name, purl, ...members }) => ({
      name: name ?? id,
      SPDXID: `SPDXRef-${id}`,
      ...(purl === undefined
        ? {}
        : { externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }] }),
      ...members,
    })),
    relationships: edges.map((edge) => {
      const [from, relationshipType, to] = edge.split(' ');
      return { spdxElementId: `SPDXRef-${from}`, relationshipType, relatedSpdxElement: `SPDXRef-${to}` };
    }),
    ...more,
  };
  return readSpdx(JSON.stringify(document), 'doc.json');
}

function packagesOf(document: SbomDocument): Package[] {
  return document.lists.flatMap((list) => list.packages);
}

describe('readSpdx', () => {
  test('takes name, version, distribution and source of a package from its purl and sourceInfo', () => {
    const document = read(
      [
        {
          id: 'p',
          name: 'openssl-libs',
          versionInfo: '1.0.2k',
          purl: 'pkg:rpm/centos/openssl-libs@1.0.2k-16.el7?arch=x86_64&epoch=1&distro=centos-7',
          sourceInfo: 'built package from: openssl 1:1.0.2k-16.el7',
          licenseConcluded: 'NOASSERTION',
          licenseDeclared: 'OpenSSL AND LicenseRef-x',
          checksums: [{ algorithm: 'SHA1', checksumValue: 'AB'.repeat(20) }],
        },
      ],
      [],
      { hasExtractedLicensingInfos: [{ licenseId: 'LicenseRef-x', name: 'house rules', extractedText: 'text' }] },
    );

    expect(document.problems).toEqual([]);
    expect(document).toMatchObject({ specVersion: '2.3', tools: ['trivy 0.56.2'], serial: 'https://example.com/doc' });
    expect(document.distribution).toMatchObject({ id: 'centos', versionId: '7' });
    expect(packagesOf(document)).toMatchObject([
      {
        name: 'openssl-libs',
        version: '1:1.0.2k-16.el7',
        type: 'rpm',
        licenses: ['OpenSSL', 'house rules'],
        digests: [`sha1:${'ab'.repeat(20)}`],
        sources: [{ name: 'openssl', version: '1:1.0.2k-16.el7' }],
        facts: { architecture: 'x86_64', epoch: 1 },
      },
    ]);
  });

  test('groups packages by the applications of Trivy, old and new', () => {
    const document = read(
      [
        { id: 'Filesystem-1' },
        { id: 'Application-1', name: 'composer', sourceInfo: 'app/composer.lock' },
        {
          id: 'Application-2',
          name: 'web/yarn.lock',
          annotations: [{ comment: 'Class: lang-pkgs' }, { comment: 'Type: yarn' }],
        },
        { id: 'Application-3', name: 'node-pkg', sourceInfo: 'Node.js' },
        { id: 'a', purl: 'pkg:composer/x/a@1' },
        { id: 'b', purl: 'pkg:npm/b@1' },
        { id: 'c', purl: 'pkg:npm/c@1' },
        { id: 'd', purl: 'pkg:npm/d@1', attributionTexts: ['LayerDiffID: sha256:12'] },
      ],
      [
        'DOCUMENT DESCRIBES Filesystem-1',
        'Application-1 CONTAINS a',
        'Application-2 CONTAINS b',
        'b DEPENDS_ON c',
        'Application-3 CONTAINS d',
      ],
    );

    expect(document.lists.map((list) => [list.path, list.packages.map((item) => item.name)])).toEqual([
      ['app/composer.lock', ['x/a']],
      ['web/yarn.lock', ['b', 'c']],
      ['doc.json', ['d']],
    ]);
    expect(packagesOf(document).find((item) => item.name === 'd')?.locations).toEqual([
      { path: 'doc.json', layer: 'sha256:12' },
    ]);
  });

  test('tells direct from indirect dependencies and reads scopes from relationship types', () => {
    const document = read(
      [
        { id: 'root', primaryPackagePurpose: 'APPLICATION' },
        { id: 'a', purl: 'pkg:npm/a@1' },
        { id: 'b', purl: 'pkg:npm/b@1' },
        { id: 'c', purl: 'pkg:npm/c@1' },
      ],
      ['DOCUMENT DESCRIBES root', 'root DEPENDS_ON a', 'b DEPENDENCY_OF a', 'c DEV_DEPENDENCY_OF root'],
    );

    expect(document.root?.dependsOn).toEqual(['a', 'c']);
    expect(packagesOf(document).map((item) => [item.name, item.relationship, item.scope, item.dependsOn])).toEqual([
      ['a', 'direct', 'runtime', ['b']],
      ['b', 'indirect', 'runtime', []],
      ['c', 'direct', 'development', []],
    ]);
  });

  test('calls nothing direct when a document only lists everything below its root', () => {
    const document = read(
      [{ id: 'root' }, { id: 'a', purl: 'pkg:npm/a@1' }],
      ['DOCUMENT DESCRIBES root', 'root DEPENDS_ON a'],
    );

    expect(packagesOf(document)[0]?.relationship).toBe('unknown');
  });

  test('finds a package where its one file is, with the digest of the file', () => {
    const document = read([{ id: 'a', purl: 'pkg:maven/x/a@1' }], ['a CONTAINS File-1'], {
      files: [
        {
          SPDXID: 'SPDXRef-File-1',
          fileName: './lib/a.jar',
          checksums: [{ algorithm: 'SHA1', checksumValue: '0'.repeat(40) }],
        },
      ],
    });

    expect(document.lists[0]).toMatchObject({ path: 'lib/a.jar' });
    expect(packagesOf(document)[0]?.digests).toEqual([`sha1:${'0'.repeat(40)}`]);
  });

  test('reads the paths that Syft puts into sourceInfo and its evident-by relations', () => {
    const document = readSpdx(
      JSON.stringify({
        spdxVersion: 'SPDX-2.3',
        packages: [
          { name: 'a', SPDXID: 'SPDXRef-a', sourceInfo: 'acquired package info from APK DB: /lib/apk/db/installed' },
        ],
      }),
      'x',
    );

    expect(document.lists[0]?.path).toBe('lib/apk/db/installed');
  });

  test('keeps a root with an identity as a package, and one without only as root', () => {
    const withPurl = read([{ id: 'p', purl: 'pkg:npm/p@1' }], ['DOCUMENT DESCRIBES p']);
    const without = read([{ id: 'p', versionInfo: '2' }], ['DOCUMENT DESCRIBES p']);

    expect(packagesOf(withPurl)).toMatchObject([{ name: 'p', relationship: 'root' }]);
    expect(packagesOf(without)).toEqual([]);
    expect(without.root).toMatchObject({ name: 'p', version: '2' });
  });

  test('says that a package URL is none, and keeps the package', () => {
    const document = read([{ id: 'p', versionInfo: '2', purl: 'pkg:invalid' }], []);

    expect(document.problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
    expect(packagesOf(document)).toMatchObject([{ name: 'p', version: '2', type: 'generic' }]);
  });

  test('reads the licences of the expanded profile of SPDX 3', () => {
    const graph = {
      '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
      '@graph': [
        { type: 'software_Package', spdxId: 'urn:p', name: 'p', software_packageUrl: 'pkg:npm/p@1' },
        {
          type: 'Relationship',
          spdxId: 'urn:r',
          from: 'urn:p',
          relationshipType: 'hasDeclaredLicense',
          to: ['urn:set'],
        },
        {
          type: 'expandedlicensing_DisjunctiveLicenseSet',
          spdxId: 'urn:set',
          expandedlicensing_member: ['urn:mit', 'urn:with'],
        },
        { type: 'expandedlicensing_ListedLicense', spdxId: 'https://spdx.org/licenses/MIT' },
        { type: 'expandedlicensing_ListedLicense', spdxId: 'urn:mit', name: 'MIT' },
        {
          type: 'expandedlicensing_WithAdditionOperator',
          spdxId: 'urn:with',
          expandedlicensing_subjectExtendableLicense: {
            type: 'expandedlicensing_ListedLicense',
            spdxId: 'https://spdx.org/licenses/GPL-2.0-only',
          },
          expandedlicensing_subjectAddition: {
            type: 'expandedlicensing_ListedLicenseException',
            name: 'Classpath-exception-2.0',
          },
        },
      ],
    };

    const document = readSpdx(JSON.stringify(graph), 'x');

    expect(packagesOf(document)[0]?.licenses).toEqual(['MIT OR GPL-2.0-only WITH Classpath-exception-2.0']);
  });

  test('detects every syntax', () => {
    const texts = [
      'SPDXVersion: SPDX-2.3\nPackageName: a\n',
      'spdxVersion: SPDX-2.3\npackages:\n- name: a\n',
      '{"spdxVersion":"SPDX-2.3","packages":[{"name":"a"}]}',
    ];

    expect(texts.map((text) => packagesOf(readSpdx(text, 'x')).map((item) => item.name))).toEqual([
      ['a'],
      ['a'],
      ['a'],
    ]);
  });
});
