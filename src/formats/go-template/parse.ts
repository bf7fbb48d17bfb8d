// SPDX-License-Identifier: Apache-2.0
// Templates of Go's text/template: actions, pipelines, variables, if, range, with, named templates. Text in, nodes out.
import { parsePipeline, unquoteGo } from './parse-pipeline.ts';
import type { Pipeline } from './pipeline.ts';
import { TemplateFault } from './pipeline.ts';

export type TemplateNode =
  /** `line`: where it begins in the template, from 1 on, after blanks that were trimmed. */
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'print'; readonly pipeline: Pipeline; readonly place: ActionPlace }
  /** `{{template "name" pipeline}}`. */
  | {
      readonly kind: 'template';
      readonly name: string;
      readonly pipeline: Pipeline | undefined;
      readonly place: ActionPlace;
    }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | Branch;

export interface ActionPlace {
  readonly line: number;
  /** Whether nothing but blanks stands beside it in its lines. */
  readonly isAlone: boolean;
}

export interface Branch {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipeline: Pipeline;
  readonly place: ActionPlace;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

export type ParsedTemplate =
  | {
      readonly kind: 'template';
      readonly nodes: readonly TemplateNode[];
      /** What stands in `define` and `block`, by name. */
      readonly definitions: ReadonlyMap<string, readonly TemplateNode[]>;
    }
  | { readonly kind: 'fault'; readonly message: string };

const longest = 1_000_000;
const deepest = 100;

/** Never throws. */
export function parseGoTemplate(text: string): ParsedTemplate {
  try {
    if (text.length > longest) throw new TemplateFault('the template is too long');
    const parser = new Parser(cut(text));
    const { nodes, stopped } = parser.nodes(0);
    if (stopped !== undefined) throw new TemplateFault(`unexpected {{${stopped.text}}}`);
    return { kind: 'template', nodes, definitions: parser.definitions };
  } catch (error) {
    if (error instanceof TemplateFault) return { kind: 'fault', message: error.message };
    throw error;
  }
}

type Piece = { readonly kind: 'text'; readonly text: string; readonly line: number } | ActionPiece;

interface ActionPiece {
  readonly kind: 'action';
  readonly text: string;
  readonly place: ActionPlace;
}

/** Cuts at `{{` and `}}`; `{{- ` and ` -}}` take the blanks around with them; comments vanish. */
function cut(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let line = 1;
  let trimNext = false;
  while (at <= text.length) {
    const open = text.indexOf('{{', at);
    const trimLeft = open !== -1 && /^\{\{-[ \t\r\n]/.test(text.slice(open, open + 4));
    const whole = text.slice(at, open === -1 ? text.length : open);
    const start = trimNext ? (/^[ \t\r\n]*/.exec(whole)?.[0].length ?? 0) : 0;
    const plain = trimLeft ? withoutEnd(whole.slice(start)) : whole.slice(start);
    if (plain !== '') pieces.push({ kind: 'text', text: plain, line: line + lineEnds(whole.slice(0, start)) });
    if (open === -1) return pieces;
    line += lineEnds(whole);
    const close = endOfAction(text, open + 2);
    let inside = text.slice(open + (trimLeft ? 3 : 2), close);
    trimNext = /[ \t\r\n]-$/.test(inside);
    if (trimNext) inside = inside.slice(0, -1);
    const place = { line, isAlone: isBlankBefore(text, open) && isBlankAfter(text, close + 2) };
    if (!/^\s*\/\*[\s\S]*\*\/\s*$/.test(inside)) pieces.push({ kind: 'action', text: inside.trim(), place });
    line += lineEnds(text.slice(open, close));
    at = close + 2;
  }
  return pieces;
}

function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Longest run of blanks beside an action that has a line of its own. */
const longestBlank = 300;

function isBlankBefore(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - longestBlank), at);
  const blanks = before.slice(before.lastIndexOf('\n') + 1);
  return blanks.trim() === '' && (blanks.length < before.length || at < longestBlank);
}

function isBlankAfter(text: string, at: number): boolean {
  const after = text.slice(at, at + longestBlank);
  const end = after.indexOf('\n');
  return after.slice(0, end === -1 ? after.length : end).trim() === '' && (end !== -1 || after.length < longestBlank);
}

function endOfAction(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\' && quote !== '`') at += 1;
      else if (character === quote) quote = '';
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end === -1) break;
      at = end + 1;
    } else if (character === '"' || character === '`' || character === "'") quote = character;
    else if (text.startsWith('}}', at)) return at;
  }
  throw new TemplateFault('an action is not closed');
}

