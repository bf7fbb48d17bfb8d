// SPDX-License-Identifier: Apache-2.0
// TOML 1.0 through smol-toml, with a place for table headers (the library gives values only).
import { parse, TomlError } from 'smol-toml';
import { messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import type { JsonObject } from './document.ts';
import { asObject } from './document.ts';
import { syntaxProblem } from './text.ts';

export interface TomlDocument {
  readonly value: JsonObject | undefined;
  readonly problems: readonly Problem[];
  /** Lines (from 1) of every `[header]` or `[[header]]` line with exactly this dotted name, in order. */
  headerLines(name: string): readonly number[];
  /** Like `headerLines`, each with the last line of its table: the last that is neither blank nor a comment before the next header. */
  headerSpans(name: string): readonly { readonly line: number; readonly endLine: number }[];
  /** Line of `key =` at the beginning of a line, searched from `fromLine` up to the next header; undefined when absent. */
  keyLine(key: string, fromLine: number): number | undefined;
}

/** Reads one TOML document. Never throws. Integers above 2^53 become bigint. */
export function parseToml(text: string, path: string): TomlDocument {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = source.split('\n');
  const problems: Problem[] = [];
  let value: JsonObject | undefined;
  try {
    value = asObject(parse(source, { maxDepth: defaultLimits.depth, integersAsBigInt: 'asNeeded' }));
  } catch (error) {
    const at = error instanceof TomlError ? error : undefined;
    const message = messageOf(error).split('\n')[0] ?? '';
    problems.push(
      syntaxProblem(path, `not valid TOML: ${message.replace('Invalid TOML document: ', '')}`, at?.line, at?.column),
    );
  }
  let index: Map<string, number[]> | undefined;
  const headersNamed = (name: string): readonly number[] => {
    index ??= headerIndex(lines);
    return index.get(name) ?? [];
  };
  return {
    value,
    problems,
    headerLines: (name) => headersNamed(name),
    headerSpans: (name) => headersNamed(name).map((line) => ({ line, endLine: endOfTable(lines, line) })),
    keyLine: (key, fromLine) => keyLine(lines, key, fromLine),
  };
}

/** Lines of all headers by their name, found in one pass: a lock file asks for thousands of names. */
function headerIndex(lines: readonly string[]): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (let at = 0; at < lines.length; at += 1) {
    const trimmed = (lines[at] ?? '').trim();
    if (!trimmed.startsWith('[')) continue;
    const name = /^\[\[([^\]]*)\]\]/.exec(trimmed)?.[1] ?? /^\[([^[\]]*)\]/.exec(trimmed)?.[1];
    const known = name === undefined ? undefined : index.get(name);
    if (known !== undefined) known.push(at + 1);
    else if (name !== undefined) index.set(name, [at + 1]);
  }
  return index;
}

/** A sub-table (`[package.dependencies]` after `[[package]]`) is a table of its own here. */
function endOfTable(lines: readonly string[], header: number): number {
  let end = header;
  for (let index = header; index < lines.length; index += 1) {
    const trimmed = (lines[index] ?? '').trim();
    if (/^\[{1,2}[A-Za-z0-9"'_]/.test(trimmed) && trimmed.endsWith(']')) break;
    if (trimmed !== '' && !trimmed.startsWith('#')) end = index + 1;
  }
  return end;
}

function keyLine(lines: readonly string[], key: string, fromLine: number): number | undefined {
  for (let index = fromLine; index < lines.length; index += 1) {
    const trimmed = (lines[index] ?? '').trim();
    if (trimmed.startsWith('[')) return undefined;
    const rest = [key, `"${key}"`, `'${key}'`].find((form) => trimmed.startsWith(form));
    if (rest !== undefined && /^\s*[=.]/.test(trimmed.slice(rest.length))) return index + 1;
  }
  return undefined;
}
