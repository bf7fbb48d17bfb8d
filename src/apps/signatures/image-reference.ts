// SPDX-License-Identifier: Apache-2.0
// Names of images as workloads carry them. Stricter readers refuse hosts with an underscore, which no host name has and which registries behind a proxy or
// in a hosts file have all the same; Kubernetes, Kyverno and this file take them.
import type { ParsedReference } from '../../formats/oci/reference.ts';
import { isTag, parseContentDigest, parseReference } from '../../formats/oci/reference.ts';
import { parseImageInfo } from '../../policy/image-info.ts';

/** Reads a name; what `parseReference` takes is taken as it takes it. */
export function workloadReference(image: string): ParsedReference {
  const parsed = parseReference(image);
  if (parsed.kind === 'reference') return parsed;
  const info = parseImageInfo(image);
  if (info === undefined || !info.registry.includes('_')) return parsed;
  const digest = info.digest === '' ? undefined : parseContentDigest(info.digest);
  if (info.digest !== '' && digest === undefined) return parsed;
  const tag = isTag(info.tag) ? info.tag : undefined;
  return { kind: 'reference', reference: { registry: info.registry, repository: info.path, tag, digest } };
}
