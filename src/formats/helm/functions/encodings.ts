// SPDX-License-Identifier: Apache-2.0
// Functions that turn values into texts of a format and back: YAML, JSON, TOML, base64, hashes, URLs, paths, regular expressions.
import { createHash } from 'node:crypto';
import { asObject } from '../../document.ts';
import { parseKubernetesYaml } from '../../kubernetes-yaml/documents.ts';
import { compileRe2 } from '../../re2.ts';
import { parseToml } from '../../toml.ts';
import { jsonText } from '../json-text.ts';
import { formatted } from '../print-format.ts';
import { boundedText, deepCopy, HelmRefusal, longestText, TooLarge, unknown } from '../value.ts';
import { yamlText } from '../yaml-text.ts';
import type { Functions } from './arguments.ts';
import { dictionary, int, text } from './arguments.ts';

type Parsed =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'fault'; readonly message: string };

function readYaml(source: string): Parsed {
  const [document] = parseKubernetesYaml(source, 'yaml');
  const problem = document?.problems.find(({ hidesFindings }) => hidesFindings);
  if (problem !== undefined)
    return { kind: 'fault', message: `error converting YAML to JSON: yaml: ${problem.message}` };
  return { kind: 'value', value: deepCopy(document?.value ?? null) };
}

function readJson(source: string): Parsed {
  try {
    return { kind: 'value', value: JSON.parse(source) as unknown };
  } catch (error) {
    return { kind: 'fault', message: error instanceof Error ? error.message : 'invalid' };
  }
}

/** Faults do not end the rendering: they become a value (Helm, engine/funcs.go). */
function asDictionary(parsed: Parsed): unknown {
  if (parsed.kind === 'fault') return { Error: parsed.message };
  if (parsed.value === null) return {};
  return asObject(parsed.value) ?? { Error: 'json: cannot unmarshal into Go value of type map[string]interface {}' };
}

function asList(parsed: Parsed): unknown {
  if (parsed.kind === 'fault') return [parsed.message];
  if (parsed.value === null) return [];
  return Array.isArray(parsed.value) ? parsed.value : ['json: cannot unmarshal into Go value of type []interface {}'];
}

function hash(algorithm: string, value: unknown): string {
  return createHash(algorithm).update(text(value)).digest('hex');
}

function adler32(value: string): string {
  let [a, b] = [1, 0];
  for (const byte of Buffer.from(value)) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return String(b * 65_536 + a);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(value: string): string {
  let bits = '';
  for (const byte of Buffer.from(value)) bits += byte.toString(2).padStart(8, '0');
  const letters = (bits.match(/.{1,5}/g) ?? []).map((part) => alphabet.charAt(Number.parseInt(part.padEnd(5, '0'), 2)));
  return letters.join('').padEnd(Math.ceil(letters.length / 8) * 8, '=');
}

function fromBase32(value: string): string {
  if (!/^[A-Z2-7]*=*$/.test(value) || value.length % 8 !== 0) return 'illegal base32 data at input byte 0';
  const bits = Array.from(value.replace(/=+$/, ''))
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).toString('utf8');
}

function fromBase64(value: string): string {
  const plain = value.replace(/[\r\n]/g, '');
  const wrong = /[^A-Za-z0-9+/=]/.exec(plain)?.index;
  if (wrong !== undefined) return `illegal base64 data at input byte ${wrong}`;
  return plain.length % 4 === 0
    ? Buffer.from(plain, 'base64').toString('utf8')
    : `illegal base64 data at input byte ${plain.length - (plain.length % 4)}`;
}

type Re2 = Extract<ReturnType<typeof compileRe2>, { kind: 'pattern' }>['pattern'];

function pattern(expression: unknown): Re2 {
  const compiled = compileRe2(text(expression));
  if (compiled.kind === 'fault') throw new HelmRefusal(compiled.message);
  return compiled.pattern;
}

/** All places that match, up to `most`; a negative number means all. */
function matches(
  expression: unknown,
  value: string,
  most = -1,
): readonly { readonly from: number; readonly to: number }[] {
  const matcher = pattern(expression).matcher(value);
  const found: { from: number; to: number }[] = [];
  const limit = most < 0 ? 100_000 : Math.min(most, 100_000);
  while (found.length < limit && matcher.find())
    // Nothing right behind what was found before does not count.
    if (matcher.start() !== matcher.end() || matcher.start() !== found.at(-1)?.to)
      found.push({ from: matcher.start(), to: matcher.end() });
  return found;
}

