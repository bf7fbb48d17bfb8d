// SPDX-License-Identifier: Apache-2.0
// `landwaiter load FOLDER IMAGE`: what `save` wrote, into a registry.
import { formatReference } from '../../../formats/oci/reference.ts';
import { writableRepository } from '../../../io/registry/writable-store.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { copyImage } from '../../signatures/copy-image.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { reportCopy } from '../copy-between.ts';
import { openProofPlace, referenceOf, registryClientOf } from '../proof-place.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [folder, to, ...rest] = operands;
  if (folder === undefined || to === undefined || rest.length > 0)
    throw new LandwaiterError({ code: 'USAGE', message: 'load takes a folder and an image name' });
  const target = referenceOf(to);
  if (target.digest !== undefined)
    throw new LandwaiterError({ code: 'USAGE', message: 'what is loaded keeps its digest; name a tag, or none' });
  const place = openProofPlace(context, `oci-dir:${folder}`, values);
  const client = registryClientOf(context, values);
  try {
    const copied = await copyImage(
      { from: place.images, proofsFrom: place.proofs, to: writableRepository(client, target) },
      { name: place.manifest, ...(target.tag === undefined ? {} : { tag: target.tag }) },
    );
    reportCopy(context, copied, formatReference(target));
    return 0;
  } finally {
    place.close();
    client.close();
  }
}
