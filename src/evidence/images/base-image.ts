// SPDX-License-Identifier: Apache-2.0
// Recognises what an image was built on: by another image whose layers it begins with, by the annotations that name the base, and by steps of
// the history that only the end of an image has. Nothing is looked up anywhere.
import type { HistoryEntry } from '../../formats/oci/config.ts';
import type { BaseImage } from '../../model/image-facts.ts';
import type { ImageInput } from '../../sources/image/image-input.ts';

/** image-spec 1.1, annotations.md; builders that know no annotations of manifests write labels of the same names. */
const nameKey = 'org.opencontainers.image.base.name';
const digestKey = 'org.opencontainers.image.base.digest';

/** `others` are images that were given beside it, such as its base. Undefined when nothing tells of one. */
export function recogniseBase(image: ImageInput, others: readonly ImageInput[] = []): BaseImage | undefined {
  const name = statedIn(image, nameKey);
  const digest = statedIn(image, digestKey);
  const stated = { ...(name === undefined ? {} : { name }), ...(digest === undefined ? {} : { digest }) };
  const other = longestPrefix(image, others);
  if (other !== undefined) {
    const layers = other.layers.length;
    const steps = isFitting(image) ? stepsOf(image, layers, other.config.history.length) : 0;
    return { basis: 'layers', layers, steps, target: other.target, digest: other.digest, ...stated };
  }
  const steps = stepsByHistory(image);
  const layers = image.config.history.slice(0, steps).filter((step) => !step.isEmptyLayer).length;
  if (layers > 0) return { basis: 'history', layers, steps, ...stated };
  return name === undefined && digest === undefined ? undefined : { layers: 0, steps: 0, ...stated };
}

function statedIn(image: ImageInput, key: string): string | undefined {
  const text = image.annotations[key] ?? image.config.runtime.labels[key];
  return text === undefined || text === '' ? undefined : text;
}

/** The other image with the most layers of which all are the first ones of this image, in the same order. */
function longestPrefix(image: ImageInput, others: readonly ImageInput[]): ImageInput | undefined {
  let longest: ImageInput | undefined;
  for (const other of others) {
    const count = other.layers.length;
    if (count === 0 || count >= image.layers.length || count <= (longest?.layers.length ?? 0)) continue;
    if (other.layers.every((layer, index) => isSameContent(layer, image.layers[index]))) longest = other;
  }
  return longest;
}

type LayerDigests = Pick<ImageInput['layers'][number], 'digest' | 'diffId'>;

/** The same layer may be packed differently by another registry. */
function isSameContent(a: LayerDigests, b: LayerDigests | undefined): boolean {
  return b !== undefined && (a.digest === b.digest || (a.diffId !== undefined && a.diffId === b.diffId));
}

/** Whether the history tells of the layers that the image has. */
function isFitting({ config, layers }: ImageInput): boolean {
  return config.history.filter((step) => !step.isEmptyLayer).length === layers.length;
}

/** Steps up to the one before the first layer above the base; as many as the base says it has, if that fits. */
function stepsOf({ config }: ImageInput, layers: number, stated: number): number {
  const made = (steps: number): number => config.history.slice(0, steps).filter((step) => !step.isEmptyLayer).length;
  if (made(stated) === layers) return stated;
  const first = config.history.findIndex((_, index) => made(index + 1) === layers);
  return first + 1;
}

/** 0 when the history does not tell, or tells of other layers. */
function stepsByHistory(image: ImageInput): number {
  const { history } = image.config;
  if (!isFitting(image)) return 0;
  const lastLayer = history.findLastIndex((step) => !step.isEmptyLayer);
  const end = history.findLastIndex((step, index) => index < lastLayer && endsImage(step));
  return end === -1 ? stepsOfOtherBuilder(history) : end + 1;
}

/** What an image runs is said at its end: a later layer is another image's (matches Trivy's guess of the base image). */
function endsImage(step: HistoryEntry): boolean {
  return step.isEmptyLayer && /^(?:\/bin\/sh -c #\(nop\)\s{1,10})?CMD\b/.test(step.createdBy);
}

/** Steps at the bottom by a program that is not BuildKit, when BuildKit made the rest: Debian's and Ubuntu's base images are made so. */
function stepsOfOtherBuilder(history: readonly HistoryEntry[]): number {
  const isBuildKit = ({ comment }: HistoryEntry): boolean => comment?.startsWith('buildkit.') === true;
  const first = history.findIndex(isBuildKit);
  return first > 0 && history.slice(first).every(isBuildKit) ? first : 0;
}
