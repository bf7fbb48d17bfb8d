// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGitRepository } from '../io/git.ts';
import type { Coverage } from '../model/coverage.ts';
import { defaultLimits } from '../model/limits.ts';
import { gitSource } from './git.ts';

const environment = { PATH: process.env['PATH'], HOME: tmpdir(), GIT_CONFIG_NOSYSTEM: '1' };

function git(root: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.test', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], { cwd: root, env: environment, encoding: 'utf8' }).trim();
}

function repository(): string {
  const root = mkdtempSync(join(tmpdir(), 'landwaiter-git-'));
  git(root, 'init', '-q');
  mkdirSync(join(root, 'sub'));
  writeFileSync(join(root, 'sub', 'ä b.lock'), 'first');
  writeFileSync(join(root, 'big.lock'), 'x'.repeat(300_000));
  symlinkSync('big.lock', join(root, 'link.lock'));
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'one');
  return root;
}

async function read(root: string, revision: string): Promise<Record<string, string>> {
  return (await visit(root, revision)).files;
}

async function visit(
  root: string,
  revision: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<{ files: Record<string, string>; coverage: Coverage }> {
  const options = {
    repository: openGitRepository(root, { ...environment, ...variables }),
    limits: defaultLimits,
    path: root,
    revision,
    name: 'x',
    isExcluded: () => false,
  };
  const source = await gitSource(options);
  const files: Record<string, string> = {};
  const coverage = await source.visit({
    wants: (path) => path.endsWith('.lock'),
    take: (file) => {
      files[file.path] = Buffer.from(file.bytes).toString('utf8');
    },
  });
  return { files, coverage };
}

describe('gitSource', () => {
  it('reads a revision and not the work tree', async () => {
    const root = repository();
    writeFileSync(join(root, 'sub', 'ä b.lock'), 'changed on disk');

    const files = await read(root, 'HEAD');

    expect(files['sub/ä b.lock']).toBe('first');
    expect(files['big.lock']).toHaveLength(300_000);
    expect(Object.keys(files)).not.toContain('link.lock');
    expect(readFileSync(join(root, 'sub', 'ä b.lock'), 'utf8')).toBe('changed on disk');
  });

  it('names the commit as the subject', async () => {
    const root = repository();
    const options = {
      repository: openGitRepository(root, environment),
      limits: defaultLimits,
      path: root,
      revision: 'main',
      name: 'x',
      isExcluded: () => false,
    };

    const source = await gitSource(options);

    expect(source.subject.id).toBe(`commit:${git(root, 'rev-parse', 'HEAD')}`);
  });

  it('refuses an unknown revision with a code', async () => {
    const root = repository();

    await expect(read(root, 'no-such-branch')).rejects.toMatchObject({ code: 'GIT_FAILED' });
  });

  it('does not take a revision for an option', async () => {
    const root = repository();

    await expect(read(root, '--help')).rejects.toMatchObject({ code: 'GIT_FAILED' });
  });

  it('reads a wanted link to a file of the revision whose own name nobody wants', async () => {
    const root = repository();
    mkdirSync(join(root, 'locks'));
    writeFileSync(join(root, 'locks', 'production'), 'behind');
    symlinkSync('../locks/production', join(root, 'sub', 'a.lock'));
    symlinkSync('sub/a.lock', join(root, 'b.lock'));
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'two');

    const { files, coverage } = await visit(root, 'HEAD');

    expect(files).toMatchObject({ 'sub/a.lock': 'behind' });
    expect(coverage.problems).toEqual([]);
  });

  it('tells of wanted links that lead nowhere, in a circle or out of the repository', async () => {
    const root = repository();
    symlinkSync('gone', join(root, 'gone.lock'));
    symlinkSync('circle.lock', join(root, 'circle.lock'));
    symlinkSync('/etc/passwd', join(root, 'out.lock'));
    symlinkSync('sub', join(root, 'folder.lock'));
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'two');

    const { coverage } = await visit(root, 'HEAD');

    expect(coverage.problems.map(({ kind, location }) => `${location.path} ${kind}`).sort()).toEqual([
      'circle.lock unreadable',
      'gone.lock unreadable',
      'out.lock outside',
    ]);
    expect(coverage.problems.every(({ hidesFindings }) => hidesFindings)).toBe(true);
  });

  it('does not call a revision looked at as a whole when it has a submodule', async () => {
    const root = repository();
    git(root, 'update-index', '--add', '--cacheinfo', `160000,${git(root, 'rev-parse', 'HEAD')},vendored`);
    git(root, 'commit', '-qm', 'two');

    const { coverage } = await visit(root, 'HEAD');

    expect(coverage.problems).toMatchObject([{ location: { path: 'vendored' }, hidesFindings: true }]);
  });

  it('reads the commit its id names, whatever the repository puts in its place', async () => {
    const root = repository();
    const commit = git(root, 'rev-parse', 'HEAD');
    writeFileSync(join(root, 'big.lock'), 'harmless');
    git(root, 'commit', '-qam', 'two');
    git(root, 'replace', commit, 'HEAD');

    const files = await read(root, commit);

    expect(files['big.lock']).toHaveLength(300_000);
  });

  it('reads the named repository when it is run by a hook of another one', async () => {
    const root = repository();
    const other = mkdtempSync(join(tmpdir(), 'landwaiter-git-other-'));
    git(other, 'init', '-q');
    git(other, 'commit', '-q', '--allow-empty', '-m', 'other');

    const { files } = await visit(root, 'HEAD', { GIT_DIR: join(other, '.git') });

    expect(files['sub/ä b.lock']).toBe('first');
  });
});
