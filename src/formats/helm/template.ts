// SPDX-License-Identifier: Apache-2.0
// Templates of one chart, rendered as Helm renders them, and for every line of the result the line of the template that it comes from, so that a finding names
// the right place. What cannot be known without a cluster is left out or stands as a placeholder, and is counted.
import type { ActionPlace, Branch, TemplateNode } from '../go-template/parse.ts';
import { parseGoTemplate } from '../go-template/parse.ts';
import type { Pipeline } from '../go-template/pipeline.ts';
import type { Scope } from './expression.ts';
import { evaluate } from './expression.ts';
import type { FunctionPlace } from './functions/arguments.ts';
import {
  actionText,
  HelmObject,
  isDictionary,
  isTrue,
  longestText,
  placeholder,
  sortedEntries,
  TooLarge,
  unknown,
} from './value.ts';

export interface RenderedTemplate {
  readonly text: string;
  /** Actions that put something into the text, and those of them that could not be known. */
  readonly actions: number;
  readonly unresolved: number;
  /** Lines of the template by lines of the text, both from 1 on (the first entry means nothing). */
  readonly lines: readonly number[];
  /** `syntax`: the template itself cannot be read. `limit`: it is more work than is done, and something is missing. */
  readonly fault?: 'syntax' | 'limit';
}

/** Named templates by name: what is defined, and whole files. */
export type Definitions = ReadonlyMap<string, readonly TemplateNode[]>;

/** Work that the templates of one chart may make: nodes and commands, and characters that they write. */
const mostSteps = 2_000_000;
const mostWritten = 20_000_000;
/** How deep named templates may call each other. */
const deepestInclude = 60;

/** Renders templates that share named templates, variables of nobody, and limits. */
export class ChartRendering {
  /** Sentences by which Helm would refuse to render; each once. */
  readonly refusals = new Set<string>();
  #steps = 0;
  #written = 0;
  #depth = 0;
  /** Something of the template that is rendered now was left out. */
  #isCut = false;

