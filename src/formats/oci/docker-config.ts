// SPDX-License-Identifier: Apache-2.0
// Credentials of registries as `docker login` and `podman login` keep them (config.json, auth.json). Pure: programs named here are started
// by io/registry/credentials.ts.
import type { Problem } from '../../model/problem.ts';
import { asObject, asString, entriesOf } from '../document.ts';
import { parseJson } from '../json.ts';
import { defaultRegistry } from './reference.ts';

export type Credential =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** An OAuth 2 refresh token, exchanged at the token service. */
  | { readonly kind: 'identity-token'; readonly token: string }
  /** A bearer token that is sent as it is. */
  | { readonly kind: 'registry-token'; readonly token: string };

export interface DockerConfig {
  /** By registry, or registry and the beginning of a repository (`registry.example/team`). */
  readonly credentials: ReadonlyMap<string, Credential>;
  /** Suffix of the helper program by registry. */
  readonly helpers: ReadonlyMap<string, string>;
  /** Suffix of the helper program for every other registry. */
  readonly store: string | undefined;
  readonly problems: readonly Problem[];
}

/** Key under which Docker keeps the credentials of the default registry, also towards helper programs. */
export const defaultRegistryKey = `https://index.${defaultRegistry}/v1/`;

/** Reads a config.json. Never throws. Values are never part of a problem's message. */
export function parseDockerConfig(text: string, path: string): DockerConfig {
  const document = parseJson(text, path);
  const problems: Problem[] = [...document.problems];
  const root = asObject(document.value);
  const credentials = new Map<string, Credential>();
  for (const [key, entry] of entriesOf(root?.['auths'])) {
    const credential = credentialOf(asObject(entry) ?? {});
    if (credential === 'malformed') {
      const message = 'the credentials are not base64 of user:password';
      problems.push({ kind: 'schema', message, location: document.locate(['auths', key]), hidesFindings: false });
    } else if (credential !== undefined) credentials.set(registryKey(key), credential);
  }
  const helpers = new Map<string, string>();
  for (const [key, name] of entriesOf(root?.['credHelpers'])) {
    if (typeof name === 'string' && isHelperName(name)) helpers.set(registryKey(key), name);
  }
  const store = asString(root?.['credsStore']);
  return { credentials, helpers, store: store !== undefined && isHelperName(store) ? store : undefined, problems };
}

/** A name that can only be a program found through PATH: no slash, no leading dash. */
function isHelperName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(name);
}

/** `https://host/v1/` and `host` are the same registry. */
function registryKey(key: string): string {
  const name = key
    .replace(/^https?:\/\//i, '')
    .replace(/\/v[12]\/?$/, '')
    .replace(/\/$/, '');
  const slash = name.indexOf('/');
  const host = (slash === -1 ? name : name.slice(0, slash)).toLowerCase();
  const canonical = host === `index.${defaultRegistry}` ? defaultRegistry : host;
  return slash === -1 ? canonical : canonical + name.slice(slash);
}

function credentialOf(entry: Readonly<Record<string, unknown>>): Credential | 'malformed' | undefined {
  const identity = asString(entry['identitytoken']);
  if (identity !== undefined && identity !== '') return { kind: 'identity-token', token: identity };
  const registry = asString(entry['registrytoken']);
  if (registry !== undefined && registry !== '') return { kind: 'registry-token', token: registry };
  const auth = asString(entry['auth']);
  if (auth !== undefined && auth !== '') {
    const text = Buffer.from(auth, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    // Docker pads old entries with NUL bytes.
    if (colon < 1) return 'malformed';
    return { kind: 'basic', username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
  }
  const [username, password] = [asString(entry['username']), asString(entry['password'])];
  return username === undefined || password === undefined || username === ''
    ? undefined
    : { kind: 'basic', username, password };
}

/** Keys to try for a repository, the most special first, as containers-auth.json(5) orders them. */
export function credentialKeys(registry: string, repository: string): readonly string[] {
  const parts = repository.split('/');
  const namespaces = parts.map((_, index) => `${registry}/${parts.slice(0, parts.length - index).join('/')}`);
  return [...namespaces, registry];
}
