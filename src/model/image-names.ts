// SPDX-License-Identifier: Apache-2.0
// The names by which a statement may call a container image or a release: its reference, package URLs of the type `oci`, its digest.
import { formatPurl, parsePurl } from './purl.ts';

const hub = 'index.docker.io';

/**
 * Names of an image by one of its references: for `alpine@sha256:…` the reference, a package URL with the digest, and the digest
 * itself; for `alpine:3.18` the reference and a package URL with the tag; for anything else the text.
 */
export function imageProductNames(reference: string): readonly string[] {
  const [, repository = '', digest] = /^([^@\s]{1,500})@(sha(?:256|512):[0-9a-f]{64,128})$/.exec(reference) ?? [];
  if (digest !== undefined) {
    const purl = formatPurl({
      type: 'oci',
      name: lastPart(repository),
      version: digest,
      qualifiers: { repository_url: hubRepositoryUrl(locationOf(repository)) },
    });
    return [reference, ...(purl === undefined ? [] : [purl]), digest.slice(digest.indexOf(':') + 1)];
  }
  const [, name = '', tag] = /^([^@\s]{1,500}):([\w][\w.-]{0,127})$/.exec(reference) ?? [];
  if (tag === undefined) return reference === '' ? [] : [reference];
  const purl = formatPurl({ type: 'oci', name: lastPart(name), qualifiers: { tag } });
  return [reference, ...(purl === undefined ? [] : [purl])];
}

/** `pkg:generic/name@version` for what is no image; nothing when either is missing. */
export function releaseProductNames(name: string, version: string): readonly string[] {
  if (name === '' || version === '') return [];
  const purl = formatPurl({ type: 'generic', name: name.toLowerCase(), version });
  return purl === undefined ? [] : [purl];
}

function lastPart(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

/** Registry and path above the image's name; official images of Docker Hub lie in `library`. */
function locationOf(repository: string): string {
  const parts = repository.split('/').slice(0, -1);
  const [first] = parts;
  const hasRegistry = first !== undefined && (/[.:]/.test(first) || first === 'localhost');
  if (hasRegistry) return parts.join('/');
  return [hub, ...(parts.length === 0 ? ['library'] : parts)].join('/');
}

/** A `repository_url` with the one name of Docker Hub that package URLs use, without scheme and closing slash. */
export function hubRepositoryUrl(url: string): string {
  const text = url
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '');
  const slash = text.indexOf('/');
  const host = (slash === -1 ? text : text.slice(0, slash)).toLowerCase();
  const path = slash === -1 ? '' : text.slice(slash);
  return `${['docker.io', 'registry-1.docker.io', hub].includes(host) ? hub : host}${path}`;
}

/** The package URL of an image with the name of its registry in one spelling; other texts come back as they are. */
export function comparableImagePurl(text: string): string {
  if (!text.startsWith('pkg:oci/')) return text;
  const parts = parsePurl(text);
  const url = parts?.qualifiers?.['repository_url'];
  if (parts === undefined || url === undefined) return text;
  // The URL may name the image itself or the place above it.
  const place = hubRepositoryUrl(url).replace(new RegExp(`/${escapePattern(parts.name)}$`), '');
  return formatPurl({ ...parts, qualifiers: { ...parts.qualifiers, repository_url: place } }) ?? text;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
