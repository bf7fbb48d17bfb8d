// SPDX-License-Identifier: Apache-2.0
// A container image named by a file (`registry:5000/team/app:1.2@sha256:...`) as a package.
// Grammar: https://github.com/distribution/reference/blob/main/reference.go
import { parseDigest } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { Package, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

export interface ImageReference {
  /** Registry and repository as written; nothing is added. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,500}$/;

/** Undefined when the text cannot be a reference (variables left in it, blanks). */
export function parseImageReference(text: string): ImageReference | undefined {
  const trimmed = text.trim();
  const at = trimmed.indexOf('@');
  const digest = at === -1 ? undefined : trimmed.slice(at + 1);
  const rest = at === -1 ? trimmed : trimmed.slice(0, at);
  // A colon before the last slash is the port of a registry.
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
  const name = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? undefined : rest.slice(colon + 1);
  if (!namePattern.test(name) || name.endsWith('/')) return undefined;
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined;
  if (digest !== undefined && !/^[a-z0-9]{1,20}(?:[+._-][a-z0-9]{1,20}){0,3}:[0-9A-Za-z=_-]{32,200}$/.test(digest))
    return undefined;
  return { name, tag, digest };
}

/** The version is the digest if there is one, else the tag, else `latest`, which is what a runtime would pull. */
export function imagePackage(image: ImageReference, location: Location, scope: Scope = 'runtime'): Package {
  const { name, tag, digest } = image;
  const version = digest ?? tag ?? 'latest';
  const first = name.split('/')[0] ?? '';
  const hasRegistry = name.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const repository = hasRegistry ? name.slice(first.length + 1) : name;
  const slash = repository.lastIndexOf('/');
  const purl = formatPurl({
    type: 'docker',
    namespace: repository.slice(0, Math.max(0, slash)),
    name: repository.slice(slash + 1),
    version,
    qualifiers: { repository_url: hasRegistry ? first : undefined, tag: digest === undefined ? undefined : tag },
  });
  const known = digest === undefined ? undefined : parseDigest(digest);
  return packageOf({
    name,
    version,
    type: 'docker',
    ...(purl === undefined ? {} : { purl }),
    scope,
    relationship: 'direct',
    locations: [location],
    digests: known === undefined ? [] : [known],
    ...(tag === undefined || digest === undefined ? {} : { facts: { other: { tag } } }),
  });
}

/** Joins images named several times: all places, the stronger scope. */
export function uniqueImages(images: readonly Package[]): Package[] {
  const found = new Map<string, Package>();
  for (const image of images) {
    const known = found.get(image.id);
    const scope = known?.scope === 'runtime' || image.scope === 'runtime' ? 'runtime' : image.scope;
    found.set(
      image.id,
      known === undefined ? image : { ...known, scope, locations: [...known.locations, ...image.locations] },
    );
  }
  return [...found.values()];
}
