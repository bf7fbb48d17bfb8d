// SPDX-License-Identifier: Apache-2.0
// Package URLs: https://github.com/package-url/purl-spec (PURL-SPECIFICATION.rst). Parse, build and normalise by type.

export interface PurlParts {
  readonly type: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  /** Keys are lower case; empty values are dropped. */
  readonly qualifiers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly subpath?: string | undefined;
}

/** Builds the canonical text. Undefined when type or name is missing, so that a caller cannot make a meaningless purl. */
export function formatPurl(parts: PurlParts): string | undefined {
  const type = parts.type.toLowerCase();
  if (parts.name === '' || !/^[a-z][a-z0-9.+-]*$/.test(type)) return undefined;
  const namespace = (parts.namespace ?? '')
    .split('/')
    .filter((segment) => segment !== '')
    .map(encode)
    .join('/');
  const version = parts.version === undefined || parts.version === '' ? '' : `@${encode(parts.version)}`;
  const qualifiers = Object.entries(parts.qualifiers ?? {})
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
    .map(([key, value]) => `${key.toLowerCase()}=${encode(value)}`)
    .sort();
  const query = qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`;
  const subpath = (parts.subpath ?? '')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
    .map(encode)
    .join('/');
  return `pkg:${type}/${namespace === '' ? '' : `${namespace}/`}${encode(parts.name)}${version}${query}${subpath === '' ? '' : `#${subpath}`}`;
}

/** Percent-encodes everything but unreserved characters and the colon (purl-spec, "Character encoding"). */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

/** Parses a package URL; undefined when it is not one. Decodes every component. */
export function parsePurl(text: string): PurlParts | undefined {
  const match = /^pkg:\/*([A-Za-z][A-Za-z0-9.+-]*)\/(.+)$/s.exec(text.trim());
  if (match === null) return undefined;
  let rest = match[2] ?? '';
  const cut = (separator: string): string | undefined => {
    const at = separator === '@' ? rest.lastIndexOf('@') : rest.indexOf(separator);
    if (at <= 0 || (separator === '@' && rest.indexOf('/', at) !== -1)) return undefined;
    const tail = rest.slice(at + 1);
    rest = rest.slice(0, at);
    return tail;
  };
  const subpath = cut('#');
  const query = cut('?');
  const version = cut('@');
  const segments = rest.split('/').filter((segment) => segment !== '');
  const name = segments.pop();
  if (name === undefined) return undefined;
  try {
    const qualifiers: Record<string, string> = {};
    for (const pair of (query ?? '').split('&')) {
      const equals = pair.indexOf('=');
      if (equals > 0) qualifiers[pair.slice(0, equals).toLowerCase()] = decodeURIComponent(pair.slice(equals + 1));
    }
    return {
      type: (match[1] ?? '').toLowerCase(),
      ...(segments.length === 0 ? {} : { namespace: segments.map(decodeURIComponent).join('/') }),
      name: decodeURIComponent(name),
      ...(version === undefined ? {} : { version: decodeURIComponent(version) }),
      ...(Object.keys(qualifiers).length === 0 ? {} : { qualifiers }),
      ...(subpath === undefined ? {} : { subpath: subpath.split('/').map(decodeURIComponent).join('/') }),
    };
  } catch {
    return undefined;
  }
}
