// SPDX-License-Identifier: Apache-2.0
// Reads what stands in an action of a Go template: `$x := .Values.a | default (list 1 2) | quote`.
import type { Command, Operand, Pipeline } from './pipeline.ts';
import { TemplateFault } from './pipeline.ts';

const deepest = 100;

const token =
  /\s+|("(?:[^"\\\n]|\\.)*"|`[^`]*`)|('(?:[^'\\\n]|\\.)+')|([-+]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?))|(\$[\w]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)|((?:\.[\p{L}_][\p{L}\p{N}_]*)+|\.)|([\p{L}_][\p{L}\p{N}_]*)|(:=|=|\||\(|\)|,)/uy;

interface Token {
  readonly kind: 'text' | 'character' | 'number' | 'variable' | 'field' | 'word' | 'sign';
  readonly text: string;
  /** No blank stands before it. */
  readonly isJoined: boolean;
}

const kinds: readonly Token['kind'][] = ['text', 'character', 'number', 'variable', 'field', 'word', 'sign'];

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  let isJoined = false;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new TemplateFault(`cannot read ${JSON.stringify(text.slice(at, at + 20))}`);
    const index = match.slice(1).findIndex((group) => group !== undefined);
    const kind = kinds[index];
    if (kind !== undefined) tokens.push({ kind, text: match[0], isJoined });
    isJoined = kind !== undefined;
  }
  return tokens;
}

/** Throws a TemplateFault for what Go does not take. */
export function parsePipeline(text: string): Pipeline {
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
      // Go takes a pipe that nothing follows.
      if (this.#tokens[this.#at] === undefined || this.#isSign(')')) break;
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
    const [first] = operands;
    if (first === undefined) throw new TemplateFault('a value is missing');
    if (first.kind === 'literal' && first.value === null) throw new TemplateFault('nil is not a command');
    return operands;
  }

  #operand({ kind, text }: Token, depth: number): Operand {
    switch (kind) {
      case 'text':
        return { kind: 'literal', value: unquoteGo(text) };
      case 'character':
        return { kind: 'literal', value: unquoteGo(`"${text.slice(1, -1)}"`).codePointAt(0) ?? 0, isWhole: true };
      case 'number':
        return numberOf(text);
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
        if (after?.kind !== 'field' || after.text === '.' || !after.isJoined)
          return { kind: 'group', pipeline, fields: [] };
        this.#at += 1;
        return { kind: 'group', pipeline, fields: after.text.split('.').slice(1) };
      }
    }
  }
}

function numberOf(text: string): Operand {
  const digits = text.replaceAll('_', '');
  const isNegative = digits.startsWith('-');
  const plain = digits.replace(/^[-+]/, '');
  const value = /^0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : Number(plain);
  const isWhole = /^0[xX]/.test(plain) || !/[.eE]/.test(plain);
  if (isWhole && value >= 2 ** 63) throw new TemplateFault('integer overflow');
  return { kind: 'literal', value: isNegative ? -value : value, ...(isWhole ? { isWhole } : {}) };
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The text of a literal of Go in double quotes or backquotes. */
export function unquoteGo(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1).replaceAll('\r', '');
  return text
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-7]{3})|(.))/gs,
      (_all, short?: string, long?: string, byte?: string, octal?: string, letter?: string) => {
        const hex = short ?? long ?? byte;
        if (hex !== undefined) return String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(hex, 16)));
        if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
        const known = letter === '"' || letter === '\\' || letter === "'" ? letter : escapes[letter ?? ''];
        if (known === undefined) throw new TemplateFault('invalid syntax');
        return known;
      },
    );
}
