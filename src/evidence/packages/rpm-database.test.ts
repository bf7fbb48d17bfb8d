// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import type { HeaderValues } from '../../../test/support/rpm-writer.ts';
import { ndbDatabase, rpmFile, rpmHeader } from '../../../test/support/rpm-writer.ts';
import { rpmTags } from '../../formats/rpmdb/tags.ts';
import { rpmArchive } from './rpm-archive.ts';
import { rpmDatabase } from './rpm-database.ts';
import { rpmManifest } from './rpm-manifest.ts';

const bash: HeaderValues = {
  [rpmTags.name]: 'bash',
  [rpmTags.version]: '5.1.8',
  [rpmTags.release]: '6.el9',
  [rpmTags.architecture]: 'x86_64',
  [rpmTags.sourceRpm]: 'bash-5.1.8-6.el9.src.rpm',
  [rpmTags.vendor]: 'Example Foundation',
  [rpmTags.license]: 'GPLv3+',
  [rpmTags.summary]: ['A shell'],
  [rpmTags.installTime]: [1_600_000_000],
  [rpmTags.size]: [7],
  [rpmTags.signatureMd5]: Buffer.from('ab'.repeat(16), 'hex'),
  [rpmTags.requireName]: ['libc.so.6()(64bit)', 'rpmlib(CompressedFileNames)', '(a if b)'],
  [rpmTags.baseNames]: ['bash', 'sh'],
  [rpmTags.directoryNames]: ['/usr/bin/', '/bin/'],
  [rpmTags.directoryIndexes]: [0, 1],
};

const glibc: HeaderValues = {
  [rpmTags.name]: 'glibc',
  [rpmTags.version]: '2.34',
  [rpmTags.release]: '1.el9',
  [rpmTags.epoch]: [2],
  [rpmTags.modularityLabel]: 'libs:rhel9:1:2',
  [rpmTags.sourceRpm]: 'glibc-2.34-1.el9.src.rpm',
  [rpmTags.provideName]: ['glibc', 'libc.so.6()(64bit)'],
  [rpmTags.requireName]: ['/bin/sh', 'glibc'],
};

const release = 'ID="rhel"\nVERSION_ID="9.2"\n';

function catalog(
  values: readonly HeaderValues[],
  others: Readonly<Record<string, string>> = {},
): ReturnType<typeof catalogText> {
  return catalogText(rpmDatabase, { 'var/lib/rpm/Packages.db': ndbDatabase(values.map(rpmHeader)), ...others });
}

describe('rpmDatabase', () => {
  it('gives what the header says of a package', () => {
    const { get, distribution } = catalog([bash], { 'etc/os-release': release });

    expect(get('bash')).toMatchObject({
      version: '5.1.8-6.el9',
      purl: 'pkg:rpm/redhat/bash@5.1.8-6.el9?arch=x86_64&distro=rhel-9.2&upstream=bash-5.1.8-6.el9.src.rpm',
      licenses: ['GPLv3+'],
      digests: [`md5:${'ab'.repeat(16)}`],
      sources: [{ name: 'bash', version: '5.1.8-6.el9' }],
      facts: {
        epoch: 0,
        modularity: '',
        vendor: 'Example Foundation',
        architecture: 'x86_64',
        other: { installedAt: '2020-09-13T12:26:40.000Z', installedSize: '7' },
      },
    });
    expect(distribution).toMatchObject({ id: 'rhel', versionId: '9.2' });
  });

  it('puts an epoch into the version, also of the source', () => {
    const { get } = catalog([glibc]);

    expect(get('glibc')).toMatchObject({
      version: '2:2.34-1.el9',
      sources: [{ name: 'glibc', version: '2:2.34-1.el9' }],
      facts: { epoch: 2, modularity: 'libs:rhel9:1:2' },
    });
    expect(get('glibc').purl).toContain('glibc@2.34-1.el9?epoch=2&rpmmod=libs:rhel9:1:2');
  });

  it('follows requirements to libraries and to files', () => {
    const { get } = catalog([bash, glibc]);

    expect(get('bash').dependsOn).toEqual(['glibc@2:2.34-1.el9']);
    expect(get('glibc').dependsOn).toEqual(['bash@5.1.8-6.el9']);
  });

  it('keeps packages of several architectures apart', () => {
    const { packages } = catalog([glibc, { ...glibc, [rpmTags.architecture]: 'i686' }, glibc]);

    expect(new Set(packages.map((item) => item.id)).size).toBe(3);
  });

  it('takes the distribution of old systems from their release file', () => {
    const { distribution } = catalog([bash], { 'etc/centos-release': 'CentOS release 6.10 (Final)\n' });

    expect(distribution).toMatchObject({ id: 'centos', versionId: '6.10' });
  });

  it('reports packages without a name', () => {
    expect(catalog([bash, { [rpmTags.version]: '1' }])).toMatchObject({
      names: ['bash@5.1.8-6.el9'],
      problems: [{ kind: 'schema', hidesFindings: true }],
    });
  });
});

describe('rpmArchive', () => {
  it('reads header and checksum of a file', () => {
    const bytes = rpmFile(rpmHeader(bash), rpmHeader({ 1004: Buffer.from('cd'.repeat(16), 'hex') }));

    expect(catalogText(rpmArchive, { 'a/bash.rpm': bytes }).get('bash')).toMatchObject({
      version: '5.1.8-6.el9',
      digests: [`md5:${'cd'.repeat(16)}`],
    });
  });

  it('reports a file that is none', () => {
    expect(catalogText(rpmArchive, { 'a/bash.rpm': 'text' }).problems).toMatchObject([{ hidesFindings: true }]);
  });
});

describe('rpmManifest', () => {
  const path = 'var/lib/rpmmanifest/container-manifest-2';

  it('reads a line per package', () => {
    const text =
      'glibc\t2.35-2.cm2\t1653816591\t1653628955\tExample\t1\t10855265\tx86_64\t1\tglibc-2.35-2.cm2.src.rpm\n';

    expect(catalogText(rpmManifest, { [path]: text }).get('glibc')).toMatchObject({
      version: '1:2.35-2.cm2',
      facts: { architecture: 'x86_64', epoch: 1 },
      locations: [{ line: 1 }],
    });
  });

  it('reports a line with too few columns', () => {
    expect(catalogText(rpmManifest, { [path]: 'glibc\t2.35-2\n' }).problems).toMatchObject([{ location: { line: 1 } }]);
  });
});
