// SPDX-License-Identifier: Apache-2.0
// Wall time of the search for secrets in a generated history of 1,500 commits against `git log -p` alone, its output thrown away.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import type { ProcessFigures } from './process.ts';
import { alternate, launcher, runNode } from './process.ts';
import { numbers, sourceFile } from './secret-tree.ts';

const rounds = 5;
const commits = 1_500;
const files = 120;

/** Through `git fast-import`, which makes thousands of commits in a second. */
function repository(): string {
  const root = join(tmpdir(), `landwaiter-secret-history-2-${commits}`);
  if (existsSync(root)) return root;
  const building = `${root}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  execFileSync('git', ['init', '--quiet', '--bare', building]);
  const next = numbers(77);
  const contents = Array.from({ length: files }, () => sourceFile(next, 2_000 + next(12_000)).split('\n'));
  const parts: string[] = [];
  for (let index = 0; index < commits; index += 1) {
    const message = `change ${index}`;
    parts.push(
      `commit refs/heads/main\ncommitter A <a@example> ${1_700_000_000 + index * 60} +0000\ndata ${message.length}\n${message}\n`,
    );
    const first =
      index === 0 ? Array.from({ length: files }, (_item, at) => at) : [next(files), next(files), next(files)];
    for (const file of new Set(first)) {
      const lines = contents[file] ?? [];
      if (index > 0) lines.splice(next(lines.length), next(4), ...sourceFile(next, 100 + next(1_500)).split('\n'));
      const text = lines.join('\n');
      parts.push(`M 100644 inline src/file-${file}.ts\ndata ${Buffer.byteLength(text)}\n${text}\n`);
    }
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: building, input: parts.join('') });
  rmSync(root, { recursive: true, force: true });
  renameSync(building, root);
  return root;
}

function gitLog(root: string): Promise<ProcessFigures> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const args = ['log', '-p', '-U0', '--full-history', '--all', '--diff-filter=tuxdb'];
    const child = spawn('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.on('data', () => undefined);
    child.on('error', reject);
    child.on('close', (status) => resolve({ wall: performance.now() - start, cpu: 0, rss: 0, status }));
  });
}

export const secretsHistory: Bench = {
  name: 'secrets-history',
  title: `search for secrets in ${commits} commits against git log -p, wall time`,
  run: async () => {
    const root = repository();
    const [ours, bare] = await alternate(
      rounds,
      () => runNode([launcher, 'secrets', 'git', root, '--format', 'json', '--quiet'], { expect: 1 }),
      () => gitLog(root),
    );
    return {
      unit: 'ms',
      value: median(ours.map((run) => run.wall)),
      baseline: median(bare.map((run) => run.wall)),
      detail: { rounds, commits, rssMB: Math.round(Math.max(...ours.map((run) => run.rss))) },
    };
  },
};
