// SPDX-License-Identifier: Apache-2.0
// `landwaiter save IMAGE FOLDER`: an image with its proofs as an OCI layout that Cosign reads too.
import { resolve } from 'node:path';
import { isIndexMediaType } from '../../../formats/oci/media-types.ts';
import { formatReference } from '../../../formats/oci/reference.ts';
import { openLayoutWriter } from '../../../io/registry/layout-writer.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { legacyTag } from '../../signatures/attachment.ts';
import { copyImage } from '../../signatures/copy-image.ts';
import { layoutKinds } from '../../signatures/cosign-layout.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { reportCopy } from '../copy-between.ts';
import type { ProofPlace } from '../proof-place.ts';
import { openProofPlace } from '../proof-place.ts';

const refName = 'org.opencontainers.image.ref.name';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [from, folder, ...rest] = operands;
  if (from === undefined || folder === undefined || rest.length > 0)
    throw new LandwaiterError({ code: 'USAGE', message: 'save takes an image and a folder' });
  const place = openProofPlace(context, from, values);
  try {
    const layout = openLayoutWriter(resolve(context.cwd, folder));
    const copied = await copyImage(
      { from: place.images, proofsFrom: place.proofs, to: layout },
      { name: place.manifest },
    );
    const image = copied.find(({ role }) => role === 'image');
    for (const { digest, mediaType, role, tag } of copied) {
      // Cosign knows the proofs of the one image of a layout by their kind; the name tells them apart for everybody else.
      const isOwn =
        image !== undefined &&
        (role === 'signature' || role === 'attestation') &&
        tag === legacyTag(image.digest, role);
      if (role === 'image') layout.list(digest, mediaType, { kind: kindOf(mediaType), ...nameOf(place) });
      else if (isOwn) layout.list(digest, mediaType, { kind: layoutKinds[role], [refName]: tag });
    }
    reportCopy(context, copied, folder);
    return 0;
  } finally {
    place.close();
  }
}

function kindOf(mediaType: string): string {
  return isIndexMediaType(mediaType) ? layoutKinds.index : layoutKinds.image;
}

function nameOf({ reference }: ProofPlace): Readonly<Record<string, string>> {
  return reference === undefined ? {} : { [refName]: formatReference({ ...reference, digest: undefined }) };
}
