// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Disk } from '../io/disk.ts';
import { localDisk } from '../io/disk.ts';
import type { Coverage } from '../model/coverage.ts';
import { defaultLimits } from '../model/limits.ts';
import { directorySource } from './directory.ts';

interface Walk {
  readonly taken: string[];
  readonly coverage: Coverage;
}

async function walk(
  root: string,
  overrides: { disk?: Disk; limits?: Partial<typeof defaultLimits>; isExcluded?: (path: string) => boolean } = {},
): Promise<Walk> {
  const taken: string[] = [];
  const source = directorySource({
    disk: overrides.disk ?? localDisk,
    limits: { ...defaultLimits, ...overrides.limits },
    path: root,
    root,
    isExcluded: overrides.isExcluded,
  });
  const coverage = await source.visit({
    wants: (path) => path.endsWith('.lock'),
    take: (file) => taken.push(file.path),
  });
  return { taken, coverage };
}

function folder(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'landwaiter-directory-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

describe('directorySource', () => {
  it('hands out the wanted files in path order and counts the others', async () => {
    const root = folder({ 'b/x.lock': '1', 'a.lock': '22', 'c.txt': '333', '.git/y.lock': '' });

    const { taken, coverage } = await walk(root);

    expect(taken).toEqual(['a.lock', 'b/x.lock']);
    expect(coverage).toMatchObject({ filesSeen: 3, filesRead: 2, bytesRead: 3, problems: [] });
    expect(coverage.skipped).toEqual([{ reason: 'excluded', count: 1, examples: ['.git'] }]);
  });

  it('does not follow links: loops, inner links and outer links are counted apart', async () => {
    const root = folder({ 'a/x.lock': '1' });
    symlinkSync('..', join(root, 'a', 'loop'));
    symlinkSync('a/x.lock', join(root, 'inner.lock'));
    symlinkSync('/etc/passwd', join(root, 'outer.lock'));

    const { taken, coverage } = await walk(root);

    expect(taken).toEqual(['a/x.lock']);
    expect(coverage.skipped.map((entry) => [entry.reason, entry.count])).toEqual([
      ['loop', 1],
      ['symlink', 1],
      ['outside', 1],
    ]);
    expect(coverage.problems).toMatchObject([
      { kind: 'outside', location: { path: 'outer.lock' }, hidesFindings: true },
    ]);
  });

  it('reads a wanted link to a file inside whose own name nobody wants', async () => {
    const root = folder({ 'locks/production': 'x' });
    symlinkSync('locks/production', join(root, 'a.lock'));

    const { taken, coverage } = await walk(root);

    expect(taken).toEqual(['a.lock']);
    expect(coverage).toMatchObject({ filesRead: 1, skipped: [], problems: [] });
  });

  it('does not read an excluded file through a link', async () => {
    const root = folder({ 'locks/production': 'x' });
    symlinkSync('locks/production', join(root, 'a.lock'));

    const { taken } = await walk(root, { isExcluded: (path) => path === 'locks' || path.startsWith('locks/') });

    expect(taken).toEqual([]);
  });

  it('reports a wanted link that leads nowhere as a problem that hides findings', async () => {
    const root = folder({});
    symlinkSync('gone', join(root, 'a.lock'));
    symlinkSync('gone', join(root, 'notes.txt'));

    const { coverage } = await walk(root);

    expect(coverage.problems).toMatchObject([
      { kind: 'unreadable', location: { path: 'a.lock' }, message: 'a link that leads nowhere', hidesFindings: true },
    ]);
  });

  it('passes over a named pipe instead of waiting for it', async () => {
    const root = folder({});
    execFileSync('mkfifo', [join(root, 'pipe.lock')]);

    const { taken, coverage } = await walk(root);

    expect(taken).toEqual([]);
    expect(coverage.skipped).toEqual([{ reason: 'special', count: 1, examples: ['pipe.lock'] }]);
  });

  it('reports an unreadable file and an unreadable folder as problems that hide findings', async () => {
    const root = folder({ 'x.lock': '1', 'd/y.lock': '2' });
    const disk: Disk = {
      ...localDisk,
      list: (path) => {
        if (path.endsWith('/d')) throw Object.assign(new Error('no'), { code: 'EACCES' });
        return localDisk.list(path);
      },
      read: () => ({ kind: 'unreadable', reason: 'permission denied' }),
    };

    const { coverage } = await walk(root, { disk });

    expect(coverage.problems.map((problem) => `${problem.location.path}: ${problem.message}`)).toEqual([
      'd: folder not readable: permission denied',
      'x.lock: not readable: permission denied',
    ]);
    expect(coverage.problems.every((problem) => problem.hidesFindings)).toBe(true);
  });

  it('refuses a file of 1 GB without reading it', async () => {
    const root = folder({ 'huge.lock': '' });
    truncateSync(join(root, 'huge.lock'), 1024 ** 3);

    const { taken, coverage } = await walk(root);

    expect(taken).toEqual([]);
    expect(coverage).toMatchObject({ bytesRead: 0, problems: [{ kind: 'limit', location: { path: 'huge.lock' } }] });
  });

  it('stops at the limit of entries and says so', async () => {
    const root = folder({ 'a.lock': '', 'b.lock': '', 'c.lock': '' });

    const { taken, coverage } = await walk(root, { limits: { entries: 2 } });

    expect(taken).toEqual(['a.lock', 'b.lock']);
    expect(coverage.problems).toMatchObject([
      { kind: 'limit', message: 'more than 2 entries; the rest was not visited' },
    ]);
  });

  it('stops descending at the limit of depth and says so', async () => {
    const root = folder({ 'a/b/c/x.lock': '' });

    const { taken, coverage } = await walk(root, { limits: { pathDepth: 2 } });

    expect(taken).toEqual([]);
    expect(coverage.problems).toMatchObject([{ kind: 'limit', location: { path: 'a/b/c' } }]);
  });
});
