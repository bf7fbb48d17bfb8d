// SPDX-License-Identifier: Apache-2.0
// Ignore files: our own .landwaiterignore.yaml, Trivy's .trivyignore and .trivyignore.yaml, the `ignore:` list of .grype.yaml.
// An entry that cannot be understood is a problem, and never ignores anything.
import type { FixState } from '../model/finding.ts';
import type { IgnoreFile, IgnoreRule } from '../model/ignore.ts';
import type { Location } from '../model/location.ts';
import { nearest } from '../model/nearest.ts';
import type { Problem } from '../model/problem.ts';
import type { Document, JsonObject } from './document.ts';
import { asArray, asObject, asString, asStrings } from './document.ts';
import { parseYaml } from './yaml.ts';

/** Names that are found in the root of a target without being asked for. */
export const ignoreFileNames: readonly string[] = [
  '.landwaiterignore.yaml',
  '.trivyignore',
  '.trivyignore.yaml',
  '.grype.yaml',
];

/** Reads one file; the name decides the form: `*.trivyignore` without .yaml is lines, `*grype*` is Grype's, Trivy's keys are recognised. */
export function readIgnoreFile(text: string, path: string): IgnoreFile {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!/\.ya?ml$/.test(name)) return readLines(text, path);
  const document = parseYaml(text, path)[0];
  if (document === undefined || document.value === null) return { rules: [], problems: [] };
  const object = asObject(document.value);
  if (object === undefined)
    return { rules: [], problems: [...document.problems, problem('a mapping is expected', { path })] };
  const read =
    'ignore' in object
      ? name.includes('grype')
        ? readGrype(object, document)
        : readOwn(object, document)
      : readTrivy(object, document);
  return { rules: read.rules, problems: [...document.problems, ...read.problems] };
}

/** `.trivyignore`: an id per line, `#` comments, optional `exp:2026-12-31`. The comment lines above an id are its reason. */
function readLines(text: string, path: string): IgnoreFile {
  const rules: IgnoreRule[] = [];
  const problems: Problem[] = [];
  let comment: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    const location = { path, line: index + 1 };
    if (trimmed === '') comment = [];
    else if (trimmed.startsWith('#')) comment.push(trimmed.slice(1).trim());
    else {
      const [id = '', ...words] = trimmed.split(/\s+/);
      const expires = words.find((word) => word.startsWith('exp:'))?.slice(4);
      if (expires !== undefined && !isDate(expires))
        problems.push(problem(`"exp:${expires}" is no date (YYYY-MM-DD); the entry is not used`, location));
      else
        rules.push({
          ids: [id],
          aliases: 'match',
          purls: [],
          paths: [],
          reason: comment.join(' '),
          location,
          ...optional('expires', expires),
        });
    }
  }
  return { rules, problems };
}

const ownKeys = ['id', 'ids', 'package', 'version', 'type', 'purl', 'purls', 'paths', 'scanner', 'reason', 'expires'];

/** `.landwaiterignore.yaml`: `ignore: [{id, package?, version?, type?, purl?, paths?, reason, expires?}]`; the reason is required. */
function readOwn(object: JsonObject, document: Document): IgnoreFile {
  const rules: IgnoreRule[] = [];
  const problems: Problem[] = [];
  for (const [index, item] of asArray(object['ignore']).entries()) {
    const location = document.locate(['ignore', index]);
    const entry = asObject(item);
    const unknown = Object.keys(entry ?? {}).find((key) => !ownKeys.includes(key));
    const ids = [...asStrings(entry?.['id']), ...asStrings(entry?.['ids'])];
    const expires = asString(entry?.['expires']);
    const reason = asString(entry?.['reason'])?.trim() ?? '';
    const narrowing = ['package', 'purl', 'purls', 'paths'].some((key) => entry?.[key] !== undefined);
    if (entry === undefined) problems.push(problem('an entry is a mapping with id, reason and expires', location));
    else if (unknown !== undefined) {
      const close = nearest(unknown, ownKeys);
      problems.push(
        problem(`unknown key "${unknown}"${close === undefined ? '' : `; did you mean ${close}?`}`, location),
      );
    } else if (ids.length === 0 && !narrowing)
      problems.push(problem('an entry needs an id, a package, a purl or paths', location));
    else if (reason === '') problems.push(problem('an entry needs a reason; it is not used without one', location));
    else if (expires !== undefined && !isDate(expires))
      problems.push(problem(`"${expires}" is no date (YYYY-MM-DD); the entry is not used`, location));
    else {
      rules.push({
        ids,
        aliases: 'match',
        purls: [...asStrings(entry['purl']), ...asStrings(entry['purls'])],
        paths: asStrings(entry['paths']),
        reason,
        location,
        ...optional('expires', expires),
        ...optional('packageName', asString(entry['package'])),
        ...optional('packageVersion', asString(entry['version'])),
        ...optional('packageType', asString(entry['type'])),
        ...optional('scanner', scannerOf(asString(entry['scanner']))),
      });
    }
  }
  return { rules, problems };
}

