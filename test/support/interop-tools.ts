// SPDX-License-Identifier: Apache-2.0
// Builds the programs of others that interop tests run: the real cosign and notation, and a small program over notation-go for what notation 1.3 does
// not offer (files). Built once for each go.sum and kept outside of the repository. Downloads Go modules, so only where it is asked for.
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
  readonly notation: string;
  readonly notary: string;
}

/** Paths of the programs, built now when they are not there. The first build takes about five minutes. */
export async function interopTools(): Promise<InteropTools> {
  return {
    cosign: await built('cosign', { module: '.', program: 'github.com/sigstore/cosign/v3/cmd/cosign', files: [] }),
    notary: await built('notary', { module: '.', program: './notary', files: ['notary/main.go'] }),
    notation: await built('notation', {
      module: 'notation-program',
      program: 'github.com/notaryproject/notation/cmd/notation',
      files: [],
    }),
  };
}

interface ProgramSource {
  /** Folder with the go.mod. */
  readonly module: string;
  readonly program: string;
  /** Our own sources of it. */
  readonly files: readonly string[];
}

async function built(name: string, { module, program, files }: ProgramSource): Promise<string> {
  const cwd = join(source, module);
  const digest = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', ...files]) digest.update(readFileSync(join(cwd, file)));
  const folder = join(homedir(), '.cache', 'landwaiter', 'interop', `${name}-${digest.digest('hex').slice(0, 16)}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  if (existsSync(path)) return path;
  // Renamed when it is whole: a build that was broken off leaves nothing that looks like a program.
  const partial = `${path}.${process.pid}.partial`;
  const flags = ['-p=1', '-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags=-s -w'];
  const { status, output } = await runTool('nice', ['-n', '10', 'go', 'build', ...flags, '-o', partial, program], {
    cwd,
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
