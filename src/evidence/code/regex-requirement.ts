// SPDX-License-Identifier: Apache-2.0
// Words that a text must contain for a regular expression (Rust's syntax, as ast-grep takes it) to match somewhere in it. What is not understood
// requires nothing.
import type { Requirement } from './literal-prefilter.ts';

/** Shorter runs are in nearly every file, unless they hold other characters than ASCII. */
const shortest = 3;

/** The requirement of an expression. */
export function requirementOfRegex(expression: string): Requirement {
  // Letters without case would have to be looked for in every form.
  if (/\(\?[a-z]{0,5}[ix]/.test(expression)) return true;
  const reader = { text: expression, at: 0, depth: 0 };
  const requirement = alternatives(reader);
  return reader.at === expression.length ? (requirement ?? true) : true;
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

const deepest = 50;

/** `a|b|c` up to the end or a closing bracket. Undefined: not understood. */
function alternatives(reader: Reader): Requirement | undefined {
  const parts: (Requirement | undefined)[] = [sequence(reader)];
  while (reader.text[reader.at] === '|') {
    reader.at += 1;
    parts.push(sequence(reader));
  }
  if (parts.includes(undefined)) return undefined;
  const known = parts.filter((part) => part !== undefined);
  if (known.includes(true)) return true;
  return known.length === 1 ? known[0] : { any: known };
}

/** Parts one after the other. The longest run of literal characters and every group count. */
function sequence(reader: Reader): Requirement | undefined {
  const needed: Requirement[] = [];
  let run = '';
  const flush = (): void => {
    if (run.length >= shortest || /[^ -~]/.test(run)) needed.push({ literal: run });
    run = '';
  };
  while (reader.at < reader.text.length) {
    const character = reader.text[reader.at] ?? '';
    if (character === '|' || character === ')') break;
    if (character === '(') {
      flush();
      const group = groupAt(reader);
      if (group === undefined) return undefined;
      if (quantifierAt(reader) !== 'optional' && group !== true) needed.push(group);
      continue;
    }
    const literal = literalAt(reader);
    if (literal === undefined) return undefined;
    const times = quantifierAt(reader);
    if (literal === 'zero-width') continue;
    if (literal === 'other' || times === 'optional') flush();
    else run += literal.character;
    if (times !== 'once') flush();
  }
  flush();
  return needed.length === 0 ? true : needed.length === 1 ? needed[0] : { all: needed };
}

function groupAt(reader: Reader): Requirement | undefined {
  reader.depth += 1;
  if (reader.depth > deepest) return undefined;
  const head = /^\((?:\?:|\?P?<\w{1,50}>)?(?!\?)/.exec(reader.text.slice(reader.at, reader.at + 60));
  if (head === null) return undefined;
  reader.at += head[0].length;
  const inner = alternatives(reader);
  if (reader.text[reader.at] !== ')') return undefined;
  reader.at += 1;
  reader.depth -= 1;
  return inner;
}

type Element = { readonly character: string } | 'zero-width' | 'other';

/** One character or class. Undefined: not understood. */
function literalAt(reader: Reader): Element | undefined {
  const character = reader.text[reader.at] ?? '';
  if (character === '[') return classAt(reader);
  reader.at += 1;
  if (character === '^' || character === '$') return 'zero-width';
  if (character === '.') return 'other';
  if (character !== '\\') return /[*+?{]/.test(character) ? undefined : { character };
  const escaped = reader.text[reader.at] ?? '';
  reader.at += 1;
  if (escaped === 'b' || escaped === 'B' || escaped === 'A' || escaped === 'z') return 'zero-width';
  if (/[dDsSwWntrfv]/.test(escaped)) return 'other';
  const code = escaped === 'x' ? /^\{([0-9A-Fa-f]{1,6})\}/.exec(reader.text.slice(reader.at, reader.at + 10)) : null;
  if (code !== null) {
    reader.at += code[0].length;
    const point = Number.parseInt(code[1] ?? '', 16);
    return point > 0x10ffff ? undefined : { character: String.fromCodePoint(point) };
  }
  return /[^A-Za-z0-9]/.test(escaped) ? { character: escaped } : undefined;
}

function classAt(reader: Reader): Element | undefined {
  let at = reader.at + 1;
  if (reader.text[at] === '^') at += 1;
  if (reader.text[at] === ']') at += 1;
  while (at < reader.text.length && reader.text[at] !== ']') {
    if (reader.text[at] === '[') return undefined;
    at += reader.text[at] === '\\' ? 2 : 1;
  }
  if (at >= reader.text.length) return undefined;
  reader.at = at + 1;
  return 'other';
}

/** Reads a quantifier behind an element. */
function quantifierAt(reader: Reader): 'once' | 'repeated' | 'optional' {
  const found = /^(?:[*+?]|\{(\d{1,5})(?:,\d{0,5})?\})\??/.exec(reader.text.slice(reader.at, reader.at + 20));
  if (found === null) return 'once';
  reader.at += found[0].length;
  if (found[0].startsWith('+')) return 'repeated';
  return Number(found[1] ?? 0) > 0 ? 'repeated' : 'optional';
}
