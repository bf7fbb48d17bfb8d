// SPDX-License-Identifier: Apache-2.0
// The admission webhook as a process of its own, as it is installed, with files that a test changes while it runs.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServingCertificate } from '../../src/apps/server/admission/admission-server.ts';

const program = fileURLToPath(new URL('../../src/apps/cli/main.ts', import.meta.url));

/** `landwaiter` as a process of its own. */
export interface RunningProgram {
  /** What `ready` says, where it holds a number. */
  readonly port: number;
  /** Waits until the program has written a line that fits. */
  said(pattern: RegExp): Promise<void>;
  /** All lines that it has written until now. */
  lines(): readonly string[];
  /** At once, without a chance to say goodbye. */
  kill(): Promise<void>;
  /** As Kubernetes ends it; resolves with the exit status. */
  end(): Promise<number | null>;
}

export type WebhookProcess = RunningProgram;

/** `port` 0: any. Reads policies/, tls.crt and tls.key of the folder. */
export function startWebhook(folder: string, port: number, more: readonly string[] = []): Promise<WebhookProcess> {
  const path = (name: string): string => join(folder, name);
  const files = ['--policies', path('policies'), '--tls-certificate', path('tls.crt'), '--tls-key', path('tls.key')];
  return startProgram(['admission', 'serve', '--listen', `127.0.0.1:${port}`, ...files, ...more], {
    ready: /listens on https:\/\/127\.0\.0\.1:(\d+)/,
  });
}

export interface ProgramOptions {
  /** A line that says that it is ready; its first group is the port. */
  readonly ready: RegExp;
  /** Besides that of the test. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startProgram(words: readonly string[], options: ProgramOptions): Promise<RunningProgram> {
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...options.environment },
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const said = (pattern: RegExp): Promise<void> => found(pattern).then(() => undefined);
  const found = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const end = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`the program did not say ${pattern.source}:\n${lines.slice(-20).join('\n')}`));
      }, 20_000);
      const look = (): void => {
        const line = lines.find((text) => pattern.test(text));
        if (line === undefined) return;
        clearTimeout(end);
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      look();
    });
  const line = await found(options.ready);
  return {
    port: Number(options.ready.exec(line)?.[1]),
    said,
    lines: () => lines,
    kill: async () => void (await ended(child, 'SIGKILL')),
    end: () => ended(child, 'SIGTERM'),
  };
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill(signal);
  });
}

/** In the place of the old file at once, as a mounted Secret or ConfigMap changes. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function writeServing(folder: string, { certificate, key }: ServingCertificate): void {
  replaceFile(join(folder, 'tls.key'), key);
  replaceFile(join(folder, 'tls.crt'), certificate);
}
