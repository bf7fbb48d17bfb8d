// SPDX-License-Identifier: Apache-2.0
// Runs one command line: command, flags, configuration, context, errors. The only place that reads the process.

import { systemClock } from '../../io/clock.ts';
import type { LogLevel } from '../../io/log.ts';
import { createLogger } from '../../io/log.ts';
import type { OutputStream } from '../../io/output-stream.ts';
import { outputStream } from '../../io/output-stream.ts';
import { createProgress } from '../../io/progress.ts';
import { errorCodes, LandwaiterError, messageOf } from '../../model/error.ts';
import { nearest } from '../../model/nearest.ts';
import type { FlagValues } from './arguments.ts';
import { parseArguments, resolveValues } from './arguments.ts';
import type { CommandContext, CommandEntry } from './command.ts';
import { commands } from './commands/index.ts';
import { loadConfiguration } from './configuration-file.ts';
import { generalFlags } from './flags.ts';
import { commandHelp, programHelp } from './help.ts';

/** `name` is the first word of the line, undefined when there is none. */
export async function runCommandLine(name: string | undefined, words: readonly string[]): Promise<number> {
  const stdout = outputStream(1, () => process.stdout);
  const stderr = outputStream(2, () => process.stderr);
  try {
    if (name === undefined) {
      stderr.write(programHelp(commands));
      return 2;
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      const about = commands.find((command) => command.name === words[0]);
      stdout.write(about === undefined ? programHelp(commands) : commandHelp(about));
      return 0;
    }
    const command = commands.find((entry) => entry.name === name);
    if (command === undefined) throw unknownCommand(name);
    if (words.includes('--help') || words.includes('-h')) {
      stdout.write(commandHelp(command));
      return 0;
    }
    return await runCommand(command, words, { stdout, stderr });
  } catch (error) {
    return reportError(error, stderr);
  }
}

async function runCommand(
  command: CommandEntry,
  words: readonly string[],
  streams: { stdout: OutputStream; stderr: OutputStream },
): Promise<number> {
  const names = [...command.flags, ...generalFlags];
  const { operands, given } = parseArguments(words, names);
  const environment = process.env;
  const configPath = given.get('config')?.at(-1);
  const configuration = await loadConfiguration({
    cwd: process.cwd(),
    ...(configPath === undefined ? {} : { path: configPath }),
  });
  const values = resolveValues(names, { given, environment, configuration });
  const module = await command.load();
  return module.run(contextOf(values, streams), operands, values);
}

function contextOf(values: FlagValues, streams: { stdout: OutputStream; stderr: OutputStream }): CommandContext {
  const { stdout, stderr } = streams;
  const level: LogLevel = values.isSet('quiet') ? 'error' : values.isSet('verbose') ? 'debug' : 'info';
  const write = (text: string): void => stderr.write(text);
  const noProgress = values.isSet('quiet') || values.isSet('no-progress');
  return {
    stdout,
    stderr,
    readStdin,
    cwd: process.cwd(),
    environment: process.env,
    clock: systemClock,
    log: createLogger({
      write,
      format: values.text('log-format') === 'json' ? 'json' : 'text',
      level,
      now: () => systemClock.now(),
    }),
    stopped: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
      }),
    progress: createProgress({
      write,
      mode: noProgress ? 'off' : stderr.isTerminal ? 'terminal' : 'lines',
      width: stderr.width ?? 80,
      elapsed: () => systemClock.elapsed(),
    }),
    color:
      stdout.isTerminal &&
      !values.isSet('no-color') &&
      (process.env['NO_COLOR'] ?? '') === '' &&
      process.env['TERM'] !== 'dumb',
  };
}

const stdinBytes = 256 * 1024 * 1024;

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > stdinBytes)
      throw new LandwaiterError({ code: 'LIMIT_EXCEEDED', message: `more than ${stdinBytes} bytes on standard input` });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function unknownCommand(name: string): LandwaiterError {
  const close = nearest(
    name,
    commands.map((command) => command.name),
  );
  const hint = close === undefined ? 'see landwaiter --help' : `did you mean landwaiter ${close}?`;
  return new LandwaiterError({ code: 'USAGE', message: `there is no command "${name}"`, hint });
}

/** One sentence, one hint, the code. A stack only for defects of this program. */
function reportError(error: unknown, stderr: OutputStream): number {
  if (error instanceof LandwaiterError) {
    stderr.write(`landwaiter: ${error.message}  [${error.code}]\n`);
    if (error.hint !== undefined) stderr.write(`  ${error.hint}\n`);
    return errorCodes[error.code].exit;
  }
  stderr.write(`landwaiter: ${messageOf(error)}  [INTERNAL]\n  ${errorCodes.INTERNAL.meaning}\n`);
  if (error instanceof Error && error.stack !== undefined) stderr.write(`${error.stack}\n`);
  return errorCodes.INTERNAL.exit;
}
