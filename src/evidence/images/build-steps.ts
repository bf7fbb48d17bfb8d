// SPDX-License-Identifier: Apache-2.0
// The history of an image as build steps: the words of the instruction without what builders put around them, with the layer it made.
import type { BaseImage, LayerOrigin } from '../../model/image-facts.ts';
import type { ImageInput } from '../../sources/image/image-input.ts';
import type { BuildStep } from './image-check.ts';

/** Longer steps are cut. */
const mostCharacters = 65_536;

export function buildSteps(image: ImageInput, base: BaseImage | undefined): readonly BuildStep[] {
  const { history } = image.config;
  const made = history.filter((step) => !step.isEmptyLayer).length;
  // Histories that do not fit the layers tell of other layers.
  const isFitting = made === image.layers.length;
  let layer = 0;
  return history.map((step, index): BuildStep => {
    const text = instructionOf(step.createdBy.slice(0, mostCharacters));
    const own = isFitting && !step.isEmptyLayer ? image.layers[layer]?.digest : undefined;
    const origin = base === undefined || base.steps === 0 ? undefined : index < base.steps ? 'base' : 'own';
    if (!step.isEmptyLayer) layer += 1;
    return {
      number: index + 1,
      text,
      ...(own === undefined ? {} : { layer: own }),
      ...(origin === undefined ? {} : { origin }),
    };
  });
}

/** Of the layer with this index; undefined when it is not known where the base image ends. */
export function originOf(base: BaseImage | undefined, layer: number): LayerOrigin | undefined {
  if (base === undefined || base.layers === 0) return undefined;
  return layer < base.layers ? 'base' : 'own';
}

/** `/bin/sh -c #(nop)  ENV A=b` and `RUN |1 A=b /bin/sh -c make # buildkit` -> `ENV A=b`, `RUN make`. */
function instructionOf(createdBy: string): string {
  const text = createdBy.replace(/\s{0,20}# buildkit$/, '').trim();
  if (text.startsWith('/bin/sh -c #(nop)')) return text.slice('/bin/sh -c #(nop)'.length).trim();
  if (text.startsWith('/bin/sh -c ')) return `RUN ${text.slice('/bin/sh -c '.length).trim()}`;
  if (text.startsWith('RUN /bin/sh -c ')) return `RUN ${text.slice('RUN /bin/sh -c '.length).trim()}`;
  return text;
}
