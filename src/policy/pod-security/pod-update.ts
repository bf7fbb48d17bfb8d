// SPDX-License-Identifier: Apache-2.0
// Whether a change of a Pod is one that Pod Security judges (pod-security-admission, isSignificantPodUpdate). Of a running Pod only images, annotations and
// containers for debugging can become worse; a Pod from before its namespace had labels must still be able to lose its finalizers.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';

const profiles = ['seccomp.security.alpha.kubernetes.io/', 'container.apparmor.security.beta.kubernetes.io/'] as const;

/** Both are Pods, as they are and as they were. */
export function isSignificantUpdate(pod: JsonObject, before: JsonObject): boolean {
  const [spec, oldSpec] = [asObject(pod['spec']) ?? {}, asObject(before['spec']) ?? {}];
  return (
    profilesOf(pod) !== profilesOf(before) ||
    !haveSameImages(spec['containers'], oldSpec['containers']) ||
    !haveSameImages(spec['initContainers'], oldSpec['initContainers']) ||
    asArray(spec['ephemeralContainers']).some((container) => !isAmong(container, oldSpec['ephemeralContainers']))
  );
}

/** Annotations that say what protects containers. */
function profilesOf(pod: JsonObject): string {
  const annotations = asObject(asObject(pod['metadata'])?.['annotations']) ?? {};
  const own = Object.entries(annotations).filter(([key]) => profiles.some((prefix) => key.startsWith(prefix)));
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same containers in the same order: nobody can add or move any. */
function haveSameImages(containers: unknown, before: unknown): boolean {
  const [now, then] = [asArray(containers), asArray(before)];
  return now.length === then.length && now.every((container, index) => textOf(container) === textOf(then[index]));
}

function isAmong(container: unknown, before: unknown): boolean {
  return asArray(before).some((old) => textOf(old) === textOf(container));
}

function textOf(container: unknown): string {
  const { name, image } = asObject(container) ?? {};
  return JSON.stringify([asString(name), asString(image)]);
}
