// SPDX-License-Identifier: Apache-2.0
// Names of images as workflows write them: parts only, without checking them against the grammar of registries.

export interface ImageName {
  /** Registry and repository, as written. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** `registry:5000/name:tag@sha256:...`. */
export function parseImageName(text: string): ImageName {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const rest = at === -1 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(':');
  // A colon before a slash belongs to the port of the registry.
  const hasTag = colon !== -1 && !rest.slice(colon).includes('/');
  return {
    name: hasTag ? rest.slice(0, colon) : rest,
    ...(hasTag ? { tag: rest.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}
