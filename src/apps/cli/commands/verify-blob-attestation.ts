// SPDX-License-Identifier: Apache-2.0
// `landwaiter verify-blob-attestation FILE`: does somebody who is trusted claim something about the file.
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { verifyFile } from '../verify-file.ts';
import { wantedTypes } from '../wanted-claims.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  return verifyFile(context, operands, { values, claim: 'statement', predicateTypes: wantedTypes(values) });
}
