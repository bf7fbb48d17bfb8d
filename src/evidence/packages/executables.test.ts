// SPDX-License-Identifier: Apache-2.0
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { elfFile, elfNote, peFile, peWithTexts } from '../../../test/support/executable-writer.ts';
import { storedXz } from '../../../test/support/xz-writer.ts';
import { cargoAuditable } from './cargo-auditable.ts';
import { dotnetPortableExecutable } from './dotnet-portable-executable.ts';
import { elfPackageNote } from './elf-package-note.ts';
import { linuxKernelModule } from './linux-kernel-module.ts';

describe('cargoAuditable', () => {
  const crates = {
    packages: [
      { name: 'tool', version: '0.1.0', source: 'local', dependencies: [1], root: true },
      { name: 'serde', version: '1.0.1', source: 'crates.io', dependencies: [2] },
      { name: 'cc', version: '1.0.9', source: 'crates.io', kind: 'build' },
    ],
  };
  const section = deflateSync(JSON.stringify(crates));

  it.each([
    ['ELF', elfFile([{ name: '.dep-v0', bytes: section }])],
    ['PE', peFile([{ name: '.dep-v0', bytes: section, address: 0x1000 }])],
  ])('reads the crates of an %s file', (_format, file) => {
    const { get, names } = catalogText(cargoAuditable, { 'bin/tool': file });

    expect(names).toEqual(['cc@1.0.9', 'serde@1.0.1', 'tool@0.1.0']);
    expect(get('tool')).toMatchObject({ relationship: 'root', dependsOn: ['serde@1.0.1'] });
    expect(get('serde')).toMatchObject({ relationship: 'direct', purl: 'pkg:cargo/serde@1.0.1' });
    expect(get('cc')).toMatchObject({ scope: 'build', relationship: 'indirect' });
  });

  it('reports a section that does not inflate', () => {
    const file = elfFile([{ name: '.dep-v0', bytes: Buffer.from('x') }]);

    expect(catalogText(cargoAuditable, { 'bin/tool': file }).problems).toMatchObject([{ hidesFindings: true }]);
  });
});

describe('dotnetPortableExecutable', () => {
  it('names an assembly as its maker does', () => {
    const texts = {
      CompanyName: 'Acme',
      ProductName: 'Acme.Json',
      FileDescription: 'Reads JSON',
      FileVersion: '3.0.1',
    };

    expect(
      catalogText(dotnetPortableExecutable, { 'app/x.dll': peWithTexts(texts, 'assembly') }).packages,
    ).toMatchObject([
      { name: 'Acme.Json', version: '3.0.1', purl: 'pkg:nuget/Acme.Json@3.0.1', facts: { supplier: 'Acme' } },
    ]);
  });

  it('gives other Windows programs a generic package URL', () => {
    const file = peWithTexts({ ProductName: 'curl', ProductVersion: '8.4.0' }, 'program');

    expect(catalogText(dotnetPortableExecutable, { 'bin/curl.exe': file }).packages[0]?.purl).toBe(
      'pkg:generic/curl@8.4.0',
    );
  });

  it.each([
    ['the version with more parts', { FileVersion: '80.1.7', ProductVersion: '80.1.7.92' }, '80.1.7.92'],
    ['the higher version', { FileVersion: '3.0.1+b86b61b', ProductVersion: '3.0.0' }, '3.0.1+b86b61b'],
    ['what is a version', { FileVersion: '1.2.3.4', ProductVersion: 'c61f0436' }, '1.2.3.4'],
    [
      'the release of .NET builds',
      { CompanyName: 'Microsoft Corporation', FileVersion: '9.0.526.1', ProductVersion: '9.0.5+0123456789ab' },
      '9.0.5',
    ],
  ])('takes %s', (_title, texts, version) => {
    const file = peWithTexts({ ProductName: 'X', ...texts }, 'assembly');

    expect(catalogText(dotnetPortableExecutable, { 'x.dll': file }).packages[0]?.version).toBe(version);
  });
});

describe('elfPackageNote', () => {
  function noted(note: unknown): Buffer {
    return elfFile([{ name: '.note.package', bytes: elfNote('FDO', 0xcafe1a7e, JSON.stringify(note)) }]);
  }

  it('reads which package a file belongs to', () => {
    const note = { type: 'rpm', name: 'coreutils', version: '9.5-3.fc41', osCpe: 'cpe:/o:fedoraproject:fedora:41' };

    expect(catalogText(elfPackageNote, { 'usr/bin/ls': noted(note) }).packages).toMatchObject([
      { name: 'coreutils', type: 'rpm', purl: 'pkg:rpm/fedora/coreutils@9.5-3.fc41?distro=fedora-41' },
    ]);
  });

  it('lists a package once for all its files', () => {
    const file = noted({ type: 'apk', name: 'glibc', version: '2.43-r6', os: 'wolfi' });

    const { packages } = catalogText(elfPackageNote, { 'bin/a': file, 'bin/b': file });

    expect(packages.map((item) => item.purl)).toEqual(['pkg:apk/wolfi/glibc@2.43-r6?distro=wolfi']);
    expect(packages[0]?.locations).toEqual([{ path: 'bin/a' }, { path: 'bin/b' }]);
  });

  it('reports a note that is no JSON', () => {
    const file = elfFile([{ name: '.note.package', bytes: elfNote('FDO', 0xcafe1a7e, '{') }]);

    expect(catalogText(elfPackageNote, { 'bin/a': file }).problems).toMatchObject([{ kind: 'syntax' }]);
  });
});

describe('linuxKernelModule', () => {
  const values = 'name=dummy\0version=1.2.3\0vermagic=6.1.0-rc1 SMP mod_unload \0license=GPL v2\0';
  const module = elfFile([{ name: '.modinfo', bytes: Buffer.from(values) }]);

  it.each([
    ['plain', 'lib/modules/6.1.0-rc1/kernel/dummy.ko', module],
    ['gzip', 'lib/modules/6.1.0-rc1/kernel/dummy.ko.gz', gzipSync(module)],
    ['zstd', 'lib/modules/6.1.0-rc1/kernel/dummy.ko.zst', zstdCompressSync(module)],
    ['xz', 'lib/modules/6.1.0-rc1/kernel/dummy.ko.xz', storedXz(module)],
  ])('reads a %s module', (_title, path, bytes) => {
    expect(catalogText(linuxKernelModule, { [path]: bytes }).packages).toMatchObject([
      { name: 'dummy', version: '1.2.3', licenses: ['GPL v2'], facts: { other: { kernel: '6.1.0-rc1' } } },
    ]);
  });

  it('reports a module that does not unpack', () => {
    const { problems } = catalogText(linuxKernelModule, { 'lib/modules/6/x.ko.gz': Buffer.from('x') });

    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: false }]);
  });
});
