// SPDX-License-Identifier: Apache-2.0
// Templates of Go's text/template: actions, pipelines, variables, if, range and with. Text in, nodes out. Named templates are not known here.

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | Branch;

export interface Branch {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipeline: Pipeline;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

export interface Pipeline {
  /** Variables that get the value: two of them in a range. */
  readonly variables: readonly string[];
  readonly isAssignment: boolean;
  /** Each gets the value of the one before as its last argument. */
  readonly commands: readonly Command[];
}

/** A function or value with its arguments. */
export type Command = readonly Operand[];

export type Operand =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'dot'; readonly fields: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: 'group'; readonly pipeline: Pipeline; readonly fields: readonly string[] };

export type ParsedTemplate =
  | { readonly kind: 'template'; readonly nodes: readonly TemplateNode[] }
  | { readonly kind: 'fault'; readonly message: string };

class TemplateFault extends Error {}

const longest = 1_000_000;
const deepest = 100;

/** Never throws. */
export function parseGoTemplate(text: string): ParsedTemplate {
  try {
    if (text.length > longest) throw new TemplateFault('the template is too long');
    const parser = new Parser(cut(text));
    const { nodes, stopped } = parser.nodes(0);
    if (stopped !== undefined) throw new TemplateFault(`unexpected {{${stopped}}}`);
    return { kind: 'template', nodes };
  } catch (error) {
    if (error instanceof TemplateFault) return { kind: 'fault', message: error.message };
    throw error;
  }
}

interface Piece {
  readonly kind: 'text' | 'action';
  readonly text: string;
}

/** Cuts at `{{` and `}}`; `{{- ` and ` -}}` take the blanks around with them; comments vanish. */
function cut(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  while (at <= text.length) {
    const open = text.indexOf('{{', at);
    const trimLeft = open !== -1 && /^\{\{-\s/.test(text.slice(open, open + 4));
    let plain = text.slice(at, open === -1 ? text.length : open);
    if (trimNext) plain = plain.trimStart();
    if (trimLeft) plain = plain.trimEnd();
    if (plain !== '') pieces.push({ kind: 'text', text: plain });
    if (open === -1) return pieces;
    const close = endOfAction(text, open + 2);
    let inside = text.slice(open + (trimLeft ? 3 : 2), close);
    trimNext = /\s-$/.test(inside);
    if (trimNext) inside = inside.slice(0, -1);
    if (!/^\s*\/\*[\s\S]*\*\/\s*$/.test(inside)) pieces.push({ kind: 'action', text: inside.trim() });
    at = close + 2;
  }
  return pieces;
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

class Parser {
  readonly #pieces: readonly Piece[];
  #at = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Nodes up to `end` or `else`, which is given back. */
  nodes(depth: number): { readonly nodes: readonly TemplateNode[]; readonly stopped: string | undefined } {
    if (depth > deepest) throw new TemplateFault('the template is nested too deep');
    const nodes: TemplateNode[] = [];
    while (this.#at < this.#pieces.length) {
      const piece = this.#pieces[this.#at];
      this.#at += 1;
      if (piece === undefined) break;
      if (piece.kind === 'text') {
        nodes.push({ kind: 'text', text: piece.text });
        continue;
      }
      const word = /^[a-z]+/.exec(piece.text)?.[0] ?? '';
      if (word === 'end' || word === 'else') return { nodes, stopped: piece.text };
      if (word === 'if' || word === 'range' || word === 'with')
        nodes.push(this.#branch(word, piece.text.slice(word.length), depth));
      else if (['define', 'template', 'block', 'break', 'continue'].includes(word))
        throw new TemplateFault(`{{${word}}} is not supported`);
      else nodes.push({ kind: 'print', pipeline: parsePipeline(piece.text) });
    }
    return { nodes, stopped: undefined };
  }

  #branch(kind: Branch['kind'], text: string, depth: number): Branch {
    const pipeline = parsePipeline(text);
    const body = this.nodes(depth + 1);
    if (body.stopped === undefined) throw new TemplateFault(`{{${kind}}} has no {{end}}`);
    if (!body.stopped.startsWith('else')) return { kind, pipeline, body: body.nodes, otherwise: [] };
    const chained = /^else\s+(if|with)\b([\s\S]*)$/.exec(body.stopped);
    if (chained !== null) {
      const next = this.#branch(chained[1] === 'with' ? 'with' : 'if', chained[2] ?? '', depth + 1);
      return { kind, pipeline, body: body.nodes, otherwise: [next] };
    }
    const otherwise = this.nodes(depth + 1);
    if (otherwise.stopped !== 'end') throw new TemplateFault(`{{${kind}}} has no {{end}}`);
    return { kind, pipeline, body: body.nodes, otherwise: otherwise.nodes };
  }
}

const token =
  /\s+|("(?:[^"\\\n]|\\.)*"|`[^`]*`)|(-?(?:0x[0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?))|(\$[\w]*(?:\.[A-Za-z_]\w*)*)|((?:\.[A-Za-z_]\w*)+|\.)|([A-Za-z_]\w*)|(:=|=|\||\(|\)|,)/y;

interface Token {
  readonly kind: 'text' | 'number' | 'variable' | 'field' | 'word' | 'sign';
  readonly text: string;
}

const kinds: readonly Token['kind'][] = ['text', 'number', 'variable', 'field', 'word', 'sign'];

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new TemplateFault(`cannot read ${JSON.stringify(text.slice(at, at + 20))}`);
    const index = match.slice(1).findIndex((group) => group !== undefined);
    const kind = kinds[index];
    if (kind !== undefined) tokens.push({ kind, text: match[0] });
  }
  return tokens;
}

