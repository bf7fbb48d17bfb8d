// SPDX-License-Identifier: Apache-2.0
// Images of an object, as ImageValidatingPolicies see them.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { callCostLimit } from '../../cel/kubernetes.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError } from '../../cel/values.ts';
import { podOf } from '../../pod-security/pod.ts';
import type { CelEvaluation } from './core.ts';
import type { ImageSpec, ImageValidatingPolicy } from './image-validating-policy.ts';

interface Sight {
  readonly evaluation: CelEvaluation;
  readonly values: readonly CelValue[];
}

/** Images by category: those of the containers of Pods and what makes them, and those that the policy takes out. */
export function imagesOf(
  { mode }: ImageValidatingPolicy,
  { extractions }: ImageSpec,
  { evaluation, values }: Sight,
): Readonly<Record<string, readonly string[]>> | CelError {
  const object = evaluation.request.object ?? evaluation.request.oldObject ?? {};
  const images: Record<string, readonly string[]> = {};
  if (mode === 'Kubernetes' && podOf(object) !== undefined) {
    const found = containerImages(object);
    for (const category of ['containers', 'initContainers', 'ephemeralContainers'])
      images[category] = found.filter((each) => each.category === category).map(({ image }) => image);
  }
  for (const { name, program } of extractions) {
    const { value } = program.evaluateSlots(values, callCostLimit);
    if (value instanceof CelError) return new CelError(`images ${name}: ${value.message}`);
    const list: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
    if (list === undefined || !list.every((item) => typeof item === 'string'))
      return new CelError(`images ${name}: must be a list of strings`);
    images[name] = list;
  }
  return images;
}

interface ContainerImage {
  readonly category: string;
  readonly image: string;
  readonly at: DocumentPath;
}

export function containerImages(object: JsonObject): readonly ContainerImage[] {
  const found = podOf(object);
  return (found?.pod.containers ?? []).flatMap(({ at, container }) => {
    const image = asString(asObject(container)?.['image']) ?? '';
    return image === '' ? [] : [{ category: String(at[1]), image, at: [...(found?.at ?? []), ...at, 'image'] }];
  });
}
