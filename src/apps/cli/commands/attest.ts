// SPDX-License-Identifier: Apache-2.0
// `landwaiter attest IMAGE...`: signed statements about images.
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { checkSubject, predicateInput } from '../predicate-input.ts';
import { signImages } from '../sign-images.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const input = await predicateInput(context, values);
  const replace = values.isSet('replace') ? 'others' : 'none';
  return signImages(context, values, {
    command: 'attest',
    operands,
    claimFor: (digest) => {
      checkSubject(input, digest);
      return { ...input, replace };
    },
  });
}
