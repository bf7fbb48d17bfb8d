// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { elfFile, goBuildInfoBytes } from '../../test/support/executable-writer.ts';
import { readExecutable } from './executable.ts';
import type { GoBuildInfo } from './go-buildinfo.ts';
import { parseGoModules, readGoBuildInfo } from './go-buildinfo.ts';

function buildInfoOf(file: Uint8Array): GoBuildInfo | undefined {
  const image = readExecutable(file);
  return image === undefined ? undefined : readGoBuildInfo(image);
}

const modules = 'path\texample.org/tool\nmod\texample.org/tool\tv1.0.0\th1:a=\nbuild\tGOOS=linux\n';

describe('readGoBuildInfo', () => {
  it('reads texts that stand in place', () => {
    const bytes = goBuildInfoBytes('go1.22.2', modules);

    expect(buildInfoOf(elfFile([{ name: '.go.buildinfo', bytes, address: 0x4000 }]))).toMatchObject({
      goVersion: 'go1.22.2',
      path: 'example.org/tool',
      main: { path: 'example.org/tool', version: 'v1.0.0', sum: 'h1:a=' },
    });
  });

  it('follows pointers to Go strings, as programs before Go 1.18 have them', () => {
    // At 0x4000 the header, at 0x4020 two Go strings (pointer, length), behind them their texts.
    const framed = `${'x'.repeat(16)}${modules}${'y'.repeat(16)}`;
    const bytes = Buffer.alloc(0x40);
    bytes.write('\xff Go buildinf:', 0, 'latin1');
    bytes[14] = 8;
    bytes.writeBigUInt64LE(0x4020n, 16);
    bytes.writeBigUInt64LE(0x4030n, 24);
    bytes.writeBigUInt64LE(0x4040n, 0x20);
    bytes.writeBigUInt64LE(6n, 0x28);
    bytes.writeBigUInt64LE(0x4046n, 0x30);
    bytes.writeBigUInt64LE(BigInt(framed.length), 0x38);
    const all = Buffer.concat([bytes, Buffer.from(`go1.17${framed}`)]);

    expect(buildInfoOf(elfFile([{ name: '.data', bytes: all, address: 0x4000 }]))).toMatchObject({
      goVersion: 'go1.17',
      path: 'example.org/tool',
    });
  });

  it('passes over a mark that is not aligned, such as a text constant', () => {
    const bytes = Buffer.concat([Buffer.alloc(7), goBuildInfoBytes('go1.1', ''), Buffer.alloc(16)]);
    const aligned = Buffer.concat([
      bytes,
      Buffer.alloc((16 - (bytes.length % 16)) % 16),
      goBuildInfoBytes('go1.22', ''),
    ]);

    expect(buildInfoOf(elfFile([{ name: '.data', bytes: aligned, address: 0x4000 }]))?.goVersion).toBe('go1.22');
  });

  it('finds nothing in a program of another language', () => {
    expect(buildInfoOf(elfFile([{ name: '.data', bytes: Buffer.alloc(64), address: 0x4000 }]))).toBeUndefined();
  });
});

describe('parseGoModules', () => {
  it('puts a replacement to the module before it', () => {
    const { modules: found } = parseGoModules(
      'dep\ta.org/b\tv1.0.0\n=>\ta.org/fork\tv1.0.1\th1:x=\ndep\tc.org/d\tv2.0.0\n',
    );

    expect(found).toEqual([
      {
        path: 'a.org/b',
        version: 'v1.0.0',
        sum: '',
        replacedBy: { path: 'a.org/fork', version: 'v1.0.1', sum: 'h1:x=' },
      },
      { path: 'c.org/d', version: 'v2.0.0', sum: '' },
    ]);
  });

  it('reads quoted settings', () => {
    const { settings } = parseGoModules('build\t-ldflags="-X \\"a.b=c d\\""\nbuild\tCGO_ENABLED=0\nbuild\t`a=b`=`c`\n');

    expect([...settings]).toEqual([
      ['-ldflags', '-X "a.b=c d"'],
      ['CGO_ENABLED', '0'],
      ['a=b', 'c'],
    ]);
  });
});
