// SPDX-License-Identifier: Apache-2.0
// `landwaiter secrets` and `landwaiter hook` as people use them, with real repositories.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from './command-line.ts';
import type { Outcome } from './support/command-line.ts';
import { runCommand } from './support/command-line.ts';

const rules = `[[rules]]
id = "token"
description = "A token"
regex = 'tok_[a-z0-9]{20}'
keywords = ["tok_"]
`;
const one = 'tok_abcdefghij0123456789';
// Put together here, so that no program that looks for tokens stops at this file.
const unlikely = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5';
const two = 'tok_zyxwvutsrq9876543210';

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };

function git(folder: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function repository(files: Readonly<Record<string, string>>): string {
  const folder = folderWith({ '.gitleaks.toml': rules, ...files });
  git(folder, 'init', '--quiet');
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '-m', 'first');
  return folder;
}

function secrets(cwd: string, ...words: readonly string[]): Promise<Outcome> {
  return runCommand(['secrets', ...words], { cwd, environment });
}

describe('secrets in files', () => {
  it('are told with place, redacted secret and fingerprint, and end with 1', async () => {
    const folder = folderWith({ '.gitleaks.toml': rules, 'src/a.txt': `x\nkey ${one}\n` });

    const { status, stdout } = await secrets(folder);

    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^src\/a\.txt:2:5: high \(medium confidence\): A token tok_\*{4}89 \[token\] [0-9a-f]{32}\n/,
    );
    expect(stdout).not.toContain(one);
  });

  it('are found with the shipped rules when there are no others', async () => {
    const folder = folderWith({ 'a.env': `GH=ghp_${unlikely}\n` });

    expect((await secrets(folder)).stdout).toContain('[github-token]');
  });

  it('can be accepted, and stay accepted when they move', async () => {
    const folder = folderWith({ '.gitleaks.toml': rules, 'a.txt': one });

    const accepted = await secrets(folder, '--accept-all', 'a test value');
    writeFileSync(join(folder, 'b.txt'), `\n\n${one}\n`);
    rmSync(join(folder, 'a.txt'));
    const moved = await secrets(folder);
    writeFileSync(join(folder, 'b.txt'), `\n\n${one} ${two}\n`);
    const added = await secrets(folder);

    expect([accepted.status, moved.status, added.status]).toEqual([0, 0, 1]);
    expect(readFileSync(join(folder, '.landwaiter-secrets.yaml'), 'utf8')).toContain('reason: "a test value"');
  });

  it('that are accepted and not there any more are told', async () => {
    const folder = folderWith({
      '.gitleaks.toml': rules,
      'a.txt': one,
      '.gitleaksignore': 'a.txt:token:1\nb.txt:token:7\n',
    });

    const { status, stderr } = await secrets(folder);

    expect(status).toBe(0);
    expect(stderr).toMatch(/\.gitleaksignore:2: b\.txt:.* matched nothing/);
  });

  it('of a baseline are known, also of a report of gitleaks', async () => {
    const folder = folderWith({ '.gitleaks.toml': rules, 'a.txt': one });
    await secrets(folder, '--format', 'gitleaks-json', '--redact', '0', '--output', 'base.json');
    await secrets(folder, '--format', 'json', '--output', 'own.json');
    writeFileSync(join(folder, 'a.txt'), `\n${one}`);

    expect((await secrets(folder, '--baseline', 'base.json')).status).toBe(0);
    expect((await secrets(folder, '--baseline', 'own.json')).status).toBe(0);
    writeFileSync(join(folder, 'a.txt'), two);
    expect((await secrets(folder, '--baseline', 'base.json')).status).toBe(1);
  });

  it('are redacted in every report unless that is asked otherwise', async () => {
    const folder = folderWith({ '.gitleaks.toml': rules, 'a.txt': one });

    for (const form of [
      'table',
      'json',
      'sarif',
      'gitlab',
      'junit',
      'gitleaks-json',
      'csv',
      'gitleaks-sarif',
      'gitleaks-junit',
    ])
      expect((await secrets(folder, '--format', form)).stdout, form).not.toContain(one);
    expect((await secrets(folder, '--format', 'gitleaks-json', '--redact', '0')).stdout).toContain(one);
  });

  it('of a target are not silenced by files of the target', async () => {
    const outer = folderWith({
      'a.txt': one,
      '.gitleaksignore': 'a.txt:token:1\n',
      '.gitleaks.toml': '[[rules]]\nid="x"\nregex="y"',
    });
    const here = folderWith({ 'rules.toml': rules });

    expect((await secrets(here, 'dir', outer, '--secret-rules', 'rules.toml')).status).toBe(1);
  });

  it('have the path as it was typed, also in a hidden folder', async () => {
    const folder = folderWith({ '.gitleaks.toml': rules, '.github/a.txt': one });

    expect((await secrets(folder, '.github')).stdout).toMatch(/^\.github\/a\.txt:1:1/);
    expect((await secrets(folder, './.github/')).stdout).toMatch(/^\.github\/a\.txt:1:1/);
    expect((await secrets(folder, '.github/a.txt')).stdout).toMatch(/^\.github\/a\.txt:1:1/);
  });

  it('come from standard input too', async () => {
    const folder = folderWith({ '.gitleaks.toml': rules });

    const { status, stdout } = await runCommand(['secrets', 'stdin'], {
      cwd: folder,
      environment,
      stdin: Buffer.from(one),
    });

    expect(status).toBe(1);
    expect(stdout).toContain('A token');
  });

  it('are refused with 2 when the rules cannot be used', async () => {
    const folder = folderWith({ '.gitleaks.toml': '[[rules]]\nid="a"\nregex="(?=x)"' });

    expect(await secrets(folder)).toMatchObject({ status: 2 });
  });
});

