// SPDX-License-Identifier: Apache-2.0
// The bundle does what the sources do: it loads code later and from fewer files, and that must not show.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle, loaderCode } from '../scripts/build.ts';
import { packChunks } from '../scripts/bundle/pack.ts';
import { folderWith, landwaiter } from './command-line.ts';

describe('packChunks', () => {
  it('runs each chunk once, when it is asked for, whatever file it is in', async () => {
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

    const files = packChunks(chunks, {
      program: 'main.cjs',
      workers: [],
      starts: [['early.cjs']],
      loader: await loaderCode(),
    });
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'main.cjs')], { encoding: 'utf8' });

    expect([...files.keys()].sort()).toEqual(['late.cjs', 'main.cjs', 'never.cjs', 'pack-early.cjs']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('main early shared late ');
  });
});

describe('the loader', () => {
  /** A program of two files; returns how to run it, and the folder in which its code is kept. */
  async function program(does = ''): Promise<{
    readonly run: (environment?: Readonly<Record<string, string>>) => string;
    readonly code: string;
  }> {
    const folder = mkdtempSync(join(tmpdir(), 'landwaiter-loader-'));
    const chunks = [
      { name: 'main.cjs', code: 'process.stdout.write(require("./late.cjs").words());', needs: [] },
      { name: 'late.cjs', code: `exports.words=function(){${does}return "worked"};`, needs: [] },
    ];
    const loader = await loaderCode();
    const files = packChunks(chunks, { program: 'main.cjs', workers: [], starts: [], loader });
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const run = (environment: Readonly<Record<string, string>> = {}): string =>
      spawnSync(process.execPath, [join(folder, 'main.cjs')], {
        env: { XDG_CACHE_HOME: join(folder, 'cache'), ...environment },
        encoding: 'utf8',
        timeout: 10_000,
      }).stdout;
    return { run, code: join(folder, 'cache', 'landwaiter', 'code') };
  }

  const keptIn = (code: string): string[] =>
    existsSync(code) ? readdirSync(code).flatMap((build) => readdirSync(join(code, build))) : [];

  it('keeps what was compiled for the next start, once for runs that are alike', async () => {
    const { run, code } = await program();

    expect([run(), run()]).toEqual(['worked', 'worked']);
    expect(keptIn(code).sort()).toEqual(['late.cjs', 'uses']);
    const [build = ''] = readdirSync(code);
    // Runs that took much longer than others count as others, on a busy machine too.
    const uses = readFileSync(join(code, build, 'uses'), 'utf8').split('\n');
    expect(uses).toEqual([...new Set(uses)]);
  });

  it('keeps nothing where that is switched off, or where there is no place for it', async () => {
    const { run, code } = await program();

    expect(run({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('worked');
    expect(run({ XDG_CACHE_HOME: '/proc/nowhere' })).toBe('worked');
    expect(run({ XDG_CACHE_HOME: '' })).toBe('worked');
    expect(keptIn(code)).toEqual([]);
  });

  it('does not run code that others can have written', async () => {
    const { run, code } = await program();
    run();
    const [build = ''] = readdirSync(code);
    const file = join(code, build, 'late.cjs');
    const kept = readFileSync(file);
    // Past the head that V8 checks: such code would crash it.
    writeFileSync(file, kept.fill(0xff, 64));
    chmodSync(file, 0o666);

    expect(run()).toBe('worked');
    chmodSync(file, 0o600);
    chmodSync(join(code, build), 0o777);
    expect(run()).toBe('worked');
  });

  it('takes code that another V8 made for none, and replaces it', async () => {
    const { run, code } = await program();
    run();
    const [build = ''] = readdirSync(code);
    const file = join(code, build, 'late.cjs');
    const kept = readFileSync(file);
    writeFileSync(file, 'something else');

    expect(run()).toBe('worked');
    expect(readFileSync(file).length).toBeGreaterThan(kept.length / 2);
  });

  it('keeps nothing of a run that changed the flags of V8', async () => {
    const { run, code } = await program('require("node:v8").setFlagsFromString("--initial-heap-size=64");');

    expect(run()).toBe('worked');
    expect(keptIn(code)).toEqual([]);
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
