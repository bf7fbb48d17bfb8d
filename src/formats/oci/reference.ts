// SPDX-License-Identifier: Apache-2.0
// Names of images as people type them (`nginx`, `registry.example:5000/team/app:1.2@sha256:…`), with the defaults that every container
// runtime adds. Grammar: https://github.com/distribution/reference (reference.go, normalize.go).
import type { Digest } from '../../model/digest.ts';
import { parseDigest } from '../../model/digest.ts';

export interface Reference {
  /** Host, with port when one is given; never empty. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  /** When both are given the digest says what the image is; the tag is only a remark. */
  readonly digest: Digest | undefined;
}

export type ParsedReference =
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'invalid'; readonly reason: string };

/** The registry meant when a name has none. Its API and its credentials have other names (endpoint.ts, docker-config.ts). */
export const defaultRegistry = 'docker.io';
const defaultRegistryAliases: readonly string[] = [defaultRegistry, `index.${defaultRegistry}`];
const nameLength = 255;

/** Reads one reference. A name without tag and digest keeps both undefined: see `tagOrLatest`. */
export function parseReference(text: string): ParsedReference {
  if (text.length > 1_024) return invalid('longer than any image name can be');
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : parseContentDigest(text.slice(at + 1));
  if (at !== -1 && digest === undefined)
    return invalid('what stands behind "@" is no sha256, sha384 or sha512 digest in lower case');
  const named = at === -1 ? text : text.slice(0, at);
  // A colon before the last slash is the port of the registry.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !isTag(tag))
    return invalid(`"${tag}" is no tag: letters, digits, "_", "." and "-", at most 128`);
  const name = colon === -1 ? named : named.slice(0, colon);
  // A bare hex string of this length is the identifier of an image for every runtime, never a name.
  if (/^[0-9a-f]{64}$/.test(name)) return invalid('64 hex digits are an image identifier, not a name');
  const { registry, repository } = splitName(name);
  const reason = nameFault(registry, repository);
  return reason === undefined
    ? { kind: 'reference', reference: { registry, repository, tag, digest } }
    : invalid(reason);
}

function invalid(reason: string): ParsedReference {
  return { kind: 'invalid', reason };
}

/** The first part is a host when it looks like one: a dot, a port, `localhost`, or upper case (which no repository has). */
function splitName(name: string): { readonly registry: string; readonly repository: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const registry = isHost ? first.toLowerCase() : defaultRegistry;
  const repository = isHost ? name.slice(slash + 1) : name;
  if (!defaultRegistryAliases.includes(registry)) return { registry, repository };
  return { registry: defaultRegistry, repository: repository.includes('/') ? repository : `library/${repository}` };
}

function nameFault(registry: string, repository: string): string | undefined {
  if (!isRegistryHost(registry)) return `"${registry}" is no host name`;
  if (repository === '' || repository === 'library/') return 'the name of the repository is missing';
  if (registry.length + 1 + repository.length > nameLength) return `the name is longer than ${nameLength} characters`;
  if (isRepository(repository)) return undefined;
  const hasUpper = repository !== repository.toLowerCase();
  return hasUpper ? `"${repository}" has upper case letters` : `"${repository}" is no repository name`;
}

/** `host`, `host:port`, `[IPv6]:port`. */
export function isRegistryHost(text: string): boolean {
  const port = /:(\d{1,5})$/.exec(text)?.[1];
  const host = port === undefined ? text : text.slice(0, -port.length - 1);
  if (port !== undefined && Number(port) > 65_535) return false;
  if (/^\[[0-9a-fA-F:.]{2,45}\]$/.test(host)) return true;
  return (
    host.length <= nameLength &&
    host.split('.').every((part) => /^[A-Za-z0-9-]{1,63}$/.test(part) && !/^-|-$/.test(part))
  );
}

/** Path components of lower-case letters and digits, joined inside by one ".", one or two "_", or any number of "-". */
export function isRepository(text: string): boolean {
  if (text.length > nameLength) return false;
  return text.split('/').every((component) => component.split(/__|[._]|-+/).every((part) => /^[a-z0-9]+$/.test(part)));
}

export function isTag(text: string): boolean {
  return /^\w[\w.-]{0,127}$/.test(text);
}

/** A digest that content can be checked against. MD5 and SHA-1, which other formats know, are refused. */
export function parseContentDigest(text: string): Digest | undefined {
  return /^sha(?:256|384|512):/.test(text) ? parseDigest(text) : undefined;
}

/** The whole name: `docker.io/library/nginx:1.27@sha256:…`. `parseReference` reads it back. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

/** What a registry is asked for: the digest if there is one, else the tag, else `latest`. */
export function tagOrDigest(reference: Pick<Reference, 'tag' | 'digest'>): string {
  return reference.digest ?? reference.tag ?? 'latest';
}

/** Tag under which registries without referrers API keep the list (distribution-spec 1.1, "Referrers Tag Schema"). */
export function referrersTag(digest: Digest): string {
  const [algorithm = '', encoded = ''] = digest.split(':');
  return `${algorithm.slice(0, 32)}-${encoded.slice(0, 64)}`;
}
