// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { elfFile, goBuildInfoBytes } from '../../../test/support/executable-writer.ts';
import { goBinary } from './go-binary.ts';

function program(version: string, modules: string): Buffer {
  return elfFile([{ name: '.go.buildinfo', bytes: goBuildInfoBytes(version, modules), address: 0x4000 }]);
}

const hasGo = spawnSync('go', ['version']).status === 0;

describe('goBinary', () => {
  it('lists the program, its modules and the standard library', () => {
    const modules =
      'path\ta.org/tool/cmd\nmod\ta.org/tool\tv1.2.3\ndep\tb.org/lib\tv0.5.0\th1:x=\nbuild\tGOARCH=arm64\n';

    const found = catalogText(goBinary, { 'bin/tool': program('go1.22.2', modules) });

    expect(found.names).toEqual(['a.org/tool@v1.2.3', 'b.org/lib@v0.5.0', 'stdlib@1.22.2']);
    expect(found.get('a.org/tool')).toMatchObject({
      purl: 'pkg:golang/a.org/tool@v1.2.3',
      relationship: 'root',
      dependsOn: ['b.org/lib@v0.5.0', 'stdlib@1.22.2'],
      facts: { architecture: 'arm64', other: { 'main-package': 'a.org/tool/cmd' } },
    });
    expect(found.get('b.org/lib').facts?.other).toEqual({ h1: 'h1:x=' });
  });

  it('takes the version that was linked in where Go states none', () => {
    const modules = 'mod\ta.org/tool\t(devel)\nbuild\t-ldflags="-X a.org/tool/version.Version=2.0.1"\n';

    expect(catalogText(goBinary, { 'bin/tool': program('go1.22.2', modules) }).names).toContain('a.org/tool@v2.0.1');
  });

  it('makes a version of the commit where nothing else tells one', () => {
    const modules =
      'mod\ta.org/tool\t(devel)\nbuild\tvcs.revision=41bc6bb410352845f22766e27dd48ba93aa825a4\nbuild\tvcs.time=2022-10-14T19:54:57Z\n';

    expect(catalogText(goBinary, { 'bin/tool': program('go1.22.2', modules) }).names).toContain(
      'a.org/tool@v0.0.0-20221014195457-41bc6bb41035',
    );
  });

  it('names a replaced module by what replaces it, unless that is a folder', () => {
    const modules =
      'mod\ta.org/tool\tv1.0.0\ndep\tb.org/lib\tv1.0.0\n=>\tc.org/fork\tv1.0.1\th1:x=\ndep\td.org/own\tv1.1.0\n=>\t../own\t(devel)\t\n';

    expect(catalogText(goBinary, { 'bin/tool': program('devel +abc', modules) }).names).toEqual([
      'a.org/tool@v1.0.0',
      'c.org/fork@v1.0.1',
      'd.org/own@v1.1.0',
    ]);
  });

  it('says that a compressed program cannot be read', () => {
    const file = Buffer.concat([elfFile([]), Buffer.from('UPX!')]);

    expect(catalogText(goBinary, { 'bin/tool': file }).problems).toMatchObject([{ kind: 'unsupported' }]);
  });

  it.skipIf(!hasGo)('reads what the Go compiler writes (skipped where there is no go)', { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'landwaiter-go-'));
    try {
      writeFileSync(join(folder, 'go.mod'), 'module example.org/tool\n\ngo 1.21\n');
      writeFileSync(
        join(folder, 'main.go'),
        'package main\n\nvar version string\n\nfunc main() { println(version) }\n',
      );
      // Without a record of the flags: the version is a symbol only.
      const flags = ['build', '-trimpath', '-ldflags', '-X main.version=v3.2.1', '-o', 'tool', '.'];
      const environment = { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };
      execFileSync('go', flags, { cwd: folder, env: environment });

      const found = catalogText(goBinary, { 'bin/tool': readFileSync(join(folder, 'tool')) });

      expect(found.names[0]).toBe('example.org/tool@v3.2.1');
      expect(found.names[1]).toMatch(/^stdlib@1\./);
      expect(found.get('example.org/tool').facts?.goSymbols).toEqual({ main: ['main'] });
      expect(found.get('stdlib').facts?.goSymbols?.['runtime']).toContain('main');
      expect(found.get('stdlib').facts?.goSymbols?.['net/http']).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
