// SPDX-License-Identifier: Apache-2.0
// `landwaiter sign IMAGE...`: signatures on images.
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { signImages } from '../sign-images.ts';
import { annotationsOf } from '../signature-policy.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const annotations = annotationsOf(values) ?? {};
  return signImages(context, values, {
    command: 'sign',
    operands,
    claimFor: () => ({ kind: 'signature', annotations }),
  });
}
