// SPDX-License-Identifier: Apache-2.0
// The URL library (apiserver pkg/cel/library/urls.go, Kubernetes 1.0): absolute URLs and absolute paths, as Go's url.ParseRequestURI takes them.

import type { CelLibrary } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { boolType, listOf, mapOf, stringType } from '../types.ts';
import { CelError, CelMap, CelOpaque, textOf } from '../values.ts';
import { opaqueKind } from './opaque.ts';

export class CelUrl extends CelOpaque {
  readonly typeName = 'kubernetes.URL';
  readonly text: string;
  readonly scheme: string;
  /** Host with port, as written. */
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(text: string, parts: { readonly [Name in 'scheme' | 'host' | 'path' | 'query']: string }) {
    super();
    this.text = text;
    this.scheme = parts.scheme;
    this.host = parts.host;
    this.path = parts.path;
    this.query = parts.query;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof CelUrl && other.text === this.text;
  }

  get port(): string {
    return /:([0-9]*)$/.exec(this.host)?.[1] ?? '';
  }

  get hostname(): string {
    const bare = this.host.replace(/:[0-9]*$/, '');
    return bare.startsWith('[') && bare.endsWith(']') ? bare.slice(1, -1) : bare;
  }
}

const longestUrl = 100_000;
const absolute = /^([A-Za-z][A-Za-z0-9+.-]{0,100}):\/\/([^/?]*)([^?]*)(?:\?(.*))?$/s;
const hostForm = /^(?:\[[0-9A-Fa-f:.%A-Za-z]{2,100}\]|[^\s:[\]<>"\\^`{|}]*)(?::[0-9]*)?$/;

export function parseUrl(text: string): CelUrl | CelError {
  const invalid = new CelError(
    `URL parse error during conversion from string: parse "${text.slice(0, 100)}": invalid URI for request`,
  );
  if (text.length > longestUrl || /[\s\p{Cc}]/u.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) return invalid;
  if (text.startsWith('/')) return relative(text);
  const match = absolute.exec(text);
  if (match === null) return invalid;
  const [, scheme = '', authority = '', path = '', query = ''] = match;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (!hostForm.test(host)) return invalid;
  return new CelUrl(text, { scheme: scheme.toLowerCase(), host, path, query });
}

function relative(text: string): CelUrl {
  const mark = text.indexOf('?');
  const path = mark === -1 ? text : text.slice(0, mark);
  return new CelUrl(text, { scheme: '', host: '', path, query: mark === -1 ? '' : text.slice(mark + 1) });
}

/** Characters that Go's EscapedPath leaves as they are (net/url, shouldEscape for paths). */
function escapePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@%!'()*[\]]/gu, (character) => encodeURIComponent(character));
}

function queryOf({ query }: CelUrl): CelMap {
  const values = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(query.replaceAll('+', ' ')))
    values.set(key, [...(values.get(key) ?? []), value]);
  const map = new CelMap();
  for (const [key, list] of values) map.add(key, list);
  return map;
}

const kind = opaqueKind<CelUrl>('kubernetes.URL', (value): value is CelUrl => value instanceof CelUrl);

export const urlLibrary: CelLibrary = {
  name: 'url',
  constants: kind.constant,
  functions: functionsOf({
    url: [globalOverload('string_to_url', [[stringType], kind.type], (text = '') => parseUrl(textOf(text)))],
    isURL: [
      globalOverload(
        'is_url_string',
        [[stringType], boolType],
        (text = '') => parseUrl(textOf(text)) instanceof CelUrl,
      ),
    ],
    getScheme: [kind.method('url_get_scheme', stringType, ({ scheme }) => scheme)],
    getHost: [kind.method('url_get_host', stringType, ({ host }) => host)],
    getHostname: [kind.method('url_get_hostname', stringType, ({ hostname }) => hostname)],
    getPort: [kind.method('url_get_port', stringType, ({ port }) => port)],
    getEscapedPath: [kind.method('url_get_escaped_path', stringType, ({ path }) => escapePath(path))],
    getQuery: [kind.method('url_get_query', mapOf(stringType, listOf(stringType)), queryOf)],
  }),
};
