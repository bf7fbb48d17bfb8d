// SPDX-License-Identifier: Apache-2.0
// Package URLs: https://github.com/package-url/purl-spec (purl-specification). Parse, build, normalise by type, and say what is wrong.
// The per-type rules stand in purl-types.ts.
import { purlTypeRules } from './purl-types.ts';

export interface PurlParts {
  readonly type: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  /** Keys are lower case; empty values are dropped. */
  readonly qualifiers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly subpath?: string | undefined;
}

export interface PurlRemark {
  /** `invalid`: it is no package URL of its type. `incomplete`: it can be read, but lacks what the definition of the type wants. */
  readonly kind: 'invalid' | 'incomplete';
  readonly message: string;
}

/** Longest text that is looked at; real package URLs have a few hundred characters. */
const maximumLength = 16_384;

/** Builds the canonical text. Undefined when a component is missing or breaks a rule of the type, so that a caller cannot make a meaningless purl. */
export function formatPurl(parts: PurlParts): string | undefined {
  if (isPlain(parts)) {
    const { type, namespace, name, version } = parts;
    return `pkg:${type}/${namespace === undefined ? '' : `${namespace}/`}${name}${version === undefined ? '' : `@${version}`}`;
  }
  const normal = normalizePurl(parts);
  return remarksOf(normal).some((remark) => remark.kind === 'invalid') ? undefined : print(normal);
}

/** Nothing to normalise and nothing to escape: so are most packages of most lock files. */
function isPlain({ type, namespace, name, version, qualifiers, subpath }: PurlParts): boolean {
  if (qualifiers !== undefined || subpath !== undefined || !plainName.test(name)) return false;
  if (version !== undefined && !plainVersion.test(version)) return false;
  return namespace === undefined
    ? plainTypes.has(type)
    : plainNamespaceTypes.has(type) && plainNamespace.test(namespace);
}

/** Types without rules for names that are in lower case. */
const plainTypes: ReadonlySet<string> = new Set(['npm', 'cargo', 'gem', 'pypi', 'nuget', 'hackage', 'cran', 'opam']);
const plainNamespaceTypes: ReadonlySet<string> = new Set(['golang', 'maven', 'composer']);
const plainName = /^[a-z0-9][a-z0-9.-]*$/;
const plainVersion = /^[0-9A-Za-z.-]+$/;
const plainNamespace = /^[a-z0-9.-]+(?:\/[a-z0-9.-]+)*$/;

/** Parses a package URL and normalises it by the rules of its type; undefined when it is not valid. Every component is decoded. */
export function parsePurl(text: string): PurlParts | undefined {
  const parts = parsePurlLoosely(text);
  return parts === undefined || remarksOf(parts).some((remark) => remark.kind === 'invalid') ? undefined : parts;
}

/**
 * As parsePurl, but breaches of the rules of a type are let pass: for documents of others, in which a package
 * must not be lost because its purl has, say, a namespace where the type has none.
 */
export function parsePurlLoosely(text: string): PurlParts | undefined {
  const read = split(text);
  return typeof read === 'string' ? undefined : normalizePurl(read);
}

/** What is wrong with a text as a package URL; empty when nothing is. */
export function validatePurl(text: string): readonly PurlRemark[] {
  const read = split(text);
  return typeof read === 'string' ? [{ kind: 'invalid', message: read }] : remarksOf(normalizePurl(read));
}

/** Brings the components into the form that the type compares in. Does not judge them. */
export function normalizePurl(parts: PurlParts): PurlParts {
  const type = parts.type.toLowerCase();
  const rules = purlTypeRules(type);
  const qualifiers: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(parts.qualifiers ?? {})) {
    if (value !== undefined && value !== '') qualifiers[key.toLowerCase()] = value;
  }
  const cased = (component: 'namespace' | 'name' | 'version', value: string): string =>
    rules.lowerCase.includes(component) ? value.toLowerCase() : value;
  const segments = segmentsOf(parts.namespace ?? '');
  const hosted = rules.nameIsPath === true ? segments.splice(1) : [];
  const namespace = cased('namespace', segments.join('/'));
  const name = cased('name', [...hosted, trimSlashes(parts.name)].join('/'));
  const version = parts.version === undefined || parts.version === '' ? undefined : cased('version', parts.version);
  const subpath = segmentsOf(parts.subpath ?? '')
    .filter((segment) => segment !== '.' && segment !== '..')
    .join('/');
  return {
    type,
    ...(namespace === '' ? {} : { namespace: rules.normalizeNamespace?.(namespace) ?? namespace }),
    name: rules.normalizeName?.(name, qualifiers) ?? name,
    ...(version === undefined ? {} : { version }),
    ...(Object.keys(qualifiers).length === 0 ? {} : { qualifiers: { ...qualifiers } }),
    ...(subpath === '' ? {} : { subpath }),
  };
}

