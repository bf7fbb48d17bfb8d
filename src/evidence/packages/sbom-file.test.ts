// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { bitnamiComponents } from './bitnami-components.ts';
import { CatalogRun } from './catalog.ts';
import { cyclonedxFile } from './cyclonedx-file.ts';
import { pacmanLocal } from './pacman-local.ts';
import { sbomFile } from './sbom-file.ts';
import { CatalogerSelector } from './selector.ts';
import { spdxFile } from './spdx-file.ts';

const purl = 'pkg:npm/left-pad@1.3.0';
const cyclonedx = JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  components: [{ type: 'library', name: 'left-pad', version: '1.3.0', purl }],
});
const spdx = `SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: a
DocumentNamespace: https://example.org/a
Creator: Tool: x
Created: 2026-01-01T00:00:00Z

PackageName: left-pad
SPDXID: SPDXRef-left-pad
PackageVersion: 1.3.0
PackageDownloadLocation: NONE
ExternalRef: PACKAGE-MANAGER purl ${purl}
`;

function taken(paths: readonly string[]): readonly string[] {
  const selector = new CatalogerSelector([cyclonedxFile, spdxFile, sbomFile]);
  return paths.filter((path) => selector.parsersOf(path).length > 0);
}

describe('cyclonedxFile, spdxFile and sbomFile', () => {
  it('take documents by the names they usually have, in any case where the specification gives the name', () => {
    const names = [
      'bom.json',
      'a/x.cDx.JSON',
      'a/.spdx.sbom.json',
      'a/x.SPDX',
      'x.spdx.rdf.xml',
      'x.syft.json',
      'bin/sbom',
      'x.sbom',
    ];

    expect(taken(names)).toEqual(names);
    expect(taken(['x.cdx.json.bak', 'x.spdx.txt', 'a/cdx.json', 'package.json'])).toEqual([]);
  });

  it.each([
    ['x.cdx.json', cyclonedx, cyclonedxFile],
    ['opt/bitnami/x/.spdx-x.spdx', spdx, spdxFile],
    ['usr/share/sbom', spdx, sbomFile],
  ])('read %s, and place its packages in the document', (path, text, cataloger) => {
    const { get, problems } = catalogText(cataloger, { [path]: text });

    expect(get('left-pad')).toMatchObject({ version: '1.3.0', purl, locations: [{ path }] });
    expect(problems).toEqual([]);
  });

  it('give claims, under the type of most packages', () => {
    const run = new CatalogRun([cyclonedxFile]);
    run.take({ path: 'bom.json', bytes: new TextEncoder().encode(cyclonedx) });

    expect(run.finish().lists).toMatchObject([{ trust: 'asserted', ecosystem: 'npm', kind: 'installed' }]);
  });

  it('take the document out of an attestation', () => {
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'x',
      predicate: JSON.parse(cyclonedx) as unknown,
    };

    expect(catalogText(cyclonedxFile, { 'x.cdx.json': JSON.stringify(statement) }).names).toEqual(['left-pad@1.3.0']);
  });

  it('tell of a document that is none, as a hidden finding only where the name is sure', () => {
    expect(catalogText(cyclonedxFile, { 'x.cdx.json': '{}' }).problems).toMatchObject([{ hidesFindings: true }]);
    expect(catalogText(cyclonedxFile, { 'bom.json': '{}' }).problems).toMatchObject([{ hidesFindings: false }]);
    expect(catalogText(sbomFile, { sbom: 'text' }).problems).toMatchObject([{ hidesFindings: false }]);
  });

  it('share the subject of a package that was seen', () => {
    const run = new CatalogRun([cyclonedxFile, pacmanLocal]);
    const claim = {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [{ type: 'library', name: 'zlib', purl: 'pkg:alpm/arch/zlib@1.3-1' }],
    };
    const files = {
      'bom.json': JSON.stringify(claim),
      'etc/os-release': 'ID=arch\nBUILD_ID=rolling\n',
      'var/lib/pacman/local/zlib-1.3-1/desc': '%NAME%\nzlib\n\n%VERSION%\n1.3-1\n\n%ARCH%\nx86_64\n',
    };
    for (const [path, text] of Object.entries(files)) run.take({ path, bytes: new TextEncoder().encode(text) });

    const purls = run.finish().lists.flatMap((list) => list.packages.map((item) => item.purl));

    expect(new Set(purls)).toEqual(new Set(['pkg:alpm/arch/zlib@1.3-1?arch=x86_64&distro=arch-rolling']));
    expect(purls).toHaveLength(2);
  });
});

describe('bitnamiComponents', () => {
  const path = 'opt/bitnami/.bitnami_components.json';

  it('reads components with their lines', () => {
    const text = '{\n  "gosu": {"arch": "amd64", "distro": "debian-10", "version": "1.14.0-1"}\n}';

    expect(catalogText(bitnamiComponents, { [path]: text }).get('gosu')).toMatchObject({
      purl: 'pkg:bitnami/gosu@1.14.0-1?arch=amd64&distro=debian-10',
      locations: [{ line: 2 }],
    });
  });

  it('reports a component without version', () => {
    expect(catalogText(bitnamiComponents, { [path]: '{"gosu": {}}' }).problems).toMatchObject([
      { hidesFindings: true },
    ]);
  });
});