function splitBy(expression: unknown, value: string, most: number): readonly string[] {
  if (most === 0) return [];
  if (value === '') return [''];
  const parts: string[] = [];
  let [at, last] = [0, 0];
  for (const { from, to } of matches(expression, value)) {
    if (most > 0 && parts.length === most - 1) break;
    last = from;
    if (to !== 0) parts.push(value.slice(at, from));
    at = to;
  }
  return last === value.length ? parts : [...parts, value.slice(at)];
}

const found = ([expression, value]: readonly unknown[]): boolean => matches(expression, text(value), 1).length > 0;
const find = ([expression, value]: readonly unknown[]): string => {
  const [place] = matches(expression, text(value), 1);
  return place === undefined ? '' : text(value).slice(place.from, place.to);
};
const findAll = ([expression, value, most]: readonly unknown[]): readonly string[] =>
  matches(expression, text(value), int(most)).map(({ from, to }) => text(value).slice(from, to));
const split = ([expression, value, most]: readonly unknown[]): readonly string[] =>
  splitBy(expression, text(value), int(most));
const replaceLiteral = ([expression, value, by]: readonly unknown[]): string => {
  const source = text(value);
  const places = matches(expression, source);
  if (places.length * text(by).length > longestText) throw new TooLarge();
  const kept = places.map(({ from }, index) => source.slice(places[index - 1]?.to ?? 0, from) + text(by));
  return kept.join('') + source.slice(places.at(-1)?.to ?? 0);
};

/** Go's templates of replacements: `$1`, `${1}`, `${name}`; `$1x` means the group of that name. */
function replaceAll([expression, value, by]: readonly unknown[]): string {
  const source = text(value);
  const matcher = pattern(expression).matcher(source);
  const names = pattern(expression).namedGroups() as Readonly<Record<string, number>>;
  let [result, at] = ['', 0];
  while (matcher.find()) {
    if (matcher.start() === matcher.end() && matcher.start() === at && at > 0) continue;
    const group = (name: string): string => {
      const number = /^\d+$/.test(name) ? Number(name) : names[name];
      return number === undefined || number > matcher.groupCount() ? '' : (matcher.group(number) ?? '');
    };
    result += source.slice(at, matcher.start());
    result += text(by).replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (all, plain?: string, braced?: string) =>
      all === '$$' ? '$' : group(plain ?? braced ?? ''),
    );
    boundedText(result);
    at = matcher.end();
  }
  return result + source.slice(at);
}

function urlParts(value: string): Readonly<Record<string, string>> {
  const match =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(value);
  const [, scheme = '', userinfo = '', host = '', path = '', query = '', fragment = ''] = match ?? [];
  const isOpaque = scheme !== '' && host === '' && !path.startsWith('/') && path !== '';
  return {
    scheme: scheme.toLowerCase(),
    userinfo,
    host,
    hostname: host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1'),
    path: isOpaque ? '' : unescaped(path),
    opaque: isOpaque ? path : '',
    query,
    fragment: unescaped(fragment),
  };
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HelmRefusal('unable to parse url: invalid URL escape');
  }
}

