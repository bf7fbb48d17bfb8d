// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGitRepository } from '../io/git.ts';
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
  const options = {
    repository: openGitRepository(root, environment),
    limits: defaultLimits,
    path: root,
    revision,
    name: 'x',
    isExcluded: () => false,
  };
  const source = await gitSource(options);
  const files: Record<string, string> = {};
  await source.visit({
    wants: (path) => path.endsWith('.lock'),
    take: (file) => {
      files[file.path] = Buffer.from(file.bytes).toString('utf8');
    },
  });
  return files;
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
});
