// SPDX-License-Identifier: Apache-2.0
// For tests: package lists as a small but complete target gives them, a view of them, and a form in which two SBOMs can be compared.
import type { Digest } from '../src/model/digest.ts';
import { evidenceOf } from '../src/model/evidence.ts';
import { GraphBuilder } from '../src/model/graph.ts';
import type { Package, PackageList } from '../src/model/package.ts';
import { packageOf } from '../src/model/package.ts';
import type { ReportOptions, ReportView } from '../src/report/report.ts';

const sha512 = `sha512:${'ab'.repeat(64)}` as Digest;
const sha1 = `sha1:${'cd'.repeat(20)}` as Digest;

const npmPath = 'web/package-lock.json';

/** A lock file with all scopes, an operating system, and a manifest without versions. */
export const sampleLists: readonly PackageList[] = [
  {
    cataloger: 'dpkg-status',
    path: 'var/lib/dpkg/status',
    ecosystem: 'deb',
    kind: 'installed',
    distribution: { id: 'debian', idLike: [], versionId: '12', name: 'Debian GNU/Linux 12', codename: 'bookworm' },
    packages: [
      packageOf({
        name: 'libc6',
        version: '2.36-9+deb12u4',
        type: 'deb',
        purl: 'pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12',
        locations: [{ path: 'var/lib/dpkg/status', line: 12 }],
        licenses: ['LGPL-2.1-only', 'my own terms'],
        sources: [{ name: 'glibc', version: '2.36-9+deb12u4' }],
        cpes: ['cpe:2.3:a:gnu:glibc:2.36:*:*:*:*:*:*:*'],
        facts: {
          architecture: 'amd64',
          description: 'Shared libraries',
          author: 'GNU Libc Maintainers <glibc@example.org>',
        },
      }),
    ],
  },
  {
    cataloger: 'npm-lock',
    path: npmPath,
    ecosystem: 'npm',
    kind: 'declared',
    packages: [
      packageOf({
        name: 'shop',
        version: '1.0.0',
        type: 'npm',
        purl: 'pkg:npm/shop@1.0.0',
        relationship: 'root',
        locations: [{ path: npmPath, line: 2 }],
        licenses: ['Apache-2.0'],
        dependsOn: ['@scope/express@4.0.0', 'mocha@9.0.0', 'fsevents@2.0.0'],
      }),
      packageOf({
        name: '@scope/express',
        version: '4.0.0',
        type: 'npm',
        purl: 'pkg:npm/%40scope/express@4.0.0',
        relationship: 'direct',
        locations: [{ path: npmPath, line: 20 }],
        licenses: ['MIT OR Apache-2.0'],
        digests: [sha512],
        dependsOn: ['ms@2.0.0'],
        facts: {
          downloadUrl: 'https://registry.npm.example/express/-/express-4.0.0.tgz',
          homepage: 'https://express.example',
        },
      }),
      packageOf({
        name: 'ms',
        version: '2.0.0',
        type: 'npm',
        purl: 'pkg:npm/ms@2.0.0',
        relationship: 'indirect',
        locations: [{ path: npmPath, line: 30 }],
        licenses: ['MIT'],
      }),
      packageOf({
        name: 'mocha',
        version: '9.0.0',
        type: 'npm',
        purl: 'pkg:npm/mocha@9.0.0',
        scope: 'development',
        relationship: 'direct',
        locations: [{ path: npmPath, line: 40 }],
        dependsOn: ['ms@2.0.0'],
      }),
      packageOf({
        name: 'fsevents',
        version: '2.0.0',
        type: 'npm',
        purl: 'pkg:npm/fsevents@2.0.0',
        scope: 'optional',
        relationship: 'direct',
        locations: [{ path: npmPath, line: 50 }],
      }),
    ],
  },
  {
    cataloger: 'maven-pom',
    path: 'pom.xml',
    ecosystem: 'maven',
    kind: 'declared',
    packages: [
      packageOf({
        name: 'org.example:lib',
        version: '3.1',
        type: 'maven',
        purl: 'pkg:maven/org.example/lib@3.1',
        scope: 'test',
        relationship: 'direct',
        locations: [{ path: 'pom.xml', line: 7 }],
        licenses: ['my own terms'],
        digests: [sha1],
      }),
    ],
  },
];

/** A view as `landwaiter sbom dir:shop` has it. */
export function viewOf(lists: readonly PackageList[]): ReportView {
  const graph = new GraphBuilder();
  for (const list of lists) {
    graph.addEvidence(
      evidenceOf<'packages'>({
        subject: `file:${list.path}`,
        kind: 'packages',
        body: list,
        producer: { name: 'landwaiter', version: '0.1.0' },
        source: 'dir:shop',
        observedAt: '2026-01-01T00:00:00.000Z',
        trust: 'observed',
      }),
    );
  }
  return {
    graph,
    target: { target: 'dir:shop', kind: 'directory', name: 'shop', version: '', subject: 'source-tree:1' },
    tool: { name: 'landwaiter', version: '0.1.0' },
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

export const plainOptions: ReportOptions = {
  width: undefined,
  color: false,
  showSuppressed: false,
  threshold: undefined,
};

/** What an SBOM says of packages, without ids: one entry per package, sorted. `fields` limits what is compared. */
export function summaryOf(lists: readonly PackageList[], fields: readonly (keyof Package)[]): readonly unknown[] {
  const all = lists.flatMap((list) => list.packages);
  const names = new Map(all.map((item) => [item.id, `${item.name}@${item.version}`]));
  return all
    .map((item) => ({
      name: item.name,
      version: item.version,
      purl: item.purl,
      ...Object.fromEntries(fields.map((field) => [field, item[field]])),
      ...(fields.includes('dependsOn')
        ? { dependsOn: item.dependsOn.map((id) => names.get(id) ?? id).toSorted() }
        : {}),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
