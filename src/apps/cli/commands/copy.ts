// SPDX-License-Identifier: Apache-2.0
// `landwaiter copy FROM TO`: an image with its proofs, from a registry or a layout to a repository.
import { formatReference } from '../../../formats/oci/reference.ts';
import { writableRepository } from '../../../io/registry/writable-store.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { copyImage } from '../../signatures/copy-image.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { reportCopy } from '../copy-between.ts';
import { openProofPlace, referenceOf, registryClientOf } from '../proof-place.ts';
import { subjectOfOperand } from '../verify-images.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [from, to, ...rest] = operands;
  if (from === undefined || to === undefined || rest.length > 0)
    throw new LandwaiterError({ code: 'USAGE', message: 'copy takes two images: from where, and to where' });
  const target = referenceOf(to);
  if (target.digest !== undefined)
    throw new LandwaiterError({ code: 'USAGE', message: 'the copy keeps its digest; name a tag, or none' });
  const place = openProofPlace(context, from, values);
  const client = registryClientOf(context, values);
  try {
    const { digest } = await subjectOfOperand(place, values);
    const store = writableRepository(client, target);
    const tag = target.tag ?? place.reference?.tag;
    const copied = await copyImage(
      { from: place.images, proofsFrom: place.proofs, to: store },
      { name: digest, ...(tag === undefined ? {} : { tag }) },
    );
    reportCopy(context, copied, formatReference({ ...target, tag }));
    return 0;
  } finally {
    place.close();
    client.close();
  }
}
