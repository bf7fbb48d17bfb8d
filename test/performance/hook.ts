// SPDX-License-Identifier: Apache-2.0
// Wall time of `landwaiter secrets --staged` with 50 staged files, whole process, against `node -e 0`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { alternate, launcher, runNode } from './process.ts';
import { numbers, sourceFile } from './secret-tree.ts';

const rounds = 11;
const files = 50;

function stagedRepository(): string {
  const root = mkdtempSync(join(tmpdir(), 'landwaiter-hook-'));
  const git = (...args: string[]): void => void execFileSync('git', args, { cwd: root, stdio: 'ignore' });
  git('init', '--quiet');
  const next = numbers(5);
  mkdirSync(join(root, 'src'));
  const write = (index: number): void => {
    // A file that leaks would end the hook with 1; these are clean.
    const text = sourceFile(next, 3_000 + next(6_000)).replace(/ghp_/g, 'x_');
    writeFileSync(join(root, 'src', `file-${index}.ts`), text);
  };
  for (let index = 0; index < 400; index += 1) write(index);
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example', 'commit', '--quiet', '-m', 'first');
  for (let index = 0; index < files; index += 1) write(index);
  git('add', '.');
  return root;
}

export const hook: Bench = {
  name: 'hook',
  title: `secrets --staged with ${files} staged files against node -e 0, wall time`,
  run: async () => {
    const root = stagedRepository();
    const [ours, bare] = await alternate(
      rounds,
      () => runNode([launcher, 'secrets', '--staged', '--quiet'], { cwd: root }),
      () => runNode(['-e', '0']),
    );
    rmSync(root, { recursive: true, force: true });
    return {
      unit: 'ms',
      value: median(ours.map((run) => run.wall)),
      baseline: median(bare.map((run) => run.wall)),
      detail: { rounds, files, rssMB: Math.round(Math.max(...ours.map((run) => run.rss))) },
    };
  },
};