/** Words that begin an action; a function of such a name could not be called. */
const keywords = new Set(['if', 'range', 'with', 'define', 'block', 'template', 'break', 'continue', 'end', 'else']);

class Parser {
  readonly definitions = new Map<string, readonly TemplateNode[]>();
  readonly #pieces: readonly Piece[];
  #at = 0;
  /** Loops around the place that is read, in this template. */
  #loops = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Nodes up to `end` or `else`, which is given back. */
  nodes(depth: number): { readonly nodes: readonly TemplateNode[]; readonly stopped: ActionPiece | undefined } {
    if (depth > deepest) throw new TemplateFault('the template is nested too deep');
    const nodes: TemplateNode[] = [];
    while (this.#at < this.#pieces.length) {
      const piece = this.#pieces[this.#at];
      this.#at += 1;
      if (piece === undefined) break;
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      const found = /^[a-z]+(?![\w.])/.exec(piece.text)?.[0] ?? '';
      const word = keywords.has(found) ? found : '';
      if (word === 'end' || word === 'else') return { nodes, stopped: piece };
      const node = this.#action(word, piece, depth);
      if (node !== undefined) nodes.push(node);
    }
    return { nodes, stopped: undefined };
  }

  #action(word: string, { text, place }: ActionPiece, depth: number): TemplateNode | undefined {
    const rest = text.slice(word.length);
    switch (word) {
      case 'if':
      case 'range':
      case 'with':
        return this.#branch(word, { rest, place }, depth);
      case 'break':
      case 'continue':
        if (this.#loops === 0) throw new TemplateFault(`{{${word}}} outside {{range}}`);
        return { kind: word };
      case 'define':
        this.#define(named(rest, word).name, depth);
        return undefined;
      case 'block': {
        const { name, argument } = named(rest, word);
        if (argument === '') throw new TemplateFault(`{{block}} has no value`);
        this.#define(name, depth);
        return { kind: 'template', name, pipeline: parsePipeline(argument), place };
      }
      case 'template': {
        const { name, argument } = named(rest, word);
        return { kind: 'template', name, pipeline: argument === '' ? undefined : parsePipeline(argument), place };
      }
      default:
        return { kind: 'print', pipeline: parsePipeline(text), place };
    }
  }

  #define(name: string, depth: number): void {
    const loops = this.#loops;
    this.#loops = 0;
    const { nodes, stopped } = this.nodes(depth + 1);
    this.#loops = loops;
    if (stopped?.text !== 'end') throw new TemplateFault(`the template ${name} has no {{end}}`);
    // An empty one replaces none that says something (text/template, AddParseTree).
    if (nodes.some((node) => node.kind !== 'text' || node.text.trim() !== '') || !this.definitions.has(name))
      this.definitions.set(name, nodes);
  }

  #branch(
    kind: Branch['kind'],
    { rest, place }: { readonly rest: string; readonly place: ActionPlace },
    depth: number,
  ): Branch {
    const pipeline = parsePipeline(rest);
    this.#loops += kind === 'range' ? 1 : 0;
    const body = this.nodes(depth + 1);
    this.#loops -= kind === 'range' ? 1 : 0;
    if (body.stopped === undefined) throw new TemplateFault(`{{${kind}}} has no {{end}}`);
    if (!body.stopped.text.startsWith('else')) return { kind, pipeline, place, body: body.nodes, otherwise: [] };
    const chained = /^else\s+(if|with)\b([\s\S]*)$/.exec(body.stopped.text);
    if (chained !== null) {
      const next = { rest: chained[2] ?? '', place: body.stopped.place };
      const other = this.#branch(chained[1] === 'with' ? 'with' : 'if', next, depth + 1);
      return { kind, pipeline, place, body: body.nodes, otherwise: [other] };
    }
    const otherwise = this.nodes(depth + 1);
    if (otherwise.stopped?.text !== 'end') throw new TemplateFault(`{{${kind}}} has no {{end}}`);
    return { kind, pipeline, place, body: body.nodes, otherwise: otherwise.nodes };
  }
}

/** The name in quotes after `define`, `block` and `template`, and what follows it. */
function named(text: string, word: string): { readonly name: string; readonly argument: string } {
  const match = /^\s*("(?:[^"\\\n]|\\.)*"|`[^`]*`)([\s\S]*)$/.exec(text);
  if (match === null) throw new TemplateFault(`{{${word}}} has no name`);
  const [, quoted = '', argument = ''] = match;
  return { name: unquoteGo(quoted), argument: argument.trim() };
}
