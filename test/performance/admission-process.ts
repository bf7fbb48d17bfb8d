// SPDX-License-Identifier: Apache-2.0
// Starts the servers of the admission benches and asks the load generator to call them. Ends what it started.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './admission-load.ts';
import { outputOfNode } from './process.ts';

const program = fileURLToPath(new URL('./admission-program.ts', import.meta.url));
const load = fileURLToPath(new URL('./admission-load.ts', import.meta.url));

/**
 * deploy/helm/landwaiter/templates/deployment.yaml: without a limit the engine keeps garbage as long as the machine has memory, and glibc's pools of several
 * threads come apart.
 */
export const asInTheChart = {
  flags: ['--max-semi-space-size=4', '--max-old-space-size=192'],
  environment: { MALLOC_ARENA_MAX: '1' },
} as const;

export interface BenchServer {
  readonly port: number;
  readonly authority: string;
  /** Resident memory now, MB. */
  rss(): number;
  /** Peak, MB. */
  peak(): number;
  /** User and system time so far, milliseconds. */
  cpu(): number;
  stop(): Promise<void>;
}

/** The webhook runs as it is deployed. `further`: images of the webhook's registry besides those of the sample Pods. */
export function startServer(
  role: 'webhook' | 'webhook-anew' | 'echo',
  swapEvery = 0,
  further = 0,
): Promise<BenchServer> {
  const { flags, environment } = role === 'echo' ? { flags: [], environment: {} } : asInTheChart;
  return startListening([...flags, program, role, String(swapEvery), String(further)], environment);
}

/** A Node program whose first line of output is JSON with its port and authority. Rejects when it ends before. */
export function startListening(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<BenchServer> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [...args], { stdio: ['pipe', 'pipe', 'inherit'], env });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
  };
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    void ended.then(() => reject(new Error(`${args.join(' ')} ended before it listened`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const { port, authority } = JSON.parse(line) as Pick<BenchServer, 'port' | 'authority'>;
      const memory = (name: string): number => memoryOf(child.pid, name);
      resolve({
        port,
        authority,
        rss: () => memory('VmRSS'),
        peak: () => memory('VmHWM'),
        cpu: () => cpuOf(child.pid),
        stop,
      });
    });
  });
}

/** MB, as Linux counts it; 0 elsewhere. */
export function memoryOf(pid: number | undefined, name: string): number {
  try {
    const text = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Linux counts in hundredths of a second (proc_pid_stat(5), fields 14 and 15); 0 elsewhere. */
function cpuOf(pid: number | undefined): number {
  try {
    const text = readFileSync(`/proc/${pid ?? 0}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

export async function callServer(
  { port, authority }: BenchServer,
  order: Omit<LoadOrder, 'port' | 'authority'>,
): Promise<LoadResult> {
  return JSON.parse(await outputOfNode([load, JSON.stringify({ ...order, port, authority })])) as LoadResult;
}
