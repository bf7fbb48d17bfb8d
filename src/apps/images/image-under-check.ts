// SPDX-License-Identifier: Apache-2.0
// What the checks of images look at, put together from the configuration of an image and from what its layers hold.
import { recogniseBase } from '../../evidence/images/base-image.ts';
import { buildSteps, originOf } from '../../evidence/images/build-steps.ts';
import type { ImageUnderCheck, PrivilegedImageFile } from '../../evidence/images/image-check.ts';
import { systemTypes } from '../../formats/purl-package.ts';
import type { ImageInput } from '../../sources/image/image-input.ts';
import type { ImageContents } from './inspect-image.ts';

/** `others` are images that were given beside it, such as its base. */
export function imageUnderCheck(
  image: ImageInput,
  { privileged, owners }: Pick<ImageContents, 'privileged' | 'owners'>,
  others: readonly ImageInput[],
): ImageUnderCheck {
  const base = recogniseBase(image, others);
  return {
    config: image.config,
    base,
    steps: buildSteps(image, base),
    privileged: privileged.map(({ path, mode, userId, groupId, layer }): PrivilegedImageFile => {
      const origin = originOf(base, layer);
      const owner = owners.ownerOf(path);
      const isSystem = owner !== undefined && systemTypes.has(owner.type);
      return {
        path,
        mode,
        userId,
        groupId,
        layer: image.layers[layer]?.digest ?? '',
        ...(origin === undefined ? {} : { origin }),
        ...(isSystem ? { owner: { name: owner.name, version: owner.version } } : {}),
      };
    }),
  };
}
