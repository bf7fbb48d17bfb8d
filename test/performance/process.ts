// SPDX-License-Identifier: Apache-2.0
// Runs a whole process and reads what the operating system counted for it: CPU, wall time, peak memory.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What users start. */
export const launcher = fileURLToPath(new URL('../../bin/landwaiter.cjs', import.meta.url));

export interface ProcessFigures {
  /** Milliseconds. */
  readonly wall: number;
  /** User and system time, milliseconds. */
  readonly cpu: number;
  /** Peak resident memory, MB. */
  readonly rss: number;
  readonly status: number | null;
}

let probe: { readonly script: string; readonly output: string } | undefined;

/** A module that writes the process's own resource usage to a file when it exits. */
function probeFiles(): { readonly script: string; readonly output: string } {
  if (probe !== undefined) return probe;
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-bench-'));
  const output = join(folder, 'usage.json');
  const script = join(folder, 'probe.cjs');
  writeFileSync(
    script,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(output)}, JSON.stringify(process.resourceUsage())));`,
  );
  probe = { script, output };
  return probe;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Exit status of a run that did its job: 0 when absent. Any other ends the benchmark. */
  readonly expect?: number;
}

/** Runs Node with these arguments; output is thrown away. */
export function runNode(args: readonly string[], options: RunOptions = {}): Promise<ProcessFigures> {
  const { script, output } = probeFiles();
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--require', script, ...args], {
      stdio: 'ignore',
      env: plainEnvironment(),
      cwd: options.cwd,
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status !== (options.expect ?? 0)) {
        reject(new Error(`${args.join(' ').slice(0, 200)} ended with ${status}: a failed run is no measurement`));
        return;
      }
      const usage = JSON.parse(readFileSync(output, 'utf8')) as NodeJS.ResourceUsage;
      resolve({
        wall: performance.now() - start,
        cpu: (usage.userCPUTime + usage.systemCPUTime) / 1000,
        rss: usage.maxRSS / 1024,
        status,
      });
    });
  });
}

/** What a program prints that reports its own figures. Rejects when it fails. */
export async function outputOfNode(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args], { env: plainEnvironment() });
  return stdout;
}

/** Without what makes Node load more than the program asks for. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...environment } = process.env;
  return environment;
}

/** Runs A and B in turn, after one uncounted round. */
export async function alternate(
  rounds: number,
  a: () => Promise<ProcessFigures>,
  b: () => Promise<ProcessFigures>,
): Promise<[ProcessFigures[], ProcessFigures[]]> {
  await a();
  await b();
  const left: ProcessFigures[] = [];
  const right: ProcessFigures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    left.push(await a());
    right.push(await b());
  }
  return [left, right];
}
