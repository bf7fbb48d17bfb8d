// SPDX-License-Identifier: Apache-2.0
// Starlark text to the tokens of its unindented logical lines (Starlark specification, "Lexical elements"). Indented blocks are left out.
import type { Problem } from '../model/problem.ts';
import { LineIndex, syntaxProblem } from './text.ts';

export interface StarlarkToken {
  /** Numbers count as operators: they are never part of a name. */
  readonly kind: 'name' | 'string' | 'operator';
  readonly text: string;
  readonly line: number;
}

export interface StarlarkTokens {
  readonly statements: readonly (readonly StarlarkToken[])[];
  readonly problems: readonly Problem[];
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Never throws. A bracket that is never closed, or closed by another, ends the reading with a problem. */
export function tokenizeStarlark(text: string, path: string): StarlarkTokens {
  const lines = new LineIndex(text);
  const problems: Problem[] = [];
  const statements: StarlarkToken[][] = [];
  const open: StarlarkToken[] = [];
  let statement: StarlarkToken[] = [];
  let at = 0;
  const fail = (message: string, line: number): StarlarkTokens => {
    problems.push(syntaxProblem(path, `not valid Starlark: ${message}`, line));
    return { statements, problems };
  };
  while (at < text.length) {
    const character = text.charAt(at);
    const line = lines.lineAt(at);
    if (character === '\n' && open.length === 0) {
      if (statement.length > 0) statements.push(statement);
      statement = [];
      at += 1;
      // An indented line belongs to the block of a `def`, `if` or `for`.
      while (at < text.length && /[ \t]/.test(text.charAt(at)) && !isBlank(text, at)) at = endOfLogicalLine(text, at);
      continue;
    }
    if (/\s/.test(character) || character === '\\') {
      at += 1;
      continue;
    }
    if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
      continue;
    }
    const string = readString(text, at);
    if (string !== undefined) {
      if (string.end === -1) return fail('a string without an end', line);
      statement.push({ kind: 'string', text: string.text, line });
      at = string.end;
      continue;
    }
    const word = /^[A-Za-z_][A-Za-z0-9_]{0,200}/.exec(text.slice(at, at + 202))?.[0];
    const operator = /^(?:[0-9][0-9a-fA-FxXoO_.]{0,60}|\*\*|\/\/|[=!<>+\-*/%|&^]=|->|.)/s.exec(
      text.slice(at, at + 64),
    )?.[0];
    const token: StarlarkToken = {
      kind: word === undefined ? 'operator' : 'name',
      text: word ?? operator ?? character,
      line,
    };
    if (closing[token.text] !== undefined) open.push(token);
    else if (/^[)\]}]$/.test(token.text) && closing[open.pop()?.text ?? ''] !== token.text) {
      return fail(`${token.text} closes nothing`, line);
    }
    statement.push(token);
    at += token.text.length;
  }
  const last = open.at(-1);
  if (last !== undefined) return fail(`${last.text} is never closed`, last.line);
  if (statement.length > 0) statements.push(statement);
  return { statements, problems };
}

function isBlank(text: string, from: number): boolean {
  let at = from;
  while (text.charAt(at) === ' ' || text.charAt(at) === '\t' || text.charAt(at) === '\r') at += 1;
  return at >= text.length || text.charAt(at) === '\n' || text.charAt(at) === '#';
}

/** Offset after the line feed that ends an indented line, with the brackets and strings that it opens. */
function endOfLogicalLine(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    const string = readString(text, at);
    if (string !== undefined) {
      if (string.end === -1) return text.length;
      at = string.end;
      continue;
    }
    if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
      continue;
    }
    if (closing[character] !== undefined) depth += 1;
    else if (/[)\]}]/.test(character)) depth -= 1;
    at += 1;
    if (character === '\n' && depth <= 0) return at;
  }
  return at;
}

/** A string literal at `at`; `end` is -1 when it is not closed; undefined when none begins here. */
function readString(text: string, at: number): { readonly text: string; readonly end: number } | undefined {
  const opening = /^(?:[rR]?[bB]?)("""|'''|"|')/.exec(text.slice(at, at + 5));
  const quote = opening?.[1];
  if (opening === null || quote === undefined) return undefined;
  const isRaw = /^[rR]/.test(opening[0]);
  let value = '';
  for (let index = at + opening[0].length; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (text.startsWith(quote, index)) return { text: value, end: index + quote.length };
    if (character === '\n' && quote.length === 1) break;
    if (character === '\\' && !isRaw) {
      index += 1;
      value += escapes[text.charAt(index)] ?? text.charAt(index);
    } else value += character;
  }
  return { text: value, end: -1 };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };
