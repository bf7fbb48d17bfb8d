// SPDX-License-Identifier: Apache-2.0
// Templates of Helm charts, rendered as far as they can be known, line by line: every line of the result stands where it stands in the template, so
// that a finding names the right place. Blocks of YAML become flow style on one line. What loops
// repeat says where it came from; definitions are left out.

import { asObject } from '../document.ts';
import type { Scope } from './expression.ts';
import { blockOf, evaluate, isTrue, textOf, unknown, YamlBlock } from './expression.ts';

export interface RenderedTemplate {
  readonly text: string;
  /** Actions that put something into the text, and those of them that could not be known. */
  readonly actions: number;
  readonly unresolved: number;
  /** Lines of the template by lines of the text, both from 1 on (the first entry means nothing); undefined where they are the same. */
  readonly lines?: readonly number[];
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
/** Items that a loop goes through; of what is not known nobody says how many there are, and it is gone through once. */
const mostItems = 200;
/** Characters that actions may put into one template. */
const mostOutput = 2_000_000;

interface Frame {
  readonly kind: 'if' | 'with' | 'range' | 'define';
  /** Whether text inside counts. */
  active: boolean;
  /** A branch was taken already. */
  taken: boolean;
  readonly outer: Scope;
  readonly loop?: Loop;
}

interface Loop {
  /** Where its body begins. */
  readonly from: number;
  readonly names: readonly string[];
  readonly items: readonly (readonly [key: unknown, value: unknown])[];
  /** Of the items: the one after that which counts now. */
  next: number;
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
  const lineEnds = isFree ? [] : lineEndsOf(template);
  for (let actions = 0; actions < mostActions; actions += 1) {
    const open = template.indexOf('{{', at);
    const close = open === -1 ? -1 : endOfAction(template, open + 2);
    if (close === -1) break;
    const inner = template.slice(open + 2, close);
    emit(template.slice(at, open), isFree && inner.startsWith('-'));
    trimsNext = isFree && inner.endsWith('-');
    const column = isAloneAfter(template, close + 2) ? columnOf(template, open) : -1;
    const again = rendering.action(inner.replace(/^-|-$/g, '').trim(), { column, after: close + 2 });
    if (again === undefined) {
      if (!isFree) rendering.lines(inner);
      at = close + 2;
    } else {
      at = again;
      trimsNext = isFree && template.charAt(again - 3) === '-';
      rendering.goesOnAt(lineAt(lineEnds, again));
    }
  }
  emit(template.slice(at), false);
  return rendering.result();
}

function lineEndsOf(text: string): readonly number[] {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at);
  return ends;
}

/** The line, from 1 on, of a place in the text. */
function lineAt(ends: readonly number[], at: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low + 1;
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
  /** The line of the template that is written now, and those of all lines of the text. */
  #line = 1;
  readonly #lines: number[] = [0, 1];
  #isRepeated = false;

  constructor(scope: Scope, options: RenderOptions) {
    this.#scope = scope;
    this.#options = options;
  }

  result(): RenderedTemplate {
    const rendered = { text: this.#parts.join(''), actions: this.#actions, unresolved: this.#unresolved };
    return this.#isRepeated ? { ...rendered, lines: this.#lines } : rendered;
  }

  get #isActive(): boolean {
    return this.#frames.every(({ active }) => active);
  }

  text(text: string): void {
    if (!this.#isActive) return this.lines(text);
    this.#parts.push(text);
    this.#written += this.#isRepeated ? text.length : 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#nextLine();
  }

  /** What comes next stands in this line of the template: a loop begins again. */
  goesOnAt(line: number): void {
    this.#line = line;
    this.#isRepeated = true;
  }

  #nextLine(): void {
    this.#line += 1;
    this.#lines.push(this.#line);
  }

  /** Only the line ends of a text. */
  lines(text: string): void {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.#parts.push('\n');
      this.#nextLine();
    }
  }

  /** `column` is that of an action with a line of its own, else -1. Gives the place where the text goes on when it is not behind the action. */
  action(content: string, { column, after }: { readonly column: number; readonly after: number }): number | undefined {
    const [word = ''] = content.split(/\s/, 1);
    const rest = content.slice(word.length).trim();
    switch (word) {
      case '':
      case '/*':
        return undefined;
      case 'if':
      case 'with':
      case 'range':
        this.#open(word, rest, after);
        return undefined;
      case 'define':
      case 'block':
        this.#frames.push({ kind: 'define', active: false, taken: true, outer: this.#scope });
        return undefined;
      case 'else':
        this.#otherwise(rest);
        return undefined;
      case 'end':
        return this.#close();
      case 'break':
      case 'continue':
        if (this.#isActive) this.#leave(word);
        return undefined;
      default:
        if (!content.startsWith('/*') && this.#isActive) this.#output(content, column);
        return undefined;
    }
  }

  #open(kind: 'if' | 'with' | 'range', expression: string, after: number): void {
    const outer = this.#scope;
    const { names, value } = this.#assigned(expression);
    const active = isTrue(value);
    if (kind === 'range') {
      // What is left out anyway is gone through once.
      const items = active && this.#isActive ? itemsOf(value) : [nothing];
      const loop = { from: after, names, items, next: 1 };
      this.#frames.push({ kind, active, taken: active, outer, loop });
      this.#enter(loop, outer);
      return;
    }
    this.#frames.push({ kind, active, taken: active, outer });
    const variables = new Map(outer.variables);
    const [name] = names;
    if (name !== undefined) variables.set(name, value);
    this.#scope = kind === 'with' ? { ...outer, dot: value, variables } : { ...outer, variables };
  }

  #enter({ names, items, next }: Loop, outer: Scope): void {
    const [key, item] = items[next - 1] ?? nothing;
    const variables = new Map(outer.variables);
    const [keyName, itemName] = names.length > 1 ? names : [undefined, names[0]];
    if (keyName !== undefined) variables.set(keyName, key);
    if (itemName !== undefined) variables.set(itemName, item);
    this.#scope = { ...outer, dot: item, variables };
  }

  /** The rest of the innermost loop's body does not count for this item, or for any. */
  #leave(word: 'break' | 'continue'): void {
    const frame = this.#frames.findLast(({ kind }) => kind === 'range');
    if (frame?.loop === undefined) return;
    // Whether an unknown condition leads here nobody knows: what follows stays, as it does without loops.
    if (frame.loop.items.length === 1) return;
    frame.active = false;
    if (word === 'break') frame.loop.next = frame.loop.items.length;
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

  #close(): number | undefined {
    const frame = this.#frames.pop();
    const loop = frame?.loop;
    if (frame !== undefined && loop !== undefined && loop.next < loop.items.length && this.#written <= mostOutput) {
      loop.next += 1;
      frame.active = true;
      this.#frames.push(frame);
      this.#enter(loop, frame.outer);
      return loop.from;
    }
    // Variables that were assigned inside stay as they were outside: `=` to an outer one is not followed.
    if (frame !== undefined) this.#scope = frame.outer;
    return undefined;
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

const nothing = [unknown, unknown] as const;

/** Of a list in its order, of a mapping in the order of its keys (text/template); what is neither, or is not known, has one that is not known. */
function itemsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item: unknown, index) => [index, item]);
  const object = asObject(value);
  const entries = object === undefined ? [] : Object.entries(object);
  if (entries.length === 0) return [nothing];
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).slice(0, mostItems);
}
