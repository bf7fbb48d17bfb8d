// SPDX-License-Identifier: Apache-2.0
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { storedXz } from '../../../test/support/xz-writer.ts';
import { debArchive } from './deb-archive.ts';

function tarFile(name: string, text: string): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write(text.length.toString(8).padStart(11, '0'), 124);
  head.write('0', 156);
  head.fill(' ', 148, 156);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([head, Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0')), Buffer.alloc(1024)]);
}

function arFile(members: readonly (readonly [string, Uint8Array])[]): Buffer {
  const parts = members.flatMap(([name, bytes]) => [
    Buffer.from(
      `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`,
    ),
    bytes,
    Buffer.alloc(bytes.length % 2),
  ]);
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

const control = tarFile('./control', 'Package: zlib1g\nVersion: 1:1.2.13\nArchitecture: amd64\nSource: zlib\n');
const version = ['debian-binary', Buffer.from('2.0\n')] as const;

describe('debArchive', () => {
  it.each([
    ['control.tar.gz', gzipSync(control)],
    ['control.tar.zst', zstdCompressSync(control)],
    ['control.tar.xz', storedXz(control)],
    ['control.tar', control],
  ])('reads %s', (name, bytes) => {
    const { get, problems } = catalogText(debArchive, { 'a/zlib.deb': arFile([version, [name, bytes]]) });

    expect(get('zlib1g')).toMatchObject({ version: '1:1.2.13', sources: [{ name: 'zlib', version: '1:1.2.13' }] });
    expect(problems).toEqual([]);
  });

  it('says when a control part cannot be unpacked', () => {
    const bytes = arFile([version, ['control.tar.xz', Buffer.from('fd377a585a00', 'hex')]]);

    expect(catalogText(debArchive, { 'a.deb': bytes }).problems).toMatchObject([
      { kind: 'unsupported', hidesFindings: true },
    ]);
  });

  it('reports what is cut or no archive', () => {
    const whole = arFile([version, ['control.tar.gz', gzipSync(control)]]);

    expect(catalogText(debArchive, { 'a.deb': whole.subarray(0, 150) }).problems).toHaveLength(1);
    expect(catalogText(debArchive, { 'a.deb': 'text' }).problems).toMatchObject([{ kind: 'syntax' }]);
  });

  it('throws for no change of its bytes', () => {
    const whole = arFile([version, ['control.tar', control]]);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(whole);
        changed[at] = value;

        catalogText(debArchive, { 'a.deb': changed });
      }),
    );
  });
});
