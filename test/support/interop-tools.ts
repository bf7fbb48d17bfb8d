// SPDX-License-Identifier: Apache-2.0
// Builds the programs of others that interop tests run: the real cosign, and a small program over notation-go. Built once for each go.sum and
// kept outside of the repository. Downloads Go modules, so only where it is asked for.
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../e2e/interop/', import.meta.url));

/** Why the tests cannot run here; undefined when they can. */
export function reasonToSkipInterop(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (environment['LANDWAITER_INTEROP'] !== '1')
    return 'the programs of others are only built when LANDWAITER_INTEROP=1';
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0) return 'Go is not installed';
  return undefined;
}

export interface InteropTools {
  readonly cosign: string;
  readonly notary: string;
}

/** Paths of the programs, built now when they are not there. The first build takes about five minutes. */
export async function interopTools(): Promise<InteropTools> {
  const digest = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'notary/main.go']) digest.update(readFileSync(join(source, file)));
  const folder = join(homedir(), '.cache', 'landwaiter', 'interop', digest.digest('hex').slice(0, 16));
  mkdirSync(folder, { recursive: true });
  return {
    cosign: await built(join(folder, 'cosign'), 'github.com/sigstore/cosign/v3/cmd/cosign'),
    notary: await built(join(folder, 'notary'), './notary'),
  };
}

async function built(path: string, program: string): Promise<string> {
  if (existsSync(path)) return path;
  // Renamed when it is whole: a build that was broken off leaves nothing that looks like a program.
  const partial = `${path}.${process.pid}.partial`;
  const flags = ['-p=1', '-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags=-s -w'];
  const { status, output } = await runTool('nice', ['-n', '10', 'go', 'build', ...flags, '-o', partial, program], {
    cwd: source,
    environment: { ...process.env },
  });
  if (status !== 0) throw new Error(`go build ${program}: ${output}`);
  renameSync(partial, path);
  return path;
}

export interface ToolRun {
  readonly status: number;
  /** Standard output and messages. */
  readonly output: string;
}

export interface ToolSurroundings {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs a program while this process goes on: the registry it talks to lives here. */
export function runTool(path: string, words: readonly string[], surroundings: ToolSurroundings): Promise<ToolRun> {
  const { cwd, environment } = surroundings;
  return new Promise((resolve) => {
    execFile(path, words, { cwd, env: environment, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ status, output: stdout + stderr });
    });
  });
}
