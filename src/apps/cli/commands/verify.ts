// SPDX-License-Identifier: Apache-2.0
// `landwaiter verify IMAGE...`: is the image signed by who must have signed it.
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { verifyImages } from '../verify-images.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  if (values.list('policy').length > 0)
    return (await import('../verify-by-policy.ts')).verifyByPolicy(context, operands, values);
  return verifyImages(context, operands, { values, wanted: { kind: 'signature' } });
}
