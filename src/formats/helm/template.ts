// SPDX-License-Identifier: Apache-2.0
// Templates of Helm charts, rendered as far as they can be known, line by line: every line of the result stands where it stands in the template, so
// that a finding names the right place. Blocks of YAML become flow style on one line. Loops are done once; definitions are left out.

import { asObject } from '../document.ts';
import type { Scope } from './expression.ts';
import { blockOf, evaluate, isTrue, textOf, unknown, YamlBlock } from './expression.ts';

export interface RenderedTemplate {
  readonly text: string;
  /** Actions that put something into the text, and those of them that could not be known. */
  readonly actions: number;
  readonly unresolved: number;
}

export interface RenderOptions {
  /** `leave-out` when the result with blocks is no YAML, as where a block is followed by members of its own level. */
  readonly blocks: 'inline' | 'leave-out';
  /** `free` for named templates, whose text goes into others: blanks around actions are trimmed as the template asks. `kept` by default. */
  readonly lines?: 'kept' | 'free';
}

/** Stands for what is not known; a valid name, so that the rest of the object can be read. */
export const placeholder = 'unresolved';

const mostActions = 20_000;
/** Characters that actions may put into one template. */
const mostOutput = 2_000_000;

interface Frame {
  readonly kind: 'if' | 'with' | 'range' | 'define';
  /** Whether text inside counts. */
  active: boolean;
  /** A branch was taken already. */
  taken: boolean;
  readonly outer: Scope;
}

/** Never throws: what is not understood is left out. Linear in the length of the template. */
export function renderTemplate(template: string, scope: Scope, options: RenderOptions): RenderedTemplate {
  const rendering = new Rendering(scope, options);
  const isFree = options.lines === 'free';
  let at = 0;
  let trimsNext = false;
  const emit = (text: string, trimsEnd: boolean): void => {
    const start = trimsNext ? text.trimStart() : text;
    rendering.text(trimsEnd ? start.trimEnd() : start);
  };
  for (let actions = 0; actions < mostActions; actions += 1) {
    const open = template.indexOf('{{', at);
    const close = open === -1 ? -1 : endOfAction(template, open + 2);
    if (close === -1) break;
    const inner = template.slice(open + 2, close);
    emit(template.slice(at, open), isFree && inner.startsWith('-'));
    trimsNext = isFree && inner.endsWith('-');
    const column = isAloneAfter(template, close + 2) ? columnOf(template, open) : -1;
    rendering.action(inner.replace(/^-|-$/g, '').trim(), column);
    if (!isFree) rendering.lines(inner);
    at = close + 2;
  }
  emit(template.slice(at), false);
  return rendering.result();
}

/** Named templates: the text between `define` and its `end`. */
export function definitionsOf(template: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let depth = 0;
  let open: { readonly name: string; readonly from: number; readonly depth: number } | undefined;
  let at = 0;
  for (let actions = 0; actions < mostActions; actions += 1) {
    const start = template.indexOf('{{', at);
    const close = start === -1 ? -1 : endOfAction(template, start + 2);
    if (close === -1) break;
    const content = template
      .slice(start + 2, close)
      .replace(/^-|-$/g, '')
      .trim();
    const [word = ''] = content.split(/\s/, 1);
    at = close + 2;
    if (word === 'end') {
      depth -= 1;
      if (open !== undefined && depth === open.depth) {
        const body = template.slice(open.from, start);
        const after = template.startsWith('{{-', start);
        found.set(open.name, after ? body.trimEnd() : body);
        open = undefined;
      }
    } else if (openers.has(word)) {
      const name = /^(?:define|block)\s{1,20}"([^"]{1,200})"/.exec(content)?.[1];
      if (name !== undefined && open === undefined) open = { name, from: at, depth };
      depth += 1;
    }
  }
  return found;
}

const openers = new Set(['if', 'with', 'range', 'define', 'block']);

/** Longest run of blanks around an action that has a line of its own. */
const longestBlank = 300;

/** Blanks between the beginning of the line and an action; -1 when something else stands there. */
function columnOf(template: string, open: number): number {
  const before = template.slice(Math.max(0, open - longestBlank), open);
  const blanks = before.slice(before.lastIndexOf('\n') + 1);
  const isLine = blanks.length < before.length || open < longestBlank;
  return isLine && blanks.trim() === '' ? blanks.length : -1;
}

function isAloneAfter(template: string, from: number): boolean {
  const after = template.slice(from, from + longestBlank);
  const end = after.indexOf('\n');
  return after.slice(0, end === -1 ? after.length : end).trim() === '' && (end !== -1 || after.length < longestBlank);
}

/** Index of the `}}` that ends an action; quotes and comments may hold some. */
function endOfAction(template: string, from: number): number {
  if (/^-?\s{0,20}\/\*/.test(template.slice(from, from + 24))) {
    const end = template.indexOf('*/', from);
    return end === -1 ? -1 : template.indexOf('}}', end);
  }
  let quote = '';
  for (let at = from; at < template.length - 1; at += 1) {
    const character = template.charAt(at);
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === '`') quote = character;
    else if (character === '}' && template.charAt(at + 1) === '}') return at;
  }
  return -1;
}

class Rendering {
  readonly #parts: string[] = [];
  readonly #frames: Frame[] = [];
  readonly #options: RenderOptions;
  #scope: Scope;
  #actions = 0;
  #unresolved = 0;
  #written = 0;

