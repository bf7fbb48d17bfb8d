// SPDX-License-Identifier: Apache-2.0
// Registries by the names of images, for the checks that ask where an image comes from.

import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { faultsOfContainers } from './container-faults.ts';
import type { ManifestFault } from './manifest-check.ts';

export const azureRegistries: readonly string[] = ['azurecr.io', 'azurecr.cn', 'azurecr.us'];
export const googleRegistries: readonly string[] = ['gcr.io', 'pkg.dev'];
export const amazonRegistries: readonly string[] = ['public.ecr.aws', 'amazonaws.com', 'amazonaws.com.cn'];

/** The host of an image as written; undefined when it has none and so comes from the default registry. */
export function registryOf(image: string): string | undefined {
  const slash = image.indexOf('/');
  const first = slash === -1 ? '' : image.slice(0, slash);
  return /[.:]/.test(first) || first === 'localhost' ? first : undefined;
}

/** true when the host of the image is one of the names or ends in `.` and the name. Names of Amazon have to be those of ECR. */
function isFromRegistry(image: string, names: readonly string[]): boolean {
  const host = registryOf(image);
  if (host === undefined) return false;
  return names.some((name) => {
    if (host !== name && !host.endsWith(`.${name}`)) return false;
    return !name.startsWith('amazonaws.') || /(?:^|\.)ecr\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?$/.test(host);
  });
}

/** Containers whose image is from none of the registries; `words` follow the image: `which is in no registry of Azure`. */
export function faultsOfImages(
  resource: KubernetesResource,
  names: readonly string[],
  words: string,
): readonly ManifestFault[] {
  return faultsOfContainers(resource, ({ imageText, at }) =>
    isFromRegistry(imageText, names) ? undefined : { message: `uses ${imageText}, ${words}`, at: [...at, 'image'] },
  );
}
