// SPDX-License-Identifier: Apache-2.0
// What a command is. The list is commands/index.ts; a command's module is loaded only when it runs.
import type { Clock } from '../../io/clock.ts';
import type { Logger } from '../../io/log.ts';
import type { OutputStream } from '../../io/output-stream.ts';
import type { Progress } from '../../io/progress.ts';
import type { FlagValues } from './arguments.ts';
import type { FlagName } from './flags.ts';

/** Which reports a command writes: those of an SBOM, of a scan, of policies, or of the first two. */
export type FormatKind = 'sbom' | 'scan' | 'policy' | 'convert';

export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What stands after the name: `TARGET...`. */
  readonly operands: string;
  /** A paragraph for the command's own help. */
  readonly description: string;
  readonly flags: readonly FlagName[];
  /** Which list of formats its help shows. */
  readonly formats?: FormatKind;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  readonly exits: Readonly<Partial<Record<0 | 1 | 2 | 3, string>>>;
  readonly load: () => Promise<CommandModule>;
}

export interface CommandModule {
  /** Returns the exit status. Throws LandwaiterError for what stops it. */
  run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number>;
}

/** Everything a command may touch of the world. */
export interface CommandContext {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly readStdin: () => Promise<Uint8Array>;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly progress: Progress;
  readonly color: boolean;
  /** For commands that run until they are stopped: the name of the signal, once one has come (SIGINT, SIGTERM). */
  readonly stopped: () => Promise<string>;
}