  constructor(scope: Scope, options: RenderOptions) {
    this.#scope = scope;
    this.#options = options;
  }

  result(): RenderedTemplate {
    return { text: this.#parts.join(''), actions: this.#actions, unresolved: this.#unresolved };
  }

  get #isActive(): boolean {
    return this.#frames.every(({ active }) => active);
  }

  text(text: string): void {
    if (this.#isActive) this.#parts.push(text);
    else this.lines(text);
  }

  /** Only the line ends of a text. */
  lines(text: string): void {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#parts.push('\n');
  }

  /** `column` is that of an action with a line of its own, else -1. */
  action(content: string, column: number): void {
    const [word = ''] = content.split(/\s/, 1);
    const rest = content.slice(word.length).trim();
    switch (word) {
      case '':
      case '/*':
        return;
      case 'if':
      case 'with':
      case 'range':
        return this.#open(word, rest);
      case 'define':
      case 'block':
        this.#frames.push({ kind: 'define', active: false, taken: true, outer: this.#scope });
        return;
      case 'else':
        return this.#otherwise(rest);
      case 'end':
        return this.#close();
      case 'break':
      case 'continue':
        return;
      default:
        if (!content.startsWith('/*') && this.#isActive) this.#output(content, column);
    }
  }

  #open(kind: 'if' | 'with' | 'range', expression: string): void {
    const outer = this.#scope;
    const { names, value } = this.#assigned(expression);
    const active = isTrue(value);
    this.#frames.push({ kind, active, taken: active, outer });
    const variables = new Map(outer.variables);
    if (kind === 'range') {
      const [key, item] = firstOf(value);
      const [keyName, itemName] = names.length > 1 ? names : [undefined, names[0]];
      if (keyName !== undefined) variables.set(keyName, key);
      if (itemName !== undefined) variables.set(itemName, item);
      this.#scope = { ...outer, dot: item, variables };
      return;
    }
    const [name] = names;
    if (name !== undefined) variables.set(name, value);
    this.#scope = kind === 'with' ? { ...outer, dot: value, variables } : { ...outer, variables };
  }

  #otherwise(rest: string): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined || frame.kind === 'define') return;
    this.#scope = frame.outer;
    if (frame.taken) {
      frame.active = false;
      return;
    }
    const condition = /^(?:if|with)\s(.{0,5000})$/s.exec(rest)?.[1];
    frame.active = condition === undefined || isTrue(evaluate(condition, this.#scope));
    frame.taken = frame.active;
  }

  #close(): void {
    const frame = this.#frames.pop();
    // Variables that were assigned inside stay as they were outside: `=` to an outer one is not followed.
    if (frame !== undefined) this.#scope = frame.outer;
  }

  #assigned(expression: string): { readonly names: readonly string[]; readonly value: unknown } {
    const match = /^(\$\w{0,100}(?:\s{0,20},\s{0,20}\$\w{0,100})?)\s{0,20}:?=\s{0,20}(.{0,5000})$/s.exec(expression);
    if (match === null) return { names: [], value: evaluate(expression, this.#scope) };
    const names = (match[1] ?? '').split(',').map((name) => name.trim());
    return { names, value: evaluate(match[2] ?? '', this.#scope) };
  }

  #output(content: string, column: number): void {
    const { names, value } = this.#assigned(content);
    const [name] = names;
    if (name !== undefined) {
      this.#scope = { ...this.#scope, variables: new Map(this.#scope.variables).set(name, value) };
      return;
    }
    this.#actions += 1;
    if (value === unknown) {
      this.#unresolved += 1;
      // With a line of its own it is a block of members; one without them says nothing wrong.
      if (column === -1) this.#parts.push(placeholder);
      return;
    }
    if (this.#written > mostOutput) {
      this.#unresolved += 1;
      if (column === -1) this.#parts.push(placeholder);
      return;
    }
    const isFree = this.#options.lines === 'free';
    const block = typeof value === 'string' && !isFree ? blockOf(value, 0, this.#parse(value)) : value;
    if (!(block instanceof YamlBlock)) {
      this.#put(isFree ? textOf(block) : oneLine(textOf(block)));
      return;
    }
    this.#putBlock(block, column);
  }

  /** Only text of several lines can be a block. */
  #parse(text: string): Scope['parse'] {
    return text.includes('\n') ? this.#scope.parse : undefined;
  }

  #putBlock(value: YamlBlock, column: number): void {
    if (column !== -1 && this.#options.blocks === 'leave-out') {
      this.#unresolved += 1;
      return;
    }
    const isMapping = asObject(value.value) !== undefined;
    const isBlock = isMapping || Array.isArray(value.value);
    if (!isTrue(value.value) && column !== -1 && !isBlock) return;
    const shift = column === -1 ? (isBlock && value.indent > 0 ? 1 : 0) : Math.max(0, value.indent - column);
    // A merge key puts a mapping among members of its own level, which flow style alone could not.
    const merge = isMapping && column !== -1 ? '<<: ' : '';
    this.#put(' '.repeat(shift) + merge + JSON.stringify(value.value ?? null));
  }

  #put(text: string): void {
    this.#written += text.length;
    this.#parts.push(text);
  }
}

/** Line ends would move what comes after. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

function firstOf(value: unknown): readonly [unknown, unknown] {
  if (Array.isArray(value)) return [0, value[0]];
  const object = asObject(value);
  const [entry] = object === undefined ? [] : Object.entries(object);
  return entry ?? [unknown, unknown];
}