/** net/url, escape of paths. */
function escapedPath(path: string): string {
  return encodeURIComponent(path).replace(/%(?:24|26|2B|2C|2F|3A|3B|3D|40)|[!'()*]/g, (sign) =>
    sign.startsWith('%') ? decodeURIComponent(sign) : `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** text/template, JSEscapeString. */
function scriptText(value: string): string {
  return value.replace(/[\\'"<>&=\p{Cc}]/gu, (sign) =>
    /[\\'"]/.test(sign) ? `\\${sign}` : `\\u${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

function joinedUrl(parts: Readonly<Record<string, unknown>>): string {
  const part = (name: string): string => (Object.hasOwn(parts, name) ? text(parts[name]) : '');
  const [scheme, host, path, userinfo] = [part('scheme'), part('host'), escapedPath(part('path')), part('userinfo')];
  const authority = host !== '' || userinfo !== '' ? `//${userinfo === '' ? '' : `${userinfo}@`}${host}` : '';
  const behind =
    part('opaque') || authority + (authority !== '' && path !== '' && !path.startsWith('/') ? `/${path}` : path);
  const [query, fragment] = [part('query'), part('fragment')];
  return `${scheme === '' ? '' : `${scheme}:`}${behind}${query === '' ? '' : `?${query}`}${fragment === '' ? '' : `#${fragment}`}`;
}

/** path.Clean. */
function clean(path: string): string {
  if (path === '') return '.';
  const isRooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isRooted) parts.push('..');
  }
  const whole = (isRooted ? '/' : '') + parts.join('/');
  return whole === '' ? '.' : whole;
}

function baseOf(path: string): string {
  if (path === '') return '.';
  let end = path.length;
  while (path.charAt(end - 1) === '/') end -= 1;
  const plain = path.slice(0, end);
  return plain === '' ? '/' : plain.slice(plain.lastIndexOf('/') + 1);
}

const directory = ([path]: readonly unknown[]): string => clean(text(path).slice(0, text(path).lastIndexOf('/') + 1));
const extension = ([path]: readonly unknown[]): string => /\.[^./]*$/.exec(text(path))?.[0] ?? '';
const toYaml = ([value]: readonly unknown[]): string => yamlText(value);
const toJson = ([value]: readonly unknown[]): string => jsonText(value);
const toPrettyJson = ([value]: readonly unknown[]): string => jsonText(value, { indent: '  ' });
const toRawJson = ([value]: readonly unknown[]): string => jsonText(value, { html: 'plain' });

export const encodingFunctions: Functions = {
  toYaml,
  mustToYaml: toYaml,
  toYamlPretty: ([value]) => yamlText(value, 'indented'),
  fromYaml: ([value]) => asDictionary(readYaml(text(value))),
  fromYamlArray: ([value]) => asList(readYaml(text(value))),
  toJson,
  mustToJson: toJson,
  toPrettyJson,
  mustToPrettyJson: toPrettyJson,
  toRawJson,
  mustToRawJson: toRawJson,
  fromJson: ([value]) => asDictionary(readJson(text(value))),
  mustFromJson: ([value]) => asDictionary(readJson(text(value))),
  fromJsonArray: ([value]) => asList(readJson(text(value))),
  fromToml: ([value]) => {
    const { value: read, problems } = parseToml(text(value), 'toml');
    return problems.length > 0 ? unknown : deepCopy(read);
  },
  b64enc: ([value]) => Buffer.from(text(value)).toString('base64'),
  b64dec: ([value]) => fromBase64(text(value)),
  b32enc: ([value]) => base32(text(value)),
  b32dec: ([value]) => fromBase32(text(value)),
  sha1sum: ([value]) => hash('sha1', value),
  sha256sum: ([value]) => hash('sha256', value),
  sha512sum: ([value]) => hash('sha512', value),
  adler32sum: ([value]) => adler32(text(value)),
  regexMatch: found,
  mustRegexMatch: found,
  regexFind: find,
  mustRegexFind: find,
  regexFindAll: findAll,
  mustRegexFindAll: findAll,
  regexSplit: split,
  mustRegexSplit: split,
  regexReplaceAll: replaceAll,
  mustRegexReplaceAll: replaceAll,
  regexReplaceAllLiteral: replaceLiteral,
  mustRegexReplaceAllLiteral: replaceLiteral,
  regexQuoteMeta: ([value]) => text(value).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&'),
  urlParse: ([value]) => ({ ...urlParts(text(value)) }),
  urlJoin: ([value]) => joinedUrl(dictionary(value)),
  urlquery: (values) =>
    encodeURIComponent(values.map(text).join(''))
      .replace(/%20/g, '+')
      .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
  html: (values) =>
    values
      .map(text)
      .join('')
      .replace(
        /[&<>'"\0]/g,
        (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' })[sign] ?? '\uFFFD',
      ),
  js: (values) => scriptText(values.map(text).join('')),
  base: ([path]) => baseOf(text(path)),
  dir: directory,
  clean: ([path]) => clean(text(path)),
  ext: extension,
  isAbs: ([path]) => text(path).startsWith('/'),
  osBase: ([path]) => baseOf(text(path)),
  osDir: directory,
  osClean: ([path]) => clean(text(path)),
  osExt: extension,
  osIsAbs: ([path]) => text(path).startsWith('/'),
  printf: ([format, ...values]) => formatted(text(format), values),
};
