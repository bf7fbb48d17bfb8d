// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSyftJson } from './syft-json.ts';

const artifact = {
  id: 'a1',
  name: 'libssl3',
  version: '3.0.11-1',
  type: 'deb',
  foundBy: 'dpkg-db-cataloger',
  locations: [
    { path: '/usr/share/doc/libssl3/copyright', layerID: 'sha256:1', annotations: { evidence: 'supporting' } },
    { path: '/var/lib/dpkg/status', layerID: 'sha256:1', annotations: { evidence: 'primary' } },
  ],
  licenses: [{ value: 'Apache 2', spdxExpression: 'Apache-2.0', type: 'declared' }],
  cpes: [{ cpe: 'cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*', source: 'nvd' }],
  purl: 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12',
  metadataType: 'dpkg-db-entry',
  metadata: { source: 'openssl', sourceVersion: '', architecture: 'amd64' },
};

function documentWith(artifacts: readonly unknown[], more: object = {}): string {
  const document = {
    artifacts,
    artifactRelationships: [],
    source: { id: 's', name: 'shop', version: '1', type: 'image', metadata: {} },
    distro: { prettyName: 'Debian 12', name: 'Debian', id: 'debian', idLike: [], versionID: '12' },
    descriptor: { name: 'syft', version: '1.20.0' },
    schema: { version: '16.0.24' },
    ...more,
  };
  return JSON.stringify(document);
}

describe('readSyftJson', () => {
  test('reads a package with source, licence, place and distribution', () => {
    const document = readSyftJson(documentWith([artifact]), 'a.json');

    expect(document).toMatchObject({
      specVersion: '16.0.24',
      name: 'shop',
      tools: ['syft 1.20.0'],
      root: { type: 'container' },
      distribution: { id: 'debian', versionId: '12' },
      problems: [],
    });
    expect(document.lists).toMatchObject([
      {
        path: 'var/lib/dpkg/status',
        kind: 'installed',
        packages: [
          {
            id: 'a1',
            name: 'libssl3',
            licenses: ['Apache-2.0'],
            locations: [{ path: 'var/lib/dpkg/status', layer: 'sha256:1' }],
            sources: [{ name: 'openssl', version: '3.0.11-1' }],
            cpes: ['cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*'],
          },
        ],
      },
    ]);
  });

  test('reads the forms of older schemas: plain licences and CPEs, target instead of source, distribution by name', () => {
    const old = {
      name: 'a',
      version: '1',
      type: 'python',
      locations: ['/a/METADATA'],
      licenses: ['MIT'],
      cpes: ['cpe:2.3:a:a:a:1:*:*:*:*:*:*:*'],
    };
    const text = documentWith([old], {
      source: { type: 'directory', target: '/src' },
      distro: { name: 'debian', version: '9', idLike: '' },
    });

    const document = readSyftJson(text, 'a.json');

    expect(document).toMatchObject({
      name: '/src',
      root: { type: 'directory' },
      distribution: { id: 'debian', versionId: '9' },
    });
    expect(document.lists[0]).toMatchObject({
      path: 'a/METADATA',
      packages: [{ type: 'pypi', licenses: ['MIT'], cpes: old.cpes }],
    });
  });

  test('turns dependency-of around', () => {
    const second = { ...artifact, id: 'a2', name: 'curl', purl: 'pkg:deb/debian/curl@1' };
    const text = documentWith([artifact, second], {
      artifactRelationships: [
        { parent: 'a1', child: 'a2', type: 'dependency-of' },
        { parent: 'gone', child: 'a2', type: 'dependency-of' },
        { parent: 'a2', child: 'a1', type: 'contains' },
      ],
    });

    const packages = readSyftJson(text, 'a.json').lists.flatMap((list) => list.packages);

    expect(packages.map((item) => item.dependsOn)).toEqual([[], ['a1']]);
  });

  test('reads digests from integrity and from archive digests', () => {
    const npm = {
      id: 'n',
      name: 'n',
      version: '1',
      type: 'npm',
      metadata: { integrity: `sha1-${Buffer.alloc(20, 1).toString('base64')}` },
    };
    const jar = {
      id: 'j',
      name: 'j',
      version: '1',
      type: 'java-archive',
      metadata: { digest: [{ algorithm: 'sha1', value: '02'.repeat(20) }] },
    };

    const packages = readSyftJson(documentWith([npm, jar]), 'a.json').lists.flatMap((list) => list.packages);

    expect(packages.map((item) => item.digests)).toEqual([[`sha1:${'01'.repeat(20)}`], [`sha1:${'02'.repeat(20)}`]]);
  });

  test('reports artifacts without a name and documents without artifacts', () => {
    expect(readSyftJson(documentWith([{ id: 'x' }]), 'a.json').problems).toMatchObject([
      { kind: 'schema', hidesFindings: true },
    ]);
    expect(readSyftJson('{}', 'a.json').problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
    expect(readSyftJson('{"artifacts": [', 'a.json').problems.some((problem) => problem.hidesFindings)).toBe(true);
  });

  test('reads who owns a package, what a Go binary holds, and which stream a system follows', () => {
    const document = {
      artifacts: [
        { id: 'outer', name: 'httpie', version: '1-r0', type: 'apk' },
        { id: 'inner', name: 'httpie', version: '1', type: 'python' },
        { id: 'go', name: 'net', version: 'v1', type: 'go-module', metadata: { symbols: { 'x/net': ['Parse'] } } },
      ],
      artifactRelationships: [{ parent: 'outer', child: 'inner', type: 'ownership-by-file-overlap' }],
      distro: { id: 'ubuntu', versionID: '16.04', extendedSupport: true },
    };

    const read = readSyftJson(JSON.stringify(document), 'sbom.json');

    const packages = read.lists.flatMap((list) => list.packages);
    expect(packages.find((item) => item.id === 'inner')?.ownedBy).toEqual(['outer']);
    expect(packages.find((item) => item.id === 'go')?.facts?.goSymbols).toEqual({ 'x/net': ['Parse'] });
    expect(read.distribution).toMatchObject({ versionId: '16.04', channels: ['esm'] });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (item, other) => {
        readSyftJson(
          documentWith([item, { ...artifact, metadata: other, locations: other, licenses: other, cpes: other }]),
          'a',
        );
        readSyftJson(
          documentWith([artifact], { source: item, distro: item, artifactRelationships: item, descriptor: other }),
          'a',
        );
      }),
      { numRuns: 60 },
    );
  });
});
