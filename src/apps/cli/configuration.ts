// SPDX-License-Identifier: Apache-2.0
// landwaiter.yaml: the flags a project always wants, checked against the table of flags. An unknown key is an error with its place
// and the nearest known key, because a silently ignored setting is a setting that does not protect.
import { asObject } from '../../formats/document.ts';
import { parseYaml } from '../../formats/yaml.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Location } from '../../model/location.ts';
import { formatLocation } from '../../model/location.ts';
import { nearest } from '../../model/nearest.ts';
import type { Flag } from './flags/flag.ts';
import { flagTable } from './flags.ts';

/** Checks one configuration text. Keys are flag names without the dashes. Throws CONFIG_INVALID for the first mistake. */
export function parseConfiguration(text: string, path: string): ReadonlyMap<string, readonly string[]> {
  const documents = parseYaml(text, path);
  const [document] = documents;
  if (document === undefined || document.value === null) return new Map();
  if (documents.length > 1) throw invalid(`${path} holds ${documents.length} YAML documents; one is expected`);
  const problem = document.problems[0];
  if (problem !== undefined) throw invalid(`${formatLocation(problem.location)}: ${problem.message}`);
  const object = asObject(document.value);
  if (object === undefined) throw invalid(`${path}: a mapping of settings is expected`);
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(object)) {
    const flag = flagTable[key];
    const at = document.locate([key]);
    if (flag === undefined || flag.configurable === false) throw unknownKey(key, at);
    values.set(key, wordsOf(flag, key, value, at));
  }
  return values;
}

/** Names that may stand in the file, for the schema and the docs. */
export function configurableFlags(): string[] {
  return Object.entries(flagTable)
    .filter(([, flag]) => flag.configurable !== false)
    .map(([name]) => name);
}

function wordsOf(flag: Flag, key: string, value: unknown, at: Location): readonly string[] {
  const wrong = (expected: string): LandwaiterError => invalid(`${formatLocation(at)}: "${key}" takes ${expected}`);
  if (flag.type === 'boolean') {
    if (typeof value !== 'boolean') throw wrong('true or false');
    return [String(value)];
  }
  if (flag.type === 'number') {
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong('a whole number');
    return [String(value)];
  }
  const items: readonly unknown[] = Array.isArray(value) && flag.type === 'list' ? value : [value];
  const words = items.map((item) => (typeof item === 'number' || typeof item === 'string' ? String(item) : undefined));
  if (words.some((word) => word === undefined))
    throw wrong(flag.type === 'list' ? 'a text or a list of texts' : 'a text');
  const texts = words.filter((word) => word !== undefined);
  for (const word of texts) {
    if (flag.choices === undefined || word.split(',').every((part) => isChoice(part, flag.choices ?? []))) continue;
    const close = nearest(word.toLowerCase(), flag.choices);
    throw invalid(
      `${formatLocation(at)}: "${key}" does not know "${word}"; it takes ${flag.choices.join(', ')}`,
      close === undefined ? undefined : `did you mean ${close}?`,
    );
  }
  return texts;
}

function isChoice(word: string, choices: readonly string[]): boolean {
  return choices.some((choice) => choice.toLowerCase() === word.trim().toLowerCase());
}

function unknownKey(key: string, at: Location): LandwaiterError {
  const close = nearest(key, configurableFlags());
  return invalid(
    `${formatLocation(at)}: unknown key "${key}"`,
    close === undefined ? 'docs/configuration.md lists all keys' : `did you mean ${close}?`,
  );
}

function invalid(message: string, hint?: string): LandwaiterError {
  return new LandwaiterError({ code: 'CONFIG_INVALID', message, ...(hint === undefined ? {} : { hint }) });
}
