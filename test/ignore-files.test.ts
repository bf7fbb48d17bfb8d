// SPDX-License-Identifier: Apache-2.0
// Which ignore files count by themselves: never those that came with a foreign target.
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, landwaiter } from './command-line.ts';

const lock = JSON.stringify({
  name: 'shop',
  lockfileVersion: 3,
  packages: { '': { name: 'shop' }, 'node_modules/lodash': { version: '4.17.20' } },
});
const ignoreAll = 'CVE-2021-23337\nCVE-2020-28500\n';

function stateOf(
  folder: string,
  words: readonly string[],
): { state: string; suppressed: number; notApplied: string[] } {
  const { stdout } = landwaiter(folder, ['scan', ...words, '--format', 'json']);
  const report = JSON.parse(stdout) as {
    verdict: { state: string };
    suppressed: unknown[];
    notApplied: { message: string }[];
  };
  return {
    state: report.verdict.state,
    suppressed: report.suppressed.length,
    notApplied: report.notApplied.map(({ message }) => message.replace(/ was seen.*/, '')),
  };
}

function commit(folder: string): void {
  const git = (...words: string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...words], { cwd: folder });
  };
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
}

describe('an ignore file', () => {
  it('of the working folder counts for the folder and what lies in it', () => {
    const folder = folderWith({ '.trivyignore': ignoreAll, 'inner/package-lock.json': lock });

    expect(stateOf(folder, ['.'])).toMatchObject({ suppressed: 2, notApplied: [] });
    expect(stateOf(folder, ['inner'])).toMatchObject({ suppressed: 2, notApplied: [] });
    expect(stateOf(folder, ['file:inner/package-lock.json'])).toMatchObject({ suppressed: 2, notApplied: [] });
  });

  it('of a foreign target does not count, is named, and counts when it is asked for', () => {
    const folder = folderWith({
      'own/x.txt': '',
      'foreign/.trivyignore': ignoreAll,
      'foreign/package-lock.json': lock,
    });
    const own = join(folder, 'own');

    const unasked = stateOf(own, ['../foreign']);
    const asked = stateOf(own, ['../foreign', '--ignore-file', '../foreign/.trivyignore']);

    expect(unasked).toEqual({
      state: 'findings',
      suppressed: 0,
      notApplied: [join(folder, 'foreign', '.trivyignore')],
    });
    expect(asked).toMatchObject({ suppressed: 2, notApplied: [] });
  });

  it('of a folder inside the working folder does not count either', () => {
    const folder = folderWith({ 'vendor/.trivyignore': ignoreAll, 'vendor/package-lock.json': lock });

    expect(stateOf(folder, ['vendor'])).toMatchObject({
      suppressed: 0,
      notApplied: [join(folder, 'vendor/.trivyignore')],
    });
  });

  it('of the working folder does not count for a link that leads out of it', () => {
    const folder = folderWith({ 'own/.trivyignore': ignoreAll, 'foreign/package-lock.json': lock });
    symlinkSync('../foreign', join(folder, 'own', 'link'));

    expect(stateOf(join(folder, 'own'), ['link'])).toMatchObject({ suppressed: 0, notApplied: ['.trivyignore'] });
  });

  it('is named on the screen when it does not count', () => {
    const folder = folderWith({ 'vendor/.trivyignore': ignoreAll, 'vendor/package-lock.json': lock });

    const { stdout } = landwaiter(folder, ['scan', 'vendor']);

    expect(stdout).toMatch(/Not applied: .*\.trivyignore was seen and not applied: .*--ignore-file/);
  });

  it('of a revision counts for that revision of the own repository', () => {
    const folder = folderWith({ 'package-lock.json': lock, '.trivyignore': ignoreAll });
    commit(folder);
    writeFileSync(join(folder, '.trivyignore'), '');

    expect(stateOf(folder, ['git:.'])).toMatchObject({ suppressed: 2, notApplied: [] });
  });

  it('that is only in the work tree does not count for a revision', () => {
    const folder = folderWith({ 'package-lock.json': lock });
    commit(folder);
    writeFileSync(join(folder, '.trivyignore'), ignoreAll);

    expect(stateOf(folder, ['git:.'])).toMatchObject({ suppressed: 0 });
  });

  it('of a revision of a foreign repository does not count', () => {
    const folder = folderWith({
      'own/x.txt': '',
      'foreign/package-lock.json': lock,
      'foreign/.trivyignore': ignoreAll,
    });
    commit(join(folder, 'foreign'));

    expect(stateOf(join(folder, 'own'), ['git:../foreign'])).toMatchObject({
      suppressed: 0,
      notApplied: ['.trivyignore'],
    });
  });
});

describe('a target in which nothing is recognised', () => {
  it('is called empty, not clean', () => {
    const folder = folderWith({ 'notes.txt': 'hello' });

    const { status, stdout } = landwaiter(folder, ['scan', '.']);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^empty: nothing recognised in 1 file/m);
    expect(stdout).not.toMatch(/^clean/m);
  });

  it('lists in the footer what was passed over', () => {
    const folder = folderWith({ 'package-lock.json': lock });
    symlinkSync('/etc/hostname', join(folder, 'out'));

    const { stdout } = landwaiter(folder, ['scan', '.']);

    expect(stdout).toContain('Passed over: 1 link that leads outside');
  });
});