const trivySections: Readonly<Record<string, NonNullable<IgnoreRule['scanner']>>> = {
  vulnerabilities: 'vulnerability',
  misconfigurations: 'misconfiguration',
  secrets: 'secret',
  licenses: 'license',
};

/** `.trivyignore.yaml`: per scanner a list of `{id, paths, purls, statement, expired_at}`. */
function readTrivy(object: JsonObject, document: Document): IgnoreFile {
  const rules: IgnoreRule[] = [];
  const problems: Problem[] = [];
  for (const [section, list] of Object.entries(object)) {
    const scanner = trivySections[section];
    if (scanner === undefined) {
      problems.push(problem(`unknown section "${section}"`, document.locate([section])));
      continue;
    }
    for (const [index, item] of asArray(list).entries()) {
      const entry = asObject(item);
      const location = document.locate([section, index]);
      const id = asString(entry?.['id']);
      const expires = asString(entry?.['expired_at']);
      if (entry === undefined || id === undefined) problems.push(problem('an entry needs an id', location));
      else if (expires !== undefined && !isDate(expires))
        problems.push(problem(`"${expires}" is no date; the entry is not used`, location));
      else {
        const reason = asString(entry['statement']) ?? '';
        const { paths, purls } = { paths: asStrings(entry['paths']), purls: asStrings(entry['purls']) };
        rules.push({
          ids: [id],
          aliases: 'match',
          scanner,
          purls,
          paths,
          reason,
          location,
          ...optional('expires', expires),
        });
      }
    }
  }
  return { rules, problems };
}

const grypeKeys = [
  'vulnerability',
  'include-aliases',
  'reason',
  'fix-state',
  'namespace',
  'package',
  'match-type',
  'vex-status',
  'vex-justification',
];
const grypePackageKeys = ['name', 'version', 'language', 'type', 'location', 'upstream-name'];
const grypeFixStates: Readonly<Record<string, FixState>> = {
  fixed: 'fixed',
  'not-fixed': 'not-fixed',
  'wont-fix': 'will-not-fix',
  unknown: 'unknown',
};
const grypeMatchTypes: Readonly<Record<string, NonNullable<IgnoreRule['matchedBy']>>> = {
  'exact-direct-match': 'package',
  'exact-indirect-match': 'source',
  'cpe-match': 'cpe',
};
const grypeLanguages: Readonly<Record<string, readonly string[]>> = {
  cpp: ['conan'],
  dart: ['pub'],
  dotnet: ['nuget'],
  elixir: ['hex'],
  erlang: ['hex'],
  go: ['golang'],
  haskell: ['hackage'],
  java: ['maven'],
  javascript: ['npm'],
  lua: ['luarocks'],
  php: ['composer', 'pear', 'pecl'],
  python: ['pypi'],
  R: ['cran'],
  ruby: ['gem'],
  rust: ['cargo'],
  swift: ['swift', 'cocoapods'],
};

/** Whether Grype takes a name in a rule for a regular expression: a full stop alone makes none. */
export function isNamePattern(name: string): boolean {
  return /[\^$*+?()[\]{}|\\]/.test(name);
}