  /** Never throws. */
  render(nodes: readonly TemplateNode[], dot: unknown, definitions: Definitions): RenderedTemplate {
    const output = new Output();
    const variables = new Map([['$', { value: dot }]]);
    if (this.#depth === 0) this.#isCut = false;
    try {
      new Execution(output, this.#placeOf(definitions)).run(nodes, { dot, variables, isSure: true });
    } catch (error) {
      if (!(error instanceof TooLarge) && !(error instanceof RangeError)) throw error;
      output.unresolved += 1;
      output.actions += 1;
      this.#isCut = true;
    }
    return this.#isCut ? { ...output.result(), fault: 'limit' } : output.result();
  }

  #placeOf(definitions: Definitions): ExecutionPlace {
    return {
      step: (cost = 1) => {
        this.#steps += cost;
        if (this.#steps > mostSteps) throw new TooLarge();
      },
      written: (length) => {
        this.#written += length;
        if (this.#written > mostWritten) throw new TooLarge();
      },
      refuse: (message) => {
        if (this.refusals.size < 20) this.refusals.add(message.slice(0, 500));
      },
      include: (name, dot) => {
        const body = definitions.get(name);
        if (body !== undefined) return this.#inner(body, dot, definitions);
        this.#placeOf(definitions).refuse(`no template "${name}" associated with template "gotpl"`);
        return unknown;
      },
      render: (text, dot) => {
        const parsed = parseGoTemplate(text);
        if (parsed.kind === 'fault') {
          this.#placeOf(definitions).refuse(`cannot parse template: ${parsed.message}`);
          return unknown;
        }
        return this.#inner(parsed.nodes, dot, withDefinitions(definitions, parsed.definitions));
      },
    };
  }

  #inner(nodes: readonly TemplateNode[], dot: unknown, definitions: Definitions): unknown {
    if (this.#depth >= deepestInclude) return unknown;
    this.#depth += 1;
    try {
      const { text, unresolved } = this.render(nodes, dot, definitions);
      // A name with an unknown part is an unknown name; a block with one is mostly known.
      return unresolved > 0 && !text.trim().includes('\n') ? unknown : text;
    } finally {
      this.#depth -= 1;
    }
  }
}

/** Later ones replace earlier ones, unless they are empty. */
export function addDefinitions(known: Map<string, readonly TemplateNode[]>, added: Definitions): void {
  for (const [name, nodes] of added) if (nodes.some(saysSomething) || !known.has(name)) known.set(name, nodes);
}

function withDefinitions(known: Definitions, added: Definitions): Definitions {
  if (added.size === 0) return known;
  const all = new Map(known);
  addDefinitions(all, added);
  return all;
}

function saysSomething(node: TemplateNode): boolean {
  return node.kind !== 'text' || node.text.trim() !== '';
}

interface ExecutionPlace extends FunctionPlace {
  written(length: number): void;
}

/** The text with the lines that it comes from. */
class Output {
  actions = 0;
  unresolved = 0;
  readonly #parts: string[] = [];
  readonly #lines: number[] = [0];
  #length = 0;
  /** Where the first thing in this line of the text comes from; a blank does not count where something else comes. */
  #line = 0;
  #isBlank = true;

  /** Text of one place of the template: `line` moves on with its line ends (`moves`), or all of it comes from there. */
  write(text: string, line: number, moves: boolean): void {
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length > longestText * 5) throw new TooLarge();
    let [from, at] = [0, line];
    for (;;) {
      const end = text.indexOf('\n', from);
      const piece = text.slice(from, end === -1 ? text.length : end);
      if (this.#line === 0 || (this.#isBlank && piece.trim() !== '')) this.#line = at;
      if (piece.trim() !== '') this.#isBlank = false;
      if (end === -1) return;
      this.#lines.push(this.#line);
      this.#line = 0;
      this.#isBlank = true;
      if (moves) at += 1;
      from = end + 1;
    }
  }

  result(): RenderedTemplate {
    const { actions, unresolved } = this;
    return { text: this.#parts.join(''), actions, unresolved, lines: [...this.#lines, Math.max(1, this.#line)] };
  }
}

type Ending = 'break' | 'continue' | undefined;

class Execution {
  readonly #output: Output;
  readonly #place: ExecutionPlace;

  constructor(output: Output, place: ExecutionPlace) {
    this.#output = output;
    this.#place = place;
  }

  /** How the surrounding loop goes on. */
  run(nodes: readonly TemplateNode[], scope: Scope): Ending {
    for (const node of nodes) {
      this.#place.step();
      const ending = this.#node(node, scope);
      // Whether an unknown condition leads here nobody knows: what follows stays.
      if (ending !== undefined && scope.isSure) return ending;
    }
    return undefined;
  }

  #node(node: TemplateNode, scope: Scope): Ending {
    switch (node.kind) {
      case 'text':
        this.#place.written(node.text.length);
        this.#output.write(node.text, node.line, true);
        return undefined;
      case 'print':
        this.#print(node.pipeline, node.place, scope);
        return undefined;
      case 'template': {
        const dot = node.pipeline === undefined ? undefined : evaluate(node.pipeline, inner(scope), this.#place);
        this.#put(this.#place.include(node.name, dot), node.place);
        return undefined;
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'range':
        return this.#range(node, scope);
      default:
        return this.#branch(node, scope);
    }
  }

  #print(pipeline: Pipeline, place: ActionPlace, scope: Scope): void {
    const value = evaluate(pipeline, scope, this.#place);
    if (pipeline.variables.length === 0) this.#put(value, place);
  }

  #put(value: unknown, { line, isAlone }: ActionPlace): void {
    this.#output.actions += 1;
    const text = value === unknown ? unknown : printable(value);
    if (typeof text === 'string') {
      this.#place.written(text.length);
      this.#output.write(text, line, false);
      return;
    }
    this.#output.unresolved += 1;
    // With a line of its own it is a block of members; one without them says nothing wrong.
    if (!isAlone) this.#output.write(placeholder, line, false);
  }

  #branch(node: Branch, scope: Scope): Ending {
    const within = inner(scope);
    const value = evaluate(node.pipeline, within, this.#place);
    const isTaken = isTrue(value);
    const dot = isTaken && node.kind === 'with' ? value : scope.dot;
    const isSure = scope.isSure && value !== unknown;
    return this.run(isTaken ? node.body : node.otherwise, { dot, variables: within.variables, isSure });
  }

  #range(node: Branch, scope: Scope): Ending {
    const { variables, isAssignment } = node.pipeline;
    const value = evaluate({ ...node.pipeline, variables: [] }, inner(scope), this.#place);
    const items = this.#itemsOf(value);
    if (items.length === 0) return this.run(node.otherwise, inner(scope));
    for (const [key, item] of items) {
      const within = inner(scope);
      const [first, second] = variables;
      const set = (name: string, to: unknown): void => {
        const box = within.variables.get(name);
        if (isAssignment && box !== undefined) box.value = to;
        else within.variables.set(name, { value: to });
      };
      if (first !== undefined) set(first, second === undefined ? item : key);
      if (second !== undefined) set(second, item);
      const isSure = scope.isSure && value !== unknown;
      if (this.run(node.body, { dot: item, variables: within.variables, isSure }) === 'break') break;
    }
    return undefined;
  }

  /** What is not known is gone through once: nobody says how many there are. */
  #itemsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
    if (value === unknown) return [[unknown, unknown]];
    if (Array.isArray(value)) return value.map((item: unknown, index) => [BigInt(index), item]);
    if (isDictionary(value)) return sortedEntries(value);
    if (value instanceof HelmObject) return sortedEntries(value.fields);
    if (typeof value === 'bigint') {
      if (value > 100_000n) throw new TooLarge();
      return Array.from({ length: Math.max(0, Number(value)) }, (_, index) => [BigInt(index), BigInt(index)]);
    }
    if (value !== undefined && value !== null) this.#place.refuse("range can't iterate over what is no list");
    return [];
  }
}

function inner(scope: Scope): Scope {
  return { ...scope, variables: new Map(scope.variables) };
}

function printable(value: unknown): string | typeof unknown {
  try {
    return actionText(value).replaceAll('<no value>', '');
  } catch (error) {
    if (error instanceof TooLarge) return unknown;
    throw error;
  }
}
