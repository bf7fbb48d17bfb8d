// SPDX-License-Identifier: Apache-2.0
// `landwaiter sign-blob FILE`: a signature over a file.

import { defaultLimits } from '../../../model/limits.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { signBlob } from '../sign-blobs.ts';
import { readInput } from '../signing.ts';
import { usage } from '../usage.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [name, ...more] = operands;
  if (name === undefined || more.length > 0)
    throw usage(
      `sign-blob takes one file, ${operands.length} given`,
      'landwaiter sign-blob --key cosign.key --bundle app.json app',
    );
  const bytes = await readInput(context, name, defaultLimits.blobToSignBytes);
  return signBlob(context, values, {
    name,
    toSign: { kind: 'message', bytes },
    shown: ({ signature }) => signature.toString('base64'),
  });
}