/** `.grype.yaml`, `ignore:`. What of a rule is not understood makes it do nothing: never half applied. */
function readGrype(object: JsonObject, document: Document): IgnoreFile {
  const rules: IgnoreRule[] = [];
  const problems: Problem[] = [];
  for (const [index, item] of asArray(object['ignore']).entries()) {
    const location = document.locate(['ignore', index]);
    const read = readGrypeRule(asObject(item), location);
    if (typeof read === 'string') problems.push(problem(read, location));
    else rules.push(read);
  }
  return { rules, problems };
}

/** The rule, or why it is not used. */
function readGrypeRule(entry: JsonObject | undefined, location: Location): IgnoreRule | string {
  const owner = asObject(entry?.['package']);
  const unknown =
    Object.keys(entry ?? {}).find((key) => !grypeKeys.includes(key) || key.startsWith('vex-')) ??
    Object.keys(owner ?? {}).find((key) => !grypePackageKeys.includes(key));
  if (entry === undefined || unknown !== undefined)
    return `an ignore rule on "${unknown ?? 'nothing'}" is not supported; it is not used`;
  const text = (holder: JsonObject | undefined, key: string): string | undefined =>
    asString(holder?.[key]) || undefined;
  const id = text(entry, 'vulnerability');
  const fixState = text(entry, 'fix-state');
  const matchType = text(entry, 'match-type');
  const language = text(owner, 'language');
  if (fixState !== undefined && !Object.hasOwn(grypeFixStates, fixState))
    return `unknown fix-state "${fixState}"; the rule is not used`;
  if (matchType !== undefined && !Object.hasOwn(grypeMatchTypes, matchType))
    return `unknown match-type "${matchType}"; the rule is not used`;
  if (language !== undefined && !Object.hasOwn(grypeLanguages, language))
    return `unknown language "${language}"; the rule is not used`;
  const paths = asStrings(owner?.['location']).map((path) => path.replace(/^\//, ''));
  const conditions = {
    ...optional('packageName', patternOf(text(owner, 'name'))),
    ...optional('packageVersion', text(owner, 'version')),
    ...optional('packageType', typeOfGrype(text(owner, 'type'))),
    ...optional('packageTypes', language === undefined ? undefined : grypeLanguages[language]),
    ...optional('upstreamName', patternOf(text(owner, 'upstream-name'))),
    ...optional('matchedBy', matchType === undefined ? undefined : grypeMatchTypes[matchType]),
    ...optional('namespace', text(entry, 'namespace')),
    ...optional('fixState', fixState === undefined ? undefined : grypeFixStates[fixState]),
  };
  if (id === undefined && paths.length === 0 && Object.keys(conditions).length === 0)
    return 'a rule without any condition would ignore everything; it is not used';
  return {
    ids: id === undefined ? [] : [id],
    aliases: entry['include-aliases'] === true ? 'match' : 'exact',
    scanner: 'vulnerability',
    purls: [],
    paths,
    reason: text(entry, 'reason') ?? '',
    location,
    ...conditions,
  };
}

function patternOf(name: string | undefined): string | undefined {
  return name !== undefined && isNamePattern(name) ? `re:${name}` : name;
}

/** Grype's names of package types where package URLs have others. */
const grypeTypes: Readonly<Record<string, string>> = {
  'dart-pub': 'pub',
  dotnet: 'nuget',
  'github-action': 'github',
  'go-module': 'golang',
  'java-archive': 'maven',
  'jenkins-plugin': 'maven',
  'php-composer': 'composer',
  pod: 'cocoapods',
  portage: 'ebuild',
  python: 'pypi',
  'rust-crate': 'cargo',
};

function typeOfGrype(type: string | undefined): string | undefined {
  return type === undefined ? undefined : Object.hasOwn(grypeTypes, type) ? grypeTypes[type] : type;
}

function scannerOf(word: string | undefined): IgnoreRule['scanner'] {
  return Object.values(trivySections).find((scanner) => scanner === word || scanner.startsWith(word ?? '-'));
}

/** A calendar date, or RFC 3339. */
function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(?:T[\d:.]{5,15}(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text) && !Number.isNaN(Date.parse(text));
}

function problem(message: string, location: Location): Problem {
  return { kind: 'schema', message, location, hidesFindings: false };
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]: V });
}
