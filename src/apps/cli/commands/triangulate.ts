// SPDX-License-Identifier: Apache-2.0
// `landwaiter triangulate IMAGE`: the tag under which the older layout keeps what belongs to an image.
import { formatReference } from '../../../formats/oci/reference.ts';
import { LandwaiterError } from '../../../model/error.ts';
import type { LegacyKind } from '../../signatures/attachment.ts';
import { legacySuffixes, legacyTag } from '../../signatures/attachment.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { openProofPlace } from '../proof-place.ts';
import { subjectOfOperand } from '../verify-images.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [operand, ...rest] = operands;
  if (operand === undefined || rest.length > 0)
    throw new LandwaiterError({ code: 'USAGE', message: `triangulate takes one image, ${operands.length} given` });
  const kind = values.text('type') ?? 'signature';
  if (kind !== 'digest' && !isLegacyKind(kind)) {
    const names = [...Object.keys(legacySuffixes), 'digest'].join(', ');
    throw new LandwaiterError({ code: 'USAGE', message: `--type does not know "${kind}"; it takes ${names}` });
  }
  const place = openProofPlace(context, operand, values);
  try {
    const { digest } = await subjectOfOperand(place, values);
    const repository = place.proofRepository;
    if (kind === 'digest') {
      const image = place.reference;
      context.stdout.write(`${image === undefined ? digest : formatReference({ ...image, tag: undefined, digest })}\n`);
    } else {
      const tag = legacyTag(digest, kind);
      const whole = repository === undefined ? tag : formatReference({ ...repository, tag, digest: undefined });
      context.stdout.write(`${whole}\n`);
    }
    return 0;
  } finally {
    place.close();
  }
}

function isLegacyKind(word: string): word is LegacyKind {
  return Object.hasOwn(legacySuffixes, word);
}
