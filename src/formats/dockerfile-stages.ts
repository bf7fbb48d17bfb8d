// SPDX-License-Identifier: Apache-2.0
// A Dockerfile as its stages: instructions with flags, arguments in either form, here-documents and the variables that are known at each place.
// https://docs.docker.com/reference/dockerfile/. Not here: what is wrong with it.

import type { DockerInstruction, HereDocument } from './dockerfile.ts';
import { parseDockerfile } from './dockerfile.ts';
import type { ShellCommand } from './shell-commands.ts';
import { readShellCommands } from './shell-commands.ts';
import { substituteVariables } from './shell-variables.ts';

export interface Dockerfile {
  readonly stages: readonly DockerStage[];
  /** ARG and whatever else stands before the first FROM. */
  readonly before: readonly DockerCommand[];
  readonly commands: readonly DockerCommand[];
}

export interface DockerStage {
  readonly index: number;
  /** After AS, lower case as Docker compares it. */
  readonly name: string | undefined;
  /** As written, without quotes. */
  readonly base: string;
  /** With variables replaced; undefined when one has no value. */
  readonly resolvedBase: string | undefined;
  /** The earlier stage that it builds on. */
  readonly parent: DockerStage | undefined;
  readonly from: DockerCommand;
  /** Without FROM. */
  readonly commands: readonly DockerCommand[];
}

export interface DockerCommand {
  /** Upper case; of ONBUILD it is ONBUILD, and what it starts is `inner`. */
  readonly keyword: string;
  readonly line: number;
  readonly endLine: number;
  /** `--name=value` before the arguments. */
  readonly flags: readonly DockerFlag[];
  /** Everything after the flags. */
  readonly text: string;
  /** `["a", "b"]` is the exec form. */
  readonly form: 'exec' | 'shell';
  /** Words of the exec form; of the shell form words split at blanks, quotes resolved. */
  readonly words: readonly string[];
  readonly hereDocuments: readonly HereDocument[];
  /** ARG and ENV values that are known here; names without a value are left out. */
  readonly variables: ReadonlyMap<string, string>;
  readonly inner?: DockerCommand;
}

export interface DockerFlag {
  readonly name: string;
  /** Empty for a flag without a value. */
  readonly value: string;
}

const mostVariables = 500;
/** Longer values are not followed. */
const longestValue = 10_000;

/** Reads all stages. Never fails: a file without FROM has none, and its instructions are in `before`. */
export function readDockerfile(text: string): Dockerfile {
  const reading: Reading = { globals: new Map(), variables: new Map(), stages: [], before: [], commands: [] };
  for (const instruction of parseDockerfile(text)) {
    if (instruction.keyword === 'FROM') openStage(instruction, reading);
    else addCommand(instruction, reading);
  }
  const { stages, before, commands } = reading;
  return { stages, before, commands };
}

interface OpenStage extends DockerStage {
  readonly commands: DockerCommand[];
}

interface Reading {
  readonly globals: Map<string, string>;
  variables: ReadonlyMap<string, string>;
  readonly stages: OpenStage[];
  readonly before: DockerCommand[];
  readonly commands: DockerCommand[];
}

function openStage(instruction: DockerInstruction, reading: Reading): void {
  const from = commandOf(instruction, reading.globals);
  const [base = '', as = '', name = ''] = from.words;
  const resolvedBase = substituteVariables(base, reading.globals);
  const wanted = (resolvedBase ?? base).toLowerCase();
  const parent = reading.stages.find((stage) => stage.name === wanted);
  reading.variables = parent === undefined ? new Map() : (parent.commands.at(-1)?.variables ?? new Map());
  reading.commands.push(from);
  reading.stages.push({
    index: reading.stages.length,
    name: as.toUpperCase() === 'AS' && name !== '' ? name.toLowerCase() : undefined,
    base,
    resolvedBase,
    parent,
    from,
    commands: [],
  });
}

function addCommand(instruction: DockerInstruction, reading: Reading): void {
  const stage = reading.stages.at(-1);
  const command = commandOf(instruction, stage === undefined ? reading.globals : reading.variables);
  (stage?.commands ?? reading.before).push(command);
  reading.commands.push(command);
  if (command.keyword !== 'ARG' && command.keyword !== 'ENV') return;
  const known = new Map(stage === undefined ? reading.globals : reading.variables);
  for (const { name, value } of assignmentsOf(command)) {
    // An ARG without a value in a stage takes over the one declared before FROM.
    const written = value ?? (command.keyword === 'ARG' ? reading.globals.get(name) : undefined);
    const resolved = written === undefined ? undefined : substituteVariables(written, known);
    if (resolved === undefined || resolved.length > longestValue) known.delete(name);
    else if (known.size < mostVariables) known.set(name, resolved);
  }
  if (stage === undefined) for (const [name, value] of known) reading.globals.set(name, value);
  else reading.variables = known;
}

