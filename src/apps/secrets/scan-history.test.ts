// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSecretRules } from '../../evidence/secrets/default-rules.ts';
import { createSecretScanner } from '../../evidence/secrets/scanner.ts';
import { openGitRepository } from '../../io/git.ts';
import { gitChanges } from '../../io/git-changes.ts';
import { scanHistory } from './scan-history.ts';
import type { SecretRun } from './secret-run.ts';

// In two pieces, so that nobody takes it for a token that leaked.
const token = ['ghp', '1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ'].join('_');

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landwaiter-test-'));
  git('init', '-q', '.');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const environment = {
  PATH: process.env['PATH'],
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, env: environment, encoding: 'utf8' });
}

function commit(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
  git('add', '.');
  git('commit', '-qm', 'change');
}

function search(folder = root): Promise<SecretRun> {
  return scanHistory({
    scanner: createSecretScanner(defaultSecretRules(), { archiveDepth: 1 }),
    changes: gitChanges(folder, environment),
    repository: openGitRepository(folder, environment),
    selection: {},
    opensArchives: true,
  });
}

async function placesOfSecrets(): Promise<readonly string[]> {
  const { found } = await search();
  return found.map(({ raw }) => `${raw.path}:${raw.startLine}`);
}

describe('the history of a repository', () => {
  it('gives the secrets that commits add', async () => {
    commit({ a: 'a\nb\nc\nd\n' });
    commit({ a: `x\nb\nc\ntoken = ${token}\n` });

    expect(await placesOfSecrets()).toEqual(['a:4']);
  });

  it.each([
    ['diff.interHunkContext', '5'],
    ['i18n.logOutputEncoding', 'UTF-16'],
    ['core.bigFileThreshold', '10'],
    ['diff.noprefix', 'true'],
    ['diff.context', '3'],
    ['color.ui', 'always'],
  ])('the setting %s made the search find nothing', async (name, value) => {
    commit({ a: 'a\nb\nc\nd\n' });
    commit({ a: `x\nb\nc\ntoken = ${token}\n` });
    git('config', name, value);

    expect(await placesOfSecrets()).toEqual(['a:4']);
  });

  it('a file that only attributes call binary was passed over', async () => {
    commit({ '.gitattributes': '*.env -diff\n*.bin binary\n', 'ä.env': `a\ntoken = ${token}\n`, 'x.bin': 'a\0b' });

    const { found, counts } = await search();
    expect(found.map(({ raw, commit: by }) => `${raw.path}:${raw.startLine} ${by?.author}`)).toEqual(['ä.env:2 a']);
    expect(counts.skipped).toEqual({ binary: 1 });
  });

  it('a file in UTF-16, which git takes for binary, was passed over', async () => {
    commit({ 'set.ps1': Buffer.from(`\uFEFFa\r\n$token = "${token}"\r\n`, 'utf16le'), 'x.txt': 'a\0b' });

    const { found, counts } = await search();
    expect(found.map(({ raw }) => `${raw.path}:${raw.startLine}`)).toEqual(['set.ps1:2']);
    expect(counts.skipped).toEqual({ binary: 1 });
  });

  it('inside of the folder .git could not be searched for want of a work tree', async () => {
    commit({ '.gitattributes': '*.bin binary\n', 'x.bin': 'a\0b', a: `token = ${token}\n` });

    const { found } = await search(join(root, '.git'));
    expect(found.map(({ raw }) => raw.path)).toEqual(['a']);
  });

  it('of a repository without work tree hid files by its attributes', async () => {
    commit({ 'a.env': `token = ${token}\n`, 'x.bin': 'a\0b' });
    git('clone', '-q', '--bare', '.', 'bare.git');
    writeFileSync(join(root, 'bare.git/info/attributes'), '*.env -diff\n');

    const { found } = await search(join(root, 'bare.git'));
    expect(found.map(({ raw }) => raw.path)).toEqual(['a.env']);
  });

  it('a clone in which an object is missing is an error', async () => {
    commit({ '.gitattributes': '*.zip binary\n', 'x.zip': `a\0${token}` });
    const object = git('rev-parse', 'HEAD:x.zip').trim();
    rmSync(join(root, '.git/objects', object.slice(0, 2), object.slice(2)));

    await expect(search()).rejects.toMatchObject({ code: 'GIT_FAILED' });
  });
});
