// SPDX-License-Identifier: Apache-2.0
// Runs another program: arguments as they are, never a shell, bounded in time and output. What is said must hold no secrets: arguments can be read
// by everybody on the machine, so secrets go through standard input.
import { spawn } from 'node:child_process';
import { LandwaiterError } from '../model/error.ts';

export interface ProgramCall {
  /** A name that is looked up in PATH of `environment`, or a path. */
  readonly program: string;
  readonly arguments: readonly string[];
  readonly input: Uint8Array;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds. */
  readonly time: number;
  readonly outputBytes: number;
}

export interface ProgramAnswer {
  readonly status: number | null;
  readonly output: Buffer;
}

/** Throws PROGRAM_FAILED when it cannot be started, is too slow or says too much. What it writes to its standard error is dropped. */
export function runProgram(call: ProgramCall): Promise<ProgramAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn(call.program, [...call.arguments], {
      env: call.environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      shell: false,
      windowsHide: true,
    });
    const parts: Buffer[] = [];
    let size = 0;
    const fail = (reason: string, cause?: unknown): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new LandwaiterError({ code: 'PROGRAM_FAILED', message: `${call.program}: ${reason}`, cause }));
    };
    const timer = setTimeout(() => fail(`no answer within ${call.time / 1_000} s`), call.time);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > call.outputBytes) fail(`its answer has more than ${call.outputBytes} bytes`);
      else parts.push(chunk);
    });
    child.on('error', (cause) => {
      fail('code' in cause && cause.code === 'ENOENT' ? 'is not installed (not found in PATH)' : cause.message, cause);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, output: Buffer.concat(parts) });
    });
    // A program may end without reading what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(call.input);
  });
}
