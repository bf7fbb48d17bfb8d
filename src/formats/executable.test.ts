// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  elfFile,
  elfNote,
  goBuildInfoBytes,
  machOFile,
  peFile,
  peWithTexts,
} from '../../test/support/executable-writer.ts';
import { readAuditableCrates } from './cargo-auditable.ts';
import { elfNotes } from './elf.ts';
import { readElfPackageNote } from './elf-package-note.ts';
import { readExecutable } from './executable.ts';
import { bytesAt, executableCandidate, executableFormat, sectionBytes } from './executable-image.ts';
import { readGoBuildInfo } from './go-buildinfo.ts';
import { readPe } from './pe.ts';
import { readVersionTexts } from './pe-version.ts';
import { isUpxCompressed } from './upx.ts';

const data = Buffer.from('some data');

describe('readExecutable', () => {
  it.each([
    ['64-bit little-endian ELF', elfFile([{ name: '.data', bytes: data, address: 0x4000 }]), 'elf', 'amd64'],
    [
      '32-bit big-endian ELF',
      elfFile([{ name: '.data', bytes: data, address: 0x4000 }], { wide: false, big: true, machine: 20 }),
      'elf',
      'ppc',
    ],
    ['PE', peFile([{ name: '.data', bytes: data, address: 0x1000 }]), 'pe', 'amd64'],
    ['Mach-O', machOFile([{ name: '.data', bytes: data, address: 0x1000 }]), 'mach-o', 'arm64'],
  ])('reads the sections of a %s', (_title, file, format, architecture) => {
    const image = readExecutable(file);

    expect(image).toMatchObject({ format, architecture });
    expect(image === undefined ? '' : Buffer.from(sectionBytes(image, '.data') ?? []).toString()).toBe('some data');
  });

  it('finds bytes by their address in memory', () => {
    const image = readExecutable(elfFile([{ name: '.data', bytes: data, address: 0x4000 }]));

    expect(image === undefined ? '' : Buffer.from(bytesAt(image, 0x4005, 100)).toString()).toBe('data');
  });

  it('takes the first slice of a universal Mach-O', () => {
    const thin = machOFile([{ name: '__x', bytes: data, address: 0x1000 }]);
    const head = Buffer.alloc(64);
    [0xcafebabe, 1, 0x0100000c, 0, 64, thin.length].forEach((value, index) => head.writeUInt32BE(value, index * 4));

    expect(readExecutable(Buffer.concat([head, thin]))).toMatchObject({ format: 'mach-o', architecture: 'arm64' });
  });

  it('knows a Java class from a universal Mach-O', () => {
    expect(executableFormat(Buffer.from('cafebabe00000034', 'hex'))).toBeUndefined();
    expect(executableFormat(Buffer.from('cafebabe00000002', 'hex'))).toBe('mach-o');
  });

  it('reads an AIX program', () => {
    const file = Buffer.alloc(24 + 72 + 4);
    file.writeUInt16BE(0x01f7, 0);
    file.writeUInt16BE(1, 2);
    file.write('.data', 24, 'latin1');
    file.writeBigUInt64BE(4n, 24 + 24);
    file.writeBigUInt64BE(96n, 24 + 32);
    file.writeUInt32BE(0x40, 24 + 64);

    expect(readExecutable(file)).toMatchObject({
      architecture: 'ppc64',
      sections: [{ name: '.data', size: 4, writable: true }],
    });
  });

  it('never throws, whatever follows the magic number', () => {
    const magic = fc.constantFrom(
      '7f454c460201',
      '7f454c460102',
      '4d5a',
      'cffaedfe',
      'feedface',
      'cafebabe00000001',
      '01f7',
    );
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 400 }), (start, rest) => {
        readAll(Buffer.concat([Buffer.from(start, 'hex'), rest]));
      }),
    );
  });

  it('never throws for a file whose bytes were changed', () => {
    const files = [
      elfFile([
        { name: '.note.package', bytes: elfNote('FDO', 0xcafe1a7e, '{"name":"x"}') },
        { name: '.dep-v0', bytes: data },
        { name: '.go.buildinfo', bytes: goBuildInfoBytes('go1.22', 'path\tx\n'), address: 0x4000 },
      ]),
      peWithTexts({ ProductName: 'x', FileVersion: '1.0' }, 'assembly'),
      machOFile([{ name: '__go_buildinfo', bytes: goBuildInfoBytes('go1.22', 'path\tx\n'), address: 0x1000 }]),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(fc.tuple(fc.nat(), fc.nat(255))), (file, changes) => {
        const changed = Buffer.from(file);
        for (const [at, value] of changes) changed[at % changed.length] = value;
        readAll(changed);
      }),
    );
  });
});

function readAll(bytes: Uint8Array): void {
  const image = readExecutable(bytes);
  if (image === undefined) return;
  readGoBuildInfo(image);
  readAuditableCrates(image, 'x');
  readElfPackageNote(image);
  elfNotes(image, '.note.package');
  const pe = readPe(bytes);
  if (pe !== undefined) readVersionTexts(pe);
}

describe('executableCandidate', () => {
  it.each([
    ['usr/bin/kubectl', 'marked'],
    ['usr/bin/python3.12', 'marked'],
    ['bin/tool-v1.2.3', 'marked'],
    ['App.EXE', 'always'],
    ['lib/libssl.so.3', 'always'],
    ['lib/libx.so.1.2.3', 'always'],
    ['lib/mod.ko', 'always'],
    ['src/index.ts', undefined],
    ['a.b/c.json', undefined],
    ['page.1.html', undefined],
  ])('%s: %s', (path, candidate) => {
    expect(executableCandidate(path)).toBe(candidate);
  });
});

describe('readVersionTexts', () => {
  it('reads the texts of a version resource', () => {
    const image = readPe(peWithTexts({ ProductName: 'Tool', FileVersion: '1.2.3.4', Empty: '' }, 'program'));

    expect(image === undefined ? [] : [...readVersionTexts(image)]).toEqual([
      ['ProductName', 'Tool'],
      ['FileVersion', '1.2.3.4'],
      ['Empty', ''],
    ]);
  });
});

describe('isUpxCompressed', () => {
  it('finds the mark behind the headers only', () => {
    expect(isUpxCompressed(Buffer.concat([Buffer.alloc(500), Buffer.from('UPX!')]))).toBe(true);
    expect(isUpxCompressed(Buffer.concat([Buffer.alloc(50_000), Buffer.from('UPX!')]))).toBe(false);
  });
});
