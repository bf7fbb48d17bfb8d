// SPDX-License-Identifier: Apache-2.0
// From words to values: command line over environment over configuration file. Every wrong word is told with the nearest right one.
import { parseArgs } from 'node:util';
import type { LandwaiterError } from '../../model/error.ts';
import { nearest } from '../../model/nearest.ts';
import type { Flag } from './flags/flag.ts';
import { environmentName, flagTable } from './flags.ts';
import { usage } from './usage.ts';

/** Values by flag name; access is typed by kind because the table decides which kind a flag has. */
export class FlagValues {
  readonly #values: ReadonlyMap<string, boolean | number | readonly string[]>;

  constructor(values: ReadonlyMap<string, boolean | number | readonly string[]>) {
    this.#values = values;
  }

  isSet(name: string): boolean {
    return this.#values.get(name) === true;
  }

  /** Set to false in so many words, which is more than not being set. */
  isOff(name: string): boolean {
    return this.#values.get(name) === false;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return Array.isArray(value) ? (value.at(-1) as string | undefined) : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.#values.get(name);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  number(name: string): number | undefined {
    const value = this.#values.get(name);
    return typeof value === 'number' ? value : undefined;
  }
}

export interface ParsedArguments {
  readonly operands: readonly string[];
  /** Words as typed per flag, before conversion: `[]` for a boolean that is set. */
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/** Reads the words after the command. `names` are the flags the command takes. Throws USAGE. */
export function parseArguments(words: readonly string[], names: readonly string[]): ParsedArguments {
  const byAlias = new Map<string, string>();
  const options: Record<string, { type: 'boolean' | 'string'; multiple: true; short?: string }> = {};
  for (const name of names) {
    const flag = flagTable[name];
    if (flag === undefined) continue;
    const type = flag.type === 'boolean' ? 'boolean' : 'string';
    options[name] = { type, multiple: true, ...(flag.short === undefined ? {} : { short: flag.short }) };
    for (const alias of flag.aliases ?? []) {
      options[alias] = { type, multiple: true };
      byAlias.set(alias, name);
    }
  }
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const given = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (token.value === '') throw usage('a target is empty', 'is the variable set? The current folder is "."');
      operands.push(token.value);
    }
    if (token.kind !== 'option') continue;
    const name = byAlias.get(token.name) ?? token.name;
    const option = options[token.name];
    if (option === undefined) throw unknownFlag(token.rawName, Object.keys(options));
    const values = given.get(name) ?? [];
    given.set(name, values);
    if (option.type === 'boolean') {
      // `--tlog-upload=false`, as people write it for programs in Go.
      if (token.value !== undefined && !['true', 'false'].includes(token.value))
        throw usage(`${token.rawName} takes no value but true or false`);
      values.push(token.value ?? 'true');
      continue;
    }
    if (token.value === undefined || token.value === '')
      throw usage(`${token.rawName} needs a value (${flagTable[name]?.value ?? 'VALUE'})`);
    values.push(token.value);
  }
  return { operands, given };
}

export interface ValueSources {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Flag name to words, already checked against the schema. */
  readonly configuration: ReadonlyMap<string, readonly string[]>;
}

/** Converts and checks the words of all sources. Throws USAGE with where the word came from. */
export function resolveValues(names: readonly string[], sources: ValueSources): FlagValues {
  const values = new Map<string, boolean | number | readonly string[]>();
  for (const name of names) {
    const flag = flagTable[name];
    if (flag === undefined) continue;
    const words = sources.given.get(name);
    const variable = flag.configurable === false ? undefined : sources.environment[environmentName(name)];
    const configured = sources.configuration.get(name);
    if (words !== undefined) values.set(name, convert(flag, words, `--${name}`));
    else if (variable !== undefined && variable !== '')
      values.set(name, convert(flag, [variable], environmentName(name)));
    else if (configured !== undefined) values.set(name, convert(flag, configured, `${name} in the configuration file`));
  }
  return new FlagValues(values);
}

function convert(flag: Flag, words: readonly string[], origin: string): boolean | number | readonly string[] {
  if (flag.type === 'boolean') return words.length === 0 || isYes(words.at(-1) ?? '', origin);
  if (flag.type === 'number') {
    const word = words.at(-1) ?? '';
    if (!/^\d{1,15}$/.test(word)) throw usage(`${origin} is "${word}", which is no whole number`);
    if (flag.maximum !== undefined && Number(word) > flag.maximum)
      throw usage(`${origin} is ${word}; at most ${flag.maximum} is possible`);
    return Number(word);
  }
  if (flag.choices === undefined) return words;
  const { choices } = flag;
  return words
    .flatMap((word) => (flag.type === 'list' ? word.split(',') : [word]))
    .map((word) => choiceOf(word.trim(), choices, origin));
}

/** In any case, as the table spells it. */
function choiceOf(word: string, choices: readonly string[], origin: string): string {
  const found = choices.find((choice) => choice.toLowerCase() === word.toLowerCase());
  if (found !== undefined) return found;
  const close = nearest(word.toLowerCase(), choices);
  throw usage(
    `${origin} does not know "${word}"; it takes ${choices.join(', ')}`,
    close === undefined ? undefined : `did you mean ${close}?`,
  );
}

/** A word that is neither is refused: `LANDWAITER_IGNORE_UNFIXED=off` must not switch a filter on. */
function isYes(word: string, origin: string): boolean {
  const lower = word.toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(lower)) return true;
  if (['false', '0', 'no', 'off'].includes(lower)) return false;
  throw usage(`${origin} is "${word}"; it takes true or false`);
}

function unknownFlag(raw: string, known: readonly string[]): LandwaiterError {
  const close = raw.startsWith('--') ? nearest(raw.slice(2), known) : undefined;
  return usage(
    `unknown flag ${raw}`,
    close === undefined ? 'see --help for the flags of this command' : `did you mean --${close}?`,
  );
}