describe('secrets in a repository', () => {
  it('are found in commits, with author and date, also when they are gone now', async () => {
    const folder = repository({ 'a.txt': `first\n${one}\n` });
    writeFileSync(join(folder, 'a.txt'), 'clean\n');
    git(folder, 'commit', '--quiet', '-am', 'second');

    const { status, stdout } = await secrets(folder, 'git');

    expect(status).toBe(1);
    expect(stdout).toMatch(/a\.txt:2:1: .*\n {4}commit [0-9a-f]{12} A, \d{4}-\d{2}-\d{2}: first\n/);
    expect((await secrets(folder, 'git', '--log-opts', 'HEAD~1..HEAD')).status).toBe(0);
    expect((await secrets(folder, 'git', '--log-opts', '--output=x')).status).toBe(2);
  });

  it('that are staged are read from the index, and only what is new counts', async () => {
    const folder = repository({ 'a.txt': `${one}\n`, 'b.txt': 'clean\n' });
    writeFileSync(join(folder, 'a.txt'), `\nmoved\n${one}\n`);
    writeFileSync(join(folder, 'b.txt'), `${two}\n`);
    git(folder, 'add', 'a.txt');

    const moved = await secrets(folder, '--staged');
    git(folder, 'add', 'b.txt');
    writeFileSync(join(folder, 'b.txt'), 'clean in the work tree\n');
    const added = await secrets(folder, '--staged');

    expect([moved.status, added.status]).toEqual([0, 1]);
    expect(added.stdout).toContain('b.txt:1:1');
  });

  it('are found before the first commit, in work trees, and submodules are left alone', async () => {
    const fresh = folderWith({ '.gitleaks.toml': rules, 'a.txt': one });
    git(fresh, 'init', '--quiet');
    git(fresh, 'add', 'a.txt');
    const folder = repository({ 'b.txt': 'clean' });
    const linked = `${folder}-linked`;
    git(folder, 'worktree', 'add', '--quiet', linked);
    git(folder, '-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', repository({ 'c.txt': one }), 'sub');
    writeFileSync(join(linked, 'd.txt'), two);
    git(linked, 'add', 'd.txt');

    expect((await secrets(fresh, '--staged')).status).toBe(1);
    expect((await secrets(linked, '--staged')).stdout).toContain('d.txt:1:1');
    expect((await secrets(folder, '--staged')).status).toBe(0);
  });

  it('of a shallow clone are searched as far as they go, and that is said with 3', async () => {
    const folder = repository({ 'a.txt': 'one' });
    writeFileSync(join(folder, 'a.txt'), 'two');
    git(folder, 'commit', '--quiet', '-am', 'second');
    const shallow = `${folder}-shallow`;
    git(folder, 'clone', '--quiet', '--depth', '1', `file://${folder}`, shallow);

    const { status, stderr } = await secrets(shallow, 'git');

    expect(status).toBe(3);
    expect(stderr).toContain('this clone is shallow');
  });

  it('that is broken, or none, ends with 3', async () => {
    const folder = repository({ 'a.txt': one });
    rmSync(join(folder, '.git/objects'), { recursive: true });
    mkdirSync(join(folder, '.git/objects'));

    expect((await secrets(folder, 'git')).status).toBe(3);
    expect((await secrets(folderWith({ 'a.txt': 'x' }), 'git')).status).toBe(3);
  });
});

describe('hook', () => {
  const hook = (folder: string, ...words: readonly string[]): Promise<Outcome> =>
    runCommand(['hook', ...words], { cwd: folder, environment });

  it('is installed where git looks for it, can be run, and goes away again', async () => {
    const folder = repository({ 'a.txt': 'x' });
    const path = join(folder, '.git/hooks/pre-commit');

    expect((await hook(folder, 'install')).status).toBe(0);
    expect(statSync(path).mode & 0o111).not.toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('landwaiter secrets --staged');
    expect((await hook(folder, 'install')).status).toBe(0);
    expect((await hook(folder, 'uninstall')).status).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  it('of somebody else is left alone unless --force is given', async () => {
    const folder = repository({ 'a.txt': 'x' });
    const path = join(folder, '.git/hooks/pre-commit');
    mkdirSync(join(folder, '.git/hooks'), { recursive: true });
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, 0o755);

    expect((await hook(folder, 'install')).status).toBe(3);
    expect((await hook(folder, 'uninstall')).status).toBe(3);
    expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\n');
    expect((await hook(folder, 'install', '--force')).status).toBe(0);
  });
});