function commandOf(instruction: DockerInstruction, variables: ReadonlyMap<string, string>): DockerCommand {
  const { keyword, line, endLine, hereDocuments = [] } = instruction;
  const { flags, rest } = keyword === 'ONBUILD' ? { flags: [], rest: instruction.value } : takeFlags(instruction.value);
  const exec = execForm(rest);
  const blank = rest.search(/\s/);
  const inner =
    keyword === 'ONBUILD' && blank !== -1
      ? commandOf(
          { ...instruction, keyword: rest.slice(0, blank).toUpperCase(), value: rest.slice(blank + 1).trim() },
          variables,
        )
      : undefined;
  return {
    keyword,
    line,
    endLine,
    flags,
    text: rest,
    form: exec === undefined ? 'shell' : 'exec',
    words: exec ?? splitWords(rest),
    hereDocuments,
    variables,
    ...(inner === undefined ? {} : { inner }),
  };
}

function takeFlags(value: string): { readonly flags: readonly DockerFlag[]; readonly rest: string } {
  const flags: DockerFlag[] = [];
  let rest = value;
  for (let match = /^--([a-z][a-z-]{0,40})(?:=(\S{0,2000}))?(?:\s|$)/.exec(rest); match !== null; ) {
    flags.push({ name: match[1] ?? '', value: match[2] ?? '' });
    rest = rest.slice(match[0].length).trimStart();
    match = flags.length < 50 ? /^--([a-z][a-z-]{0,40})(?:=(\S{0,2000}))?(?:\s|$)/.exec(rest) : null;
  }
  return { flags, rest };
}

function execForm(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Words at blanks; quotes are taken off, and a backslash keeps the character after it. */
function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

export interface DockerAssignment {
  readonly name: string;
  /** Without quotes; undefined for `ARG NAME`. */
  readonly value: string | undefined;
}

/** Names and values of ARG, ENV and LABEL, the old form `ENV NAME value` included. */
export function assignmentsOf(command: DockerCommand): readonly DockerAssignment[] {
  const [first = ''] = command.words;
  if (command.keyword !== 'ARG' && !first.includes('=')) {
    if (first === '') return [];
    return [{ name: first, value: command.text.slice(command.text.search(/\s|$/)).trim() }];
  }
  return command.words.map((word) => {
    const equals = word.indexOf('=');
    return equals === -1
      ? { name: word, value: undefined }
      : { name: word.slice(0, equals), value: word.slice(equals + 1) };
  });
}

/** Simple commands that a RUN (or the shell form of CMD, ENTRYPOINT, HEALTHCHECK) starts; those of here-documents that go to a shell included. */
export function shellCommandsOf(command: DockerCommand): readonly ShellCommand[] {
  if (command.form === 'exec') return execCommands(command.words);
  const own = readShellCommands(command.text);
  const bodies = command.hereDocuments.filter(() =>
    /^<<-?["']?\w|^(?:\S{0,40}\/)?(?:ba|da|a)?sh(?:\s+-\S{1,20}){0,5}\s+<</.test(command.text),
  );
  const run = bodies.flatMap(({ body }) => readShellCommands(body));
  return [...own.filter(({ words }) => !(words[0] ?? '').startsWith('<<')), ...run];
}

/** `["sh", "-c", "..."]` runs its script; anything else is one command. */
function execCommands(words: readonly string[]): readonly ShellCommand[] {
  const script = words.findIndex((word) => /^-[a-z]{0,6}c[a-z]{0,6}$/.test(word));
  if (script !== -1 && /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(words[0] ?? ''))
    return readShellCommands(words[script + 1] ?? '');
  return words.length === 0 ? [] : [{ words, assignments: [], after: 'start' }];
}

/** The stage and the earlier stages it builds on, nearest first. */
export function lineageOf(stage: DockerStage): readonly DockerStage[] {
  const line: DockerStage[] = [];
  for (let at: DockerStage | undefined = stage; at !== undefined && line.length < 1000; at = at.parent) line.push(at);
  return line;
}
