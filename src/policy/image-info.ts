// SPDX-License-Identifier: Apache-2.0
// Container images as Kyverno takes their names apart (pkg/utils/image/infos.go): docker.io is added where no registry is named, `library/` is not,
// and a host with an underscore counts as a host. Not here: references of registries (formats/oci/reference.ts), which are stricter.

export interface ImageInfo {
  /** Empty when the name has none that could be told. */
  readonly registry: string;
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  readonly tag: string;
  /** `sha256:...`, or empty. */
  readonly digest: string;
  /** `registry/path@digest`, else `registry/path:tag`. */
  readonly reference: string;
  readonly referenceWithTag: string;
}

const part = /^[a-z0-9]+(?:(?:\.|_{1,2}|-{1,64})[a-z0-9]+){0,64}$/;
const host =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?){0,32}(?::[0-9]{1,5})?$/;
const hostWithUnderscore = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,253}[A-Za-z0-9])?(?::[0-9]{1,5})?$/;
const bracketedHost = /^\[[0-9A-Fa-f:]{2,45}\](?::[0-9]{1,5})?$/;
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestForm = /^[A-Za-z][A-Za-z0-9]{0,32}(?:[+._-][A-Za-z][A-Za-z0-9]{0,32}){0,4}:[0-9A-Fa-f]{32,128}$/;
const longestName = 255;
const longestReference = 1_024;

/** Names that were taken apart lately: a cluster asks for the same ones over and over. */
const known = new Map<string, ImageInfo | undefined>();
const mostKnown = 2_000;

/** The parts of an image's name; undefined when it is none. */
export function parseImageInfo(text: string, defaultRegistry = 'docker.io'): ImageInfo | undefined {
  if (text === '' || text.length > longestReference) return undefined;
  const key = `${defaultRegistry} ${text}`;
  const found = known.get(key);
  if (found !== undefined || known.has(key)) return found;
  const info = takeApart(text, defaultRegistry);
  if (known.size >= mostKnown) known.clear();
  known.set(key, info);
  return info;
}

function takeApart(text: string, defaultRegistry: string): ImageInfo | undefined {
  const whole = hasRegistry(text) ? text : `${defaultRegistry}/${text}`;
  const at = whole.indexOf('@');
  const digest = at === -1 ? '' : whole.slice(at + 1);
  if (at !== -1 && !digestForm.test(digest)) return undefined;
  const named = at === -1 ? whole : whole.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const written = hasTag ? named.slice(colon + 1) : '';
  if (hasTag && !tagForm.test(written)) return undefined;
  const parts = (hasTag ? named.slice(0, colon) : named).split('/');
  const [registry = '', ...path] = parts;
  if (path.length === 0 || path.join('/').length > longestName || !path.every((item) => part.test(item)))
    return undefined;
  if (
    !host.test(registry) &&
    !bracketedHost.test(registry) &&
    !(registry.includes('_') && hostWithUnderscore.test(registry))
  )
    return undefined;
  const tag = written === '' && digest === '' ? 'latest' : written;
  const place = `${registry}/${path.join('/')}`;
  return {
    registry,
    path: path.join('/'),
    name: path.at(-1) ?? '',
    tag,
    digest,
    reference: digest === '' ? `${place}:${tag}` : `${place}@${digest}`,
    referenceWithTag: `${place}:${tag}`,
  };
}

/** Kyverno's rule: what stands before the first slash is a host if it has a dot, a colon or a capital, or is `localhost`. */
function hasRegistry(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash === -1) return false;
  const first = text.slice(0, slash);
  return /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first;
}
