// SPDX-License-Identifier: Apache-2.0
// `landwaiter verify-blob FILE`: is the file signed by who must have signed it.
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { verifyFile } from '../verify-file.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  return verifyFile(context, operands, { values, claim: 'artifact' });
}