function remarksOf(parts: PurlParts): PurlRemark[] {
  const remarks: PurlRemark[] = [];
  const invalid = (message: string): number => remarks.push({ kind: 'invalid', message });
  const rules = purlTypeRules(parts.type);
  if (!/^[a-z][a-z0-9.-]*$/.test(parts.type))
    invalid(`"${parts.type}" is not a type: letters, digits, "." and "-", a letter first`);
  if (parts.name === '') invalid('the name is missing');
  const hasNamespace = parts.namespace !== undefined && parts.namespace !== '';
  if (hasNamespace && rules.namespace === 'none') invalid(`the type ${parts.type} has no namespace`);
  if (!hasNamespace && rules.namespace === 'required') invalid(`the type ${parts.type} needs a namespace`);
  if (!hasNamespace && rules.namespace === 'expected') {
    remarks.push({ kind: 'incomplete', message: `a purl of type ${parts.type} should have a namespace` });
  }
  for (const key of Object.keys(parts.qualifiers ?? {})) {
    if (!/^[a-z][a-z0-9._-]*$/.test(key)) invalid(`"${key}" is not a qualifier key`);
  }
  for (const key of rules.expectedQualifiers ?? []) {
    if (parts.qualifiers?.[key] === undefined) {
      remarks.push({ kind: 'incomplete', message: `a purl of type ${parts.type} should have the qualifier ${key}` });
    }
  }
  const nameFault = rules.checkName?.(parts.name);
  if (nameFault !== undefined) invalid(nameFault);
  const versionFault = parts.version === undefined ? undefined : rules.checkVersion?.(parts.version);
  if (versionFault !== undefined) invalid(versionFault);
  return remarks;
}

function print(parts: PurlParts): string {
  const namespace = segmentsOf(parts.namespace ?? '')
    .map(encode)
    .join('/');
  const name =
    purlTypeRules(parts.type).nameIsPath === true ? segmentsOf(parts.name).map(encode).join('/') : encode(parts.name);
  const version = parts.version === undefined ? '' : `@${encode(parts.version)}`;
  const qualifiers = Object.entries(parts.qualifiers ?? {})
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => `${key}=${encode(value ?? '')}`);
  const query = qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`;
  const subpath = segmentsOf(parts.subpath ?? '')
    .map(encode)
    .join('/');
  return `pkg:${parts.type}/${namespace === '' ? '' : `${namespace}/`}${name}${version}${query}${subpath === '' ? '' : `#${subpath}`}`;
}

/** Percent-encodes everything but unreserved characters and the colon (purl-spec, "Character encoding"). Lone surrogates become U+FFFD. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

/** The steps of purl-spec, "How to parse a purl string", from right to left. A string is the reason why it is none. */
function split(text: string): PurlParts | string {
  let rest = text.trim();
  if (rest.length > maximumLength) return `longer than ${maximumLength} characters`;
  if (rest.slice(0, 4).toLowerCase() !== 'pkg:') return 'a package URL starts with "pkg:"';
  rest = rest.slice(4).replace(/^\/+/, '');

  const hash = rest.lastIndexOf('#');
  const subpath = hash === -1 ? '' : rest.slice(hash + 1);
  if (hash !== -1) rest = rest.slice(0, hash);
  const question = rest.lastIndexOf('?');
  const query = question === -1 ? '' : rest.slice(question + 1);
  if (question !== -1) rest = rest.slice(0, question);

  const slash = rest.indexOf('/');
  if (slash === -1) return 'there is no name after the type';
  const type = rest.slice(0, slash);
  if (!/^[A-Za-z][A-Za-z0-9.-]*$/.test(type))
    return `"${type}" is not a type: letters, digits, "." and "-", a letter first`;
  rest = trimSlashes(rest.slice(slash + 1));

  // An "@" before the last slash belongs to a namespace that was not encoded (`pkg:npm/@scope/name`); so does one at the start of the name.
  const at = rest.lastIndexOf('@');
  const nameStart = rest.lastIndexOf('/', at === -1 ? undefined : at) + 1;
  const hasVersion = at !== -1 && rest.indexOf('/', at) === -1;
  if (hasVersion && at === nameStart && at !== 0) return 'the name is missing';
  const version = hasVersion ? rest.slice(at + 1) : '';
  if (hasVersion) rest = rest.slice(0, at);
  const segments = segmentsOf(rest);
  const name = segments.pop();
  if (name === undefined) return 'the name is missing';
  try {
    const qualifiers: Record<string, string> = {};
    for (const pair of query.split('&')) {
      const equals = pair.indexOf('=');
      if (pair !== '' && equals <= 0) return `"${pair}" is not a qualifier: key=value`;
      const key = pair.slice(0, equals);
      if (pair !== '' && !/^[A-Za-z][A-Za-z0-9._-]*$/.test(key)) return `"${key}" is not a qualifier key`;
      if (pair !== '') qualifiers[key.toLowerCase()] = decodeURIComponent(pair.slice(equals + 1));
    }
    return {
      type,
      namespace: segments.map((segment) => decodeURIComponent(segment)).join('/'),
      name: decodeURIComponent(name),
      version: decodeURIComponent(version),
      qualifiers,
      subpath: segmentsOf(subpath)
        .map((segment) => decodeURIComponent(segment))
        .join('/'),
    };
  } catch {
    return 'a percent sign is not followed by two hexadecimal digits of UTF-8';
  }
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function trimSlashes(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charAt(start) === '/') start += 1;
  while (end > start && text.charAt(end - 1) === '/') end -= 1;
  return text.slice(start, end);
}
