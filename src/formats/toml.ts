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
    problems.push(syntaxProblem(path, `not valid TOML: ${message.replace('Invalid TOML document: ', '')}`, at?.line, at?.column));
  }
  return {
    value,
    problems,
    headerLines: (name) => headerLines(lines, name),
    keyLine: (key, fromLine) => keyLine(lines, key, fromLine),
  };
}

function headerLines(lines: readonly string[], name: string): number[] {
  const found: number[] = [];
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed.startsWith(`[${name}]`) || trimmed.startsWith(`[[${name}]]`)) found.push(index + 1);
  }
  return found;
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