function parsePipeline(text: string): Pipeline {
  const reader = new PipelineReader(tokensOf(text));
  const pipeline = reader.pipeline(0);
  reader.finish();
  return pipeline;
}

class PipelineReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  pipeline(depth: number): Pipeline {
    if (depth > deepest) throw new TemplateFault('parentheses are nested too deep');
    const { variables, isAssignment } = this.#declaration();
    const commands: Command[] = [this.#command(depth)];
    while (this.#isSign('|')) {
      this.#at += 1;
      commands.push(this.#command(depth));
    }
    return { variables, isAssignment, commands };
  }

  finish(): void {
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new TemplateFault(`unexpected ${rest.text}`);
  }

  #declaration(): { readonly variables: readonly string[]; readonly isAssignment: boolean } {
    const variables: string[] = [];
    let at = this.#at;
    while (this.#tokens[at]?.kind === 'variable') {
      variables.push(this.#tokens[at]?.text ?? '');
      at += 1;
      if (this.#tokens[at]?.text !== ',') break;
      at += 1;
    }
    const sign = this.#tokens[at]?.text;
    if (variables.length === 0 || (sign !== ':=' && sign !== '=')) return { variables: [], isAssignment: false };
    this.#at = at + 1;
    return { variables, isAssignment: sign === '=' };
  }

  #isSign(text: string): boolean {
    const next = this.#tokens[this.#at];
    return next?.kind === 'sign' && next.text === text;
  }

  #command(depth: number): Command {
    const operands: Operand[] = [];
    for (let next = this.#tokens[this.#at]; next !== undefined; next = this.#tokens[this.#at]) {
      if (next.kind === 'sign' && next.text !== '(') break;
      this.#at += 1;
      operands.push(this.#operand(next, depth));
    }
    if (operands.length === 0) throw new TemplateFault('a value is missing');
    return operands;
  }

  #operand({ kind, text }: Token, depth: number): Operand {
    switch (kind) {
      case 'text':
        return { kind: 'literal', value: text.startsWith('`') ? text.slice(1, -1) : unquote(text) };
      case 'number':
        return { kind: 'literal', value: Number(text) };
      case 'variable': {
        const [name = '', ...fields] = text.split('.');
        return { kind: 'variable', name, fields };
      }
      case 'field':
        return { kind: 'dot', fields: text.split('.').filter((name) => name !== '') };
      case 'word':
        if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
        return text === 'nil' ? { kind: 'literal', value: null } : { kind: 'function', name: text };
      default: {
        const pipeline = this.pipeline(depth + 1);
        if (!this.#isSign(')')) throw new TemplateFault('a parenthesis is not closed');
        this.#at += 1;
        const after = this.#tokens[this.#at];
        if (after?.kind !== 'field' || after.text === '.') return { kind: 'group', pipeline, fields: [] };
        this.#at += 1;
        return { kind: 'group', pipeline, fields: after.text.split('.').slice(1) };
      }
    }
  }
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
