// SPDX-License-Identifier: Apache-2.0
// Runs one command of the program in this process, as run.ts does, with surroundings that a test hands in.
import { parseArguments, resolveValues } from '../../src/apps/cli/arguments.ts';
import type { CommandContext } from '../../src/apps/cli/command.ts';
import { commands } from '../../src/apps/cli/commands/index.ts';
import { generalFlags } from '../../src/apps/cli/flags.ts';
import { createLogger } from '../../src/io/log.ts';
import { errorCodes, LandwaiterError } from '../../src/model/error.ts';

export interface Surroundings {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now?: number;
}

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `words[0]` is the name of the command. Errors with a code become what run.ts makes of them; others are thrown. */
export async function runCommand(words: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  const [name, ...rest] = words;
  const command = commands.find((entry) => entry.name === name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  const { cwd, environment = {}, stdin = new Uint8Array(), now = Date.parse('2026-06-01T00:00:00Z') } = surroundings;
  const written = { stdout: '', stderr: '' };
  const stream = (to: 'stdout' | 'stderr'): CommandContext['stdout'] => ({
    isTerminal: false,
    width: undefined,
    write: (text) => {
      written[to] += text;
    },
  });
  const context: CommandContext = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    readStdin: async () => stdin,
    stopped: () => Promise.resolve('SIGTERM'),
    cwd,
    environment,
    clock: { now: () => now, elapsed: () => 0 },
    log: createLogger({
      write: (text) => {
        written.stderr += text;
      },
      format: 'text',
      level: 'debug',
      now: () => now,
    }),
    progress: { update: () => undefined, done: () => undefined },
    color: false,
  };
  try {
    const names = [...command.flags, ...generalFlags];
    const { operands, given } = parseArguments(rest, names);
    const values = resolveValues(names, { given, environment: {}, configuration: new Map() });
    const module = await command.load();
    return { status: await module.run(context, operands, values), ...written };
  } catch (error) {
    if (!(error instanceof LandwaiterError)) throw error;
    const said = `landwaiter: ${error.message}  [${error.code}]\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`;
    return { status: errorCodes[error.code].exit, stdout: written.stdout, stderr: written.stderr + said };
  }
}
