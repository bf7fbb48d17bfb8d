// SPDX-License-Identifier: Apache-2.0
// Where a source is, compared exactly. Provenance writes one repository in many ways (git+https://…@ref, https://…/commit/SHA); each is brought
// to host and path, and nothing is guessed: a look-alike differs in a character.

export interface SourceLocation {
  /** `github.com/owner/repository`, or `gs://bucket/object`. */
  readonly location: string;
  /** What follows `@`: `refs/heads/main`. */
  readonly ref: string | undefined;
}

const longestUri = 2_000;

/**
 * Reads a source URI of provenance or of a user: `git+https://host/path@ref`, `https://host/path`, `host/path`, `gs://bucket/object#generation`.
 * Undefined for anything that is not plainly one of these: user names, ports of other schemes, queries, `..`, white space.
 */
export function sourceLocation(uri: string): SourceLocation | undefined {
  if (uri === '' || uri.length > longestUri || !/^[\x21-\x7e]+$/.test(uri)) return undefined;
  if (uri.startsWith('gs://')) return { location: uri.split('#', 1)[0] ?? '', ref: undefined };
  const scheme = /^(?:git\+)?https:\/\//.exec(uri)?.[0] ?? '';
  if (scheme === '' && uri.includes('://')) return undefined;
  const rest = uri.slice(scheme.length);
  const at = rest.indexOf('@');
  const place = at === -1 ? rest : rest.slice(0, at);
  const ref = at === -1 ? undefined : rest.slice(at + 1);
  if (ref === '') return undefined;
  // Cloud Build 0.2 names the commit in the address of its page.
  const location = place.replace(/\/commit\/[0-9a-f]{40,64}$/, '').replace(/\.git$/, '');
  const [host = '', ...segments] = location.split('/');
  const isPath = segments.length > 0 && segments.every((segment) => /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/.test(segment));
  return /^[a-z0-9.-]+(?::[0-9]{1,5})?$/.test(host) && isPath ? { location, ref } : undefined;
}

/** Whether both name the same source. Refs are compared elsewhere. */
export function isSameSource(first: string, second: string): boolean {
  const one = sourceLocation(first);
  return one !== undefined && one.location === sourceLocation(second)?.location;
}
