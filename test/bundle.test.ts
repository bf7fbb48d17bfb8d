// SPDX-License-Identifier: Apache-2.0
// The bundle does what the sources do: it loads code later and from fewer files, and that must not show.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../scripts/build.ts';
import { packChunks } from '../scripts/bundle/pack.ts';
import { folderWith, landwaiter } from './command-line.ts';

describe('packChunks', () => {
  it('runs each chunk once, when it is asked for, whatever file it is in', () => {
    const folder = mkdtempSync(join(tmpdir(), 'landwaiter-pack-'));
    const log = (text: string): string =>
      `require("node:fs").appendFileSync(${JSON.stringify(join(folder, 'log'))},"${text} ");`;
    const chunks = [
      { name: 'main.cjs', code: `${log('main')}require("./early.cjs");require("./late.cjs");`, needs: ['early.cjs'] },
      { name: 'early.cjs', code: `${log('early')}module.exports=require("./shared.cjs");`, needs: ['shared.cjs'] },
      { name: 'shared.cjs', code: log('shared'), needs: [] },
      {
        name: 'late.cjs',
        code: `${log('late')}require("./shared.cjs");require("./early.cjs");`,
        needs: ['shared.cjs'],
      },
      { name: 'never.cjs', code: log('never'), needs: [] },
    ];

    const files = packChunks(chunks, ['main.cjs'], [['early.cjs']]);
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'main.cjs')], { encoding: 'utf8' });

    expect([...files.keys()].sort()).toEqual(['late.cjs', 'main.cjs', 'never.cjs', 'pack-early.cjs']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('main early shared late ');
  });
});

describe('the bundle', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'landwaiter-bundle-'));

  beforeAll(async () => {
    await bundle(outdir);
  });

  it('gives the same SBOM as the sources, with readers that are loaded late', () => {
    const folder = folderWith({
      'web/package-lock.json': JSON.stringify({
        name: 'web',
        lockfileVersion: 3,
        packages: { '': { name: 'web' }, 'node_modules/a': { version: '1.0.0', license: 'MIT' } },
      }),
      'app/pubspec.lock':
        'packages:\n  b:\n    dependency: "direct main"\n    description:\n      name: b\n    source: hosted\n    version: "2.0.0"\n',
      'lib/pom.xml': '<project><groupId>g</groupId><artifactId>c</artifactId><version>3</version></project>',
      'rust/Cargo.lock': 'version = 3\n\n[[package]]\nname = "d"\nversion = "4.0.0"\n',
      'landwaiter.yaml': 'exclude: [vendor]\n',
    });

    for (const format of ['cyclonedx', 'cyclonedx-xml', 'syft-json', 'table']) {
      const words = ['sbom', 'dir:.', '--format', format];
      const ours = spawnSync(process.execPath, [join(outdir, 'main.cjs'), ...words], {
        cwd: folder,
        env: { HOME: join(folder, '.home'), SOURCE_DATE_EPOCH: '1767225600' },
        encoding: 'utf8',
      });

      expect({ format, stderr: ours.stderr, status: ours.status }).toEqual({ format, stderr: '', status: 0 });
      expect(ours.stdout, format).toBe(landwaiter(folder, words).stdout);
    }
  });

  it.each([
    [['--version'], 0],
    [['--help'], 0],
    [['scna'], 2],
    [['scan', '--no-such-flag'], 2],
    [['catalogers'], 0],
  ])('ends %j as the sources do', (words, status) => {
    const folder = folderWith({});

    const ours = spawnSync(process.execPath, [join(outdir, 'main.cjs'), ...words], { cwd: folder, encoding: 'utf8' });
    const theirs = landwaiter(folder, words);

    expect(ours.status).toBe(status);
    expect({ stdout: ours.stdout, stderr: ours.stderr }).toEqual({ stdout: theirs.stdout, stderr: theirs.stderr });
  });
});
