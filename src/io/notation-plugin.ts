// SPDX-License-Identifier: Apache-2.0
// Talks to a plugin of notation (notaryproject/specifications, plugin-extensibility.md): the command is an argument, question and answer are JSON on
// standard input and output. What the answers mean is the caller's business.
import type { JsonObject } from '../formats/document.ts';
import { asObject, asString } from '../formats/document.ts';
import { parseStrictJson } from '../formats/strict-json.ts';
import { LandwaiterError } from '../model/error.ts';
import { runProgram } from './program.ts';

export type PluginCommand = 'get-plugin-metadata' | 'verify-signature' | 'describe-key' | 'generate-signature';

export interface PluginQuestion {
  /** Path of the program. */
  readonly program: string;
  readonly command: PluginCommand;
  readonly question: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Plugins ask services in the cloud. */
const longest = 60_000;
const limits = { bytes: 1024 * 1024, depth: 32 };

/** Throws PROGRAM_FAILED when there is no answer of the form. */
export async function askPlugin({ program, command, question, environment }: PluginQuestion): Promise<JsonObject> {
  const { status, output } = await runProgram({
    program,
    arguments: [command],
    input: Buffer.from(JSON.stringify(question)),
    environment,
    time: longest,
    outputBytes: limits.bytes,
  });
  const parsed = parseStrictJson(output, limits);
  const failed = (reason: string): LandwaiterError =>
    new LandwaiterError({ code: 'PROGRAM_FAILED', message: `${program} ${command}: ${reason}` });
  if (status !== 0) {
    const said = parsed.kind === 'parsed' ? asString(asObject(parsed.value)?.['errorMessage']) : undefined;
    throw failed(said === undefined ? `ended with status ${status}` : said.slice(0, 300));
  }
  if (parsed.kind === 'malformed') throw failed(parsed.reason);
  return parsed.value;
}
