// SPDX-License-Identifier: Apache-2.0
// yarn.lock in both its forms, as entries: version 1 (yarn classic, an indented format of its own) and berry (yarn 2 and later, YAML).
// Formats: yarn classic `lockfile/parse`, yarn documentation "Lexicon: descriptor, locator, resolution".
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import { asObject, asString, entriesOf } from './document.ts';
import { decodeText, syntaxProblem } from './text.ts';
import { parseYamlDocument } from './yaml.ts';

export interface YarnNeed {
  readonly name: string;
  /** As written: `^1.0.0`, `npm:^1.0.0`, `workspace:^`. */
  readonly range: string;
  readonly isOptional: boolean;
}

export interface YarnEntry {
  /** What asks for it: `name@range`, `name@npm:range`. */
  readonly patterns: readonly string[];
  /** Empty when the entry has none. */
  readonly version: string;
  /** Version 1: the address of the archive. Berry: the locator (`name@npm:1.0.0`). */
  readonly resolved: string;
  readonly integrity: string | undefined;
  readonly needs: readonly YarnNeed[];
  readonly location: Location;
}

export interface YarnLockFile {
  readonly form: 'classic' | 'berry';
  readonly entries: readonly YarnEntry[];
  readonly problems: readonly Problem[];
}

/** Reads a yarn.lock. Never throws; lines that are not of the format are problems, the rest is read. */
export function parseYarnLock(bytes: Uint8Array, path: string): YarnLockFile {
  const { text, problems } = decodeText(bytes, path);
  const isBerry = /^__metadata:/m.test(text);
  const lock = isBerry ? parseBerry(text, path) : parseClassic(text, path);
  return { ...lock, problems: [...problems, ...lock.problems] };
}

/** `@scope/name@range` -> name and range; a pattern without range has an empty one. */
export function splitPattern(pattern: string): { readonly name: string; readonly range: string } {
  const at = pattern.indexOf('@', 1);
  return at === -1 ? { name: pattern, range: '' } : { name: pattern.slice(0, at), range: pattern.slice(at + 1) };
}

function parseBerry(text: string, path: string): YarnLockFile {
  const document = parseYamlDocument(text, path, { resolver: 'strings' });
  const problems: Problem[] = [...document.problems];
  const entries: YarnEntry[] = [];
  for (const [key, value] of entriesOf(document.value)) {
    if (key === '__metadata') continue;
    const entry = asObject(value);
    const { line, endLine } = document.locate([key]);
    const location = { path, ...(line === undefined ? {} : { line }), ...(endLine === undefined ? {} : { endLine }) };
    if (entry === undefined) {
      problems.push({ kind: 'schema', message: `the entry of ${key} is not a mapping`, location, hidesFindings: true });
      continue;
    }
    const meta = asObject(entry['dependenciesMeta']) ?? {};
    entries.push({
      patterns: key.split(',').map((part) => part.trim()),
      version: asString(entry['version']) ?? '',
      resolved: asString(entry['resolution']) ?? '',
      // A checksum of berry is that of its own zip, not of the published archive.
      integrity: undefined,
      needs: entriesOf(entry['dependencies']).map(([name, range]) => ({
        name,
        range: asString(range) ?? '',
        isOptional: asString(asObject(meta[name])?.['optional']) === 'true',
      })),
      location,
    });
  }
  return { form: 'berry', entries, problems };
}

interface OpenEntry {
  patterns: string[];
  version: string;
  resolved: string;
  integrity: string | undefined;
  needs: YarnNeed[];
  location: { path: string; line: number; endLine: number };
}

/** Problems of one file that are told one by one. */
const maximumProblems = 20;

function parseClassic(text: string, path: string): YarnLockFile {
  const entries: OpenEntry[] = [];
  const problems: Problem[] = [];
  let entry: OpenEntry | undefined;
  let list = '';
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trimEnd();
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) continue;
    const indent = line.length - content.length;
    if (indent === 0) {
      const words = content.endsWith(':') ? wordsOf(content.slice(0, -1)) : [];
      entry = words.length > 0 && words.every(isPattern) ? openEntry(words, path, index + 1) : undefined;
      if (entry !== undefined) entries.push(entry);
      else if (problems.length < maximumProblems)
        problems.push(syntaxProblem(path, 'not a line of yarn.lock', index + 1));
      list = '';
    } else if (entry !== undefined) {
      entry.location.endLine = index + 1;
      list = readField(entry, content, indent <= 2 ? '' : list);
    }
  }
  return { form: 'classic', entries, problems };
}

/** `name@range`, `@scope/name@range`; also a name alone, which other tools have written. */
function isPattern(text: string): boolean {
  return /^(?:@[^@/\s]{1,214}\/)?[^@/\s]{1,214}(?:@|$)/.test(text);
}

function openEntry(patterns: string[], path: string, line: number): OpenEntry {
  return {
    patterns,
    version: '',
    resolved: '',
    integrity: undefined,
    needs: [],
    location: { path, line, endLine: line },
  };
}

/** Takes one indented line; returns the name of the list that the following, deeper lines belong to. */
function readField(entry: OpenEntry, content: string, list: string): string {
  const words = wordsOf(content.endsWith(':') ? content.slice(0, -1) : content);
  const key = (words[0] ?? '').replace(/:$/, '');
  const value = words.slice(1).join(' ');
  if (list !== '') {
    const isNeed = list === 'dependencies' || list === 'optionalDependencies';
    if (isNeed && key !== '')
      entry.needs.push({ name: key, range: value, isOptional: list === 'optionalDependencies' });
    return list;
  }
  if (words.length === 1) return key;
  if (key === 'version') entry.version = value;
  else if (key === 'resolved') entry.resolved = value;
  else if (key === 'integrity') entry.integrity = value;
  return '';
}

/** Words of a line: quoted (JSON string) or bare, separated by spaces or commas. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const character = line[at];
    if (character === ' ' || character === ',') {
      at += 1;
    } else if (character === '"') {
      const end = endOfQuote(line, at);
      words.push(unquote(line.slice(at, end)));
      at = end;
    } else {
      const end = endOfWord(line, at);
      words.push(line.slice(at, end));
      at = end;
    }
  }
  return words;
}

function endOfQuote(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return at + 1;
  }
  return line.length;
}

/** A comma ends a bare word only before a space: ranges may hold commas of their own. */
function endOfWord(line: string, start: number): number {
  for (let at = start; at < line.length; at += 1) {
    if (line[at] === ' ' || (line[at] === ',' && (line[at + 1] === ' ' || at + 1 === line.length))) return at;
  }
  return line.length;
}

function unquote(word: string): string {
  try {
    return String(JSON.parse(word));
  } catch {
    return word.replace(/^"|"$/g, '');
  }
}
