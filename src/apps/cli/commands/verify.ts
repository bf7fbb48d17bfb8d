// SPDX-License-Identifier: Apache-2.0
// `landwaiter verify IMAGE...`: is the image signed by who must have signed it.
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { verifyImages } from '../verify-images.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  return verifyImages(context, operands, { values, wanted: { kind: 'signature' } });
}
