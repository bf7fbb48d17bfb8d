// SPDX-License-Identifier: Apache-2.0
// What all JavaScript package managers write alike: names, integrity strings, licences, people, references to version control.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOfBase64 } from '../../model/digest.ts';
import type { PackageFacts } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';

/** `pkg:npm/%40scope/name@1.0.0`; undefined for an empty name. */
export function npmPurl(name: string, version: string): string | undefined {
  // Nearly all names need no escape and no scope; lock files have tens of thousands of them.
  if (plainName.test(name) && plainVersion.test(version)) return `pkg:npm/${name}@${version}`;
  return scopedPurl('npm', name, version);
}

const plainName = /^[a-z0-9][a-z0-9._-]{0,213}$/;
const plainVersion = /^[0-9A-Za-z.-]{1,200}$/;

/** Names of published packages: characters that need no escape in an address, with an optional scope (npm documentation, package.json). */
export function isNpmName(name: string): boolean {
  return /^(?:@[A-Za-z0-9._~!'()*-]{1,214}\/)?[A-Za-z0-9._~!'()*-]{1,214}$/.test(name);
}

/** JSR has no registered purl type; `jsr` is what OSV-Scanner uses, and keeps its names apart from those of npm. */
export function jsrPurl(name: string, version: string): string | undefined {
  return scopedPurl('jsr', name, version);
}

function scopedPurl(type: string, name: string, version: string): string | undefined {
  const slash = name.indexOf('/');
  if (slash === -1) return formatPurl({ type, name, version });
  return formatPurl({ type, namespace: name.slice(0, slash), name: name.slice(slash + 1), version });
}

/** Subresource integrity (https://www.w3.org/TR/SRI/ section 3.5): `sha512-<base64> sha1-<base64>`, options after `?` ignored. */
export function integrityDigests(integrity: unknown): Digest[] {
  const text = asString(integrity);
  if (text === undefined) return [];
  const digests: Digest[] = [];
  for (const item of /\s/.test(text) ? text.split(/\s+/) : [text]) {
    const dash = item.indexOf('-');
    if (dash === -1) continue;
    const options = item.indexOf('?', dash);
    const base64 = item.slice(dash + 1, options === -1 ? undefined : options);
    const digest = digestOfBase64(item.slice(0, dash), base64);
    if (digest !== undefined && !digests.includes(digest)) digests.push(digest);
  }
  return digests;
}

/**
 * `license` of a package.json: an expression, the old `{type, url}`, or a list of either; and the old `licenses`.
 * Words are kept as declared (`SEE LICENSE IN LICENSE`).
 */
export function npmLicenses(manifest: JsonObject): string[] {
  const plain = manifest['license'];
  if (typeof plain === 'string' && manifest['licenses'] === undefined) return plain.trim() === '' ? [] : [plain.trim()];
  const declared = [manifest['license'], manifest['licenses']].flatMap((value) =>
    Array.isArray(value) ? value : [value],
  );
  const found: string[] = [];
  for (const item of declared) {
    const object = asObject(item);
    const text = (asString(item) ?? asString(object?.['type']) ?? asString(object?.['name']) ?? '').trim();
    if (text !== '' && !found.includes(text)) found.push(text);
  }
  return found;
}

/** `Name <mail> (url)`, from that form or from an object; undefined when there is nothing to say. */
export function npmPerson(value: unknown): string | undefined {
  const text = asString(value)?.trim();
  if (text !== undefined) return text === '' ? undefined : text;
  const person = asObject(value);
  if (person === undefined) return undefined;
  const email = asString(person['email']) ?? asString(person['mail']);
  const url = asString(person['url']) ?? asString(person['web']);
  const parts = [asString(person['name']), email && `<${email}>`, url && `(${url})`].filter((part) => part);
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** All people of a list or a single entry, joined by commas. */
export function npmPeople(...values: readonly unknown[]): string | undefined {
  const people = values.flatMap((value) => (Array.isArray(value) ? asArray(value) : [value])).map(npmPerson);
  const known = [...new Set(people.filter((person) => person !== undefined))];
  return known.length === 0 ? undefined : known.join(', ');
}

/** The address of `repository: {url}` or `repository: "url"`. */
export function npmRepository(value: unknown): string | undefined {
  return asString(value) ?? asString(asObject(value)?.['url']);
}

/**
 * The commit that a reference to version control is pinned to: `...git#<hex>`, `#commit=<hex>`, `.../tar.gz/<hex>`, `?ref=<hex>`.
 * What follows the `#` of an archive (`x.tgz#<hex>`) is its checksum.
 */
export function pinnedCommit(reference: string): string | undefined {
  const hash = reference.lastIndexOf('#');
  if (hash !== -1 && !/\.t(?:ar\.)?gz$/.test(reference.slice(0, hash))) {
    const fragments = reference
      .slice(hash + 1)
      .split('&')
      .map((part) => part.replace(/^commit[=:]/, ''));
    return fragments.find((part) => /^[0-9a-f]{7,64}$/.test(part));
  }
  return (
    /\/(?:tar\.gz|tarball|zipball|archive)\/([0-9a-f]{40})(?:$|[/?.])/.exec(reference)?.[1] ??
    /[?&](?:ref|sha)=([0-9a-f]{40})(?:$|&)/.exec(reference)?.[1]
  );
}

/** The name in the address of a registry's archive, `https://host/any/path/@scope/name/-/name-1.0.0.tgz`: what an alias leads to. */
export function nameInArchiveUrl(url: string): string | undefined {
  const end = url.indexOf('/-/');
  if (end === -1 || !/^https?:\/\//.test(url)) return undefined;
  const segments = url.slice(0, end).replace(/%2f/i, '/').split('/').slice(3);
  const last = segments.at(-1) ?? '';
  const before = segments.at(-2) ?? '';
  return last === '' ? undefined : before.startsWith('@') ? `${before}/${last}` : last;
}

/** Is this a place in a folder of the tree instead of a registry or a repository? */
export function isLocalReference(reference: string): boolean {
  return /^(?:file|link|portal|workspace):/.test(reference) || /^\.{0,2}\//.test(reference);
}

/** A folder, in contrast to an archive in the tree: the package is a project of the tree itself. */
export function isLocalFolder(reference: string): boolean {
  return isLocalReference(reference) && !/\.t(?:ar\.)?gz(?:$|[#:?])/.test(reference);
}

/** Facts from where a package was fetched; undefined when the file does not say. */
export function fetchFacts(resolved: string | undefined): PackageFacts | undefined {
  if (resolved === undefined || resolved === '' || isLocalFolder(resolved)) return undefined;
  const commit = pinnedCommit(resolved);
  return commit === undefined ? { downloadUrl: resolved } : { downloadUrl: resolved, commit };
}

/** `@scope/name` or `name` from the last `node_modules/` of a path, or its last segments; empty for an empty path. */
export function nameInPath(path: string): string {
  const at = path.lastIndexOf('node_modules/');
  const segments = path.slice(at === -1 ? 0 : at + 'node_modules/'.length).split('/');
  const last = segments.at(-1) ?? '';
  const before = segments.at(-2) ?? '';
  if (last === 'node_modules') return '';
  return before.startsWith('@') ? `${before}/${last}` : last;
}
