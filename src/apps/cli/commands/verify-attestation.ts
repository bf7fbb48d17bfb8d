// SPDX-License-Identifier: Apache-2.0
// `landwaiter verify-attestation IMAGE...`: is there a claim of the type that is asked for, by who must have made it.
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { verifyImages } from '../verify-images.ts';
import { wantedTypes } from '../wanted-claims.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  return verifyImages(context, operands, {
    values,
    wanted: { kind: 'attestation', predicateTypes: wantedTypes(values) },
  });
}
