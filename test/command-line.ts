// SPDX-License-Identifier: Apache-2.0
// Runs the real program from source in a temporary folder, for tests.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/apps/cli/main.ts', import.meta.url));

export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A fresh folder with these files; its own HOME is beside it, so that nothing of the machine is used. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'landwaiter-test-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** `landwaiter WORDS...` in `folder`. */
export function landwaiter(folder: string, words: readonly string[], options: RunOptions = {}): ProgramRun {
  const result = spawnSync(process.execPath, [main, ...words], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: join(folder, '.home'),
      SOURCE_DATE_EPOCH: '1767225600',
      ...options.environment,
    },
    encoding: 'utf8',
    input: options.input ?? '',
    timeout: 60_000,
  });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}
