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
  'vex-status',
  'vex-justification',
  'match-type',
];
const grypeFixStates: Readonly<Record<string, FixState>> = {
  fixed: 'fixed',
  'not-fixed': 'not-fixed',
  'wont-fix': 'will-not-fix',
  unknown: 'unknown',
};

/** `.grype.yaml`, `ignore:`. Rules on namespace, VEX or match type are Grype's own terms: named as not supported, never half applied. */
function readGrype(object: JsonObject, document: Document): IgnoreFile {
  const rules: IgnoreRule[] = [];
  const problems: Problem[] = [];
  for (const [index, item] of asArray(object['ignore']).entries()) {
    const location = document.locate(['ignore', index]);
    const entry = asObject(item);
    const unsupported = Object.keys(entry ?? {}).find(
      (key) => !grypeKeys.includes(key) || ['namespace', 'vex-status', 'vex-justification', 'match-type'].includes(key),
    );
    if (entry === undefined || unsupported !== undefined) {
      problems.push(
        problem(`an ignore rule on "${unsupported ?? 'nothing'}" is not supported; it is not used`, location),
      );
      continue;
    }
    const owner = asObject(entry['package']);
    const name = asString(owner?.['name']);
    const id = asString(entry['vulnerability']);
    const fixState = asString(entry['fix-state']);
    if (fixState !== undefined && grypeFixStates[fixState] === undefined) {
      problems.push(problem(`unknown fix-state "${fixState}"; the rule is not used`, location));
      continue;
    }
    const isPattern = name !== undefined && /[\^$*+?()[\]|\\]/.test(name);
    rules.push({
      ids: id === undefined || id === '' ? [] : [id],
      aliases: entry['include-aliases'] === true ? 'match' : 'exact',
      scanner: 'vulnerability',
      purls: [],
      paths: asStrings(owner?.['location']),
      reason: asString(entry['reason']) ?? '',
      location,
      ...optional('packageName', isPattern ? `re:${name}` : name),
      ...optional('packageVersion', asString(owner?.['version'])),
      ...optional('packageType', asString(owner?.['type'])),
      ...optional('fixState', fixState === undefined ? undefined : grypeFixStates[fixState]),
    });
  }
  return { rules, problems };
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
