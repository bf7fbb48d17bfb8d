// SPDX-License-Identifier: Apache-2.0
// The small readers of which the reading of a workflow is made: each takes a YAML node, returns the value or undefined, and reports what has
// the wrong shape as `syntax-check`. What is wrong with which value follows actionlint, as far as GitHub refuses it too.
import { findExpressions, wholeExpression } from '../../../../formats/github-expression/find-expressions.ts';
import type { YamlMapping, YamlNode, YamlScalar, YamlTree } from '../../../../formats/yaml-tree.ts';
import { defaultLimits } from '../../../../model/limits.ts';
import type { Report } from '../fault.ts';
import { quotedList } from '../fault.ts';
import type { Assigned, Members, Named, Text } from '../workflow.ts';
import { blockOffsets, inlineOffset } from './text-offsets.ts';

export interface Entry {
  readonly key: Text;
  /** The key as it is compared: lower case where case does not matter. */
  readonly id: string;
  readonly value: YamlNode;
}

export interface MappingOptions {
  readonly empty: 'allowed' | 'refused';
  readonly keys: 'exact' | 'any-case';
}

export type EmptyText = 'allowed' | 'refused';

export class SectionReader {
  readonly tree: YamlTree;
  readonly #report: Report;
  #values = 0;

  constructor(tree: YamlTree, report: Report) {
    this.tree = tree;
    this.#report = report;
  }

  fault(offset: number, message: string): void {
    this.#report({ kind: 'syntax-check', message, offset });
  }

  offsetOf(node: YamlNode): number {
    // A value that is reached by an alias stands where the anchor stands.
    return node.alias === undefined ? node.place.start : node.span.start;
  }

  unexpectedKey(key: Text, where: string, expected: readonly string[]): void {
    const list = expected.length === 0 ? '' : `. expected one of ${quotedList(expected)}`;
    this.fault(key.offset, `unexpected key ${JSON.stringify(key.value)} for ${where}${list}`);
  }

  /** Whether the node is an alias that leads into itself; it has no value. */
  isBrokenAlias(node: YamlNode): boolean {
    return (
      node.alias === undefined &&
      node.span.end > node.span.start &&
      this.tree.text[node.span.start] === '*' &&
      isNull(node)
    );
  }

  kindOf(node: YamlNode): string {
    return this.isBrokenAlias(node) ? 'alias' : node.kind;
  }

  /** The text of a scalar; undefined when it is none or empty where that is refused (`fallback` then gives an empty text). */
  text(node: YamlNode, empty: EmptyText): Text {
    if (node.kind !== 'scalar' || this.isBrokenAlias(node)) {
      this.fault(
        this.offsetOf(node),
        `expected scalar node for string value but found ${this.kindOf(node)} node with ${JSON.stringify(this.tagOf(node))} tag`,
      );
      return this.#textOf(node, '');
    }
    if (empty === 'refused' && node.text === '') this.fault(this.offsetOf(node), 'string should not be empty');
    return this.#textOf(node, node.text);
  }

  #textOf(node: YamlNode, value: string): Text {
    const offset = this.offsetOf(node);
    const scalar: YamlScalar | undefined = node.kind === 'scalar' ? node : undefined;
    const isBlock = scalar?.style === 'literal' || scalar?.style === 'folded';
    const isQuoted = scalar?.style === 'single-quoted' || scalar?.style === 'double-quoted';
    const type = scalar === undefined ? 'string' : typeOf(scalar);
    const source = this.tree.text.slice(node.span.start, node.span.end);
    return {
      value,
      offset,
      isBlock,
      isQuoted,
      type,
      at: isBlock
        ? blockOffsets(source, value, node.span.start)
        : (index) => inlineOffset(node, index, isQuoted ? 1 : 0),
    };
  }

  /** Members of a mapping; undefined when it is none. Duplicate keys are reported, and the first one counts. */
  mapping(what: string, node: YamlNode, options: MappingOptions): readonly Entry[] | undefined {
    if (isNull(node) && !this.isBrokenAlias(node)) {
      if (options.empty === 'refused')
        this.fault(this.offsetOf(node), `${what} should not be empty. please remove this section if it's unnecessary`);
      return options.empty === 'refused' ? undefined : [];
    }
    if (node.kind !== 'mapping') {
      this.fault(this.offsetOf(node), `${what} is ${this.kindOf(node)} node but mapping node is expected`);
      return undefined;
    }
    const entries = this.#entries(what, node, options);
    if (options.empty === 'refused' && entries.length === 0)
      this.fault(this.offsetOf(node), `${what} should not be empty. please remove this section if it's unnecessary`);
    return entries;
  }

  #entries(what: string, node: YamlMapping, options: MappingOptions): readonly Entry[] {
    const seen = new Map<string, number>();
    const entries: Entry[] = [];
    for (const { key: name, keySpan, value } of node.entries) {
      const key: Text = {
        value: name,
        offset: keySpan.start,
        isQuoted: false,
        isBlock: false,
        type: 'string',
        at: (index) => keySpan.start + index,
      };
      if (name === '') {
        this.fault(keySpan.start, 'string should not be empty');
        continue;
      }
      const id = options.keys === 'exact' ? name : name.toLowerCase();
      const previous = seen.get(id);
      if (previous !== undefined) {
        const { line, column } = this.tree.lines.locate('', previous);
        const note = options.keys === 'exact' ? '' : '. note that this key is case insensitive';
        this.fault(
          keySpan.start,
          `key ${JSON.stringify(name)} is duplicated in ${what}. previously defined at line:${line},col:${column}${note}`,
        );
        continue;
      }
      seen.set(id, keySpan.start);
      entries.push({ key, id, value });
    }
    return entries;
  }

  /** As `mapping`, of a section that is named by its key. */
  section(name: string, node: YamlNode, options: MappingOptions): readonly Entry[] | undefined {
    return this.mapping(`${JSON.stringify(name)} section`, node, options);
  }

  /** Members of a section whose values are texts. */
  texts(name: string, node: YamlNode, options: MappingOptions & { readonly text: EmptyText }): Members<Text> {
    return members(this.section(name, node, options) ?? [], (value) => this.text(value, options.text));
  }

  sequence(name: string, node: YamlNode, empty: EmptyText): readonly YamlNode[] | undefined {
    if (node.kind !== 'sequence') {
      this.fault(
        this.offsetOf(node),
        `${JSON.stringify(name)} section must be sequence node but got ${this.kindOf(node)} node with ${JSON.stringify(this.tagOf(node))} tag`,
      );
      return undefined;
    }
    if (empty === 'refused' && node.items.length === 0) this.notEmpty(name, node);
    return this.itemsOf(node);
  }

  /** The items; an empty one stands where its dash stands. */
  itemsOf(node: Extract<YamlNode, { kind: 'sequence' }>): readonly YamlNode[] {
    let end = node.span.start;
    return node.items.map((item) => {
      const isEmpty =
        item.kind === 'scalar' && item.span.start === item.span.end && item.place.start === item.span.start;
      const dash = isEmpty && node.style === 'block' ? dashAfter(this.tree.text, end) : undefined;
      end = dash ?? item.place.end;
      return dash === undefined
        ? item
        : { ...item, span: { start: dash, end: dash }, place: { start: dash, end: dash } };
    });
  }

  notEmpty(name: string, node: YamlNode): void {
    this.fault(this.offsetOf(node), `${JSON.stringify(name)} section should not be empty`);
  }

  textSequence(
    name: string,
    node: YamlNode,
    options: { readonly list: EmptyText; readonly item: EmptyText },
  ): readonly Text[] {
    return (this.sequence(name, node, options.list) ?? []).map((item) => this.text(item, options.item));
  }

  /** One text or a list of texts. */
  textOrSequence(name: string, node: YamlNode): readonly Text[] {
    if (node.kind === 'scalar') return [this.text(node, 'refused')];
    return this.textSequence(name, node, { list: 'refused', item: 'refused' });
  }

  /** The text when it is one `${{ }}`; nothing is reported when it is not. */
  maybeExpression(node: YamlNode): Text | undefined {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
    return isAssignedExpression(node.text) ? this.text(node, 'allowed') : undefined;
  }

  expression(node: YamlNode, expected: string): Text | undefined {
    const found = this.maybeExpression(node);
    if (found === undefined)
      this.fault(
        this.offsetOf(node),
        `expecting a single \${{...}} expression or ${expected}, but found plain text node`,
      );
    return found;
  }

  boolean(node: YamlNode): Assigned<boolean> | undefined {
    const offset = this.offsetOf(node);
    if (node.kind !== 'scalar' || (typeof node.value !== 'boolean' && typeof node.value !== 'string')) {
      this.fault(
        offset,
        `expected bool value but found ${this.kindOf(node)} node with ${JSON.stringify(this.tagOf(node))} tag`,
      );
      return undefined;
    }
    if (typeof node.value === 'boolean') return { value: node.value, offset };
    const expression = this.expression(node, 'boolean literal "true" or "false"');
    return expression === undefined ? undefined : { expression, offset };
  }

  /** A number greater than zero. */
  positive(name: string, node: YamlNode, type: 'integer' | 'float'): Assigned<number> | undefined {
    const offset = this.offsetOf(node);
    const tag = this.tagOf(node);
    const isNumber = tag === '!!int' || (tag === '!!float' && type === 'float');
    if (node.kind !== 'scalar' || (!isNumber && tag !== '!!str')) {
      this.fault(
        offset,
        `expected scalar node for ${type} value but found ${this.kindOf(node)} node with ${JSON.stringify(tag)} tag`,
      );
      return undefined;
    }
    if (typeof node.value !== 'number') {
      const expression = this.expression(node, type === 'integer' ? 'integer literal' : 'float number literal');
      return expression === undefined ? undefined : { expression, offset };
    }
    if (!(node.value > 0))
      this.fault(offset, `value at ${JSON.stringify(name)} must be greater than zero: ${node.text}`);
    return { value: node.value, offset };
  }

  tagOf(node: YamlNode): string {
    if (this.isBrokenAlias(node)) return '';
    if (node.kind === 'mapping') return '!!map';
    if (node.kind === 'sequence') return '!!seq';
    if (node.value === null) return '!!null';
    if (typeof node.value === 'boolean') return '!!bool';
    if (typeof node.value === 'string') return '!!str';
    return Number.isInteger(node.value) && !/[.eE]/.test(node.text) ? '!!int' : '!!float';
  }

  /** Counts a value of a tree that aliases may have blown up; false when there were too many. */
  mayRead(): boolean {
    this.#values += 1;
    return this.#values <= defaultLimits.workflowValues;
  }
}

/** Entries as a map, each value read. */
export function members<T>(entries: readonly Entry[], read: (value: YamlNode, key: Text) => T): Members<T> {
  const found = new Map<string, Named<T>>();
  for (const { id, key, value } of entries) found.set(id, { name: key, value: read(value, key) });
  return found;
}

export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** One `${{ }}` with nothing but blanks around it. Two of them are none, even where the first begins and the second ends the text. */
export function isAssignedExpression(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith('${{') || !trimmed.endsWith('}}')) return false;
  return wholeExpression(trimmed) !== undefined || findExpressions(trimmed).length === 1;
}

function typeOf(node: YamlScalar): Text['type'] {
  if (node.value === null) return 'null';
  if (typeof node.value === 'number') return 'number';
  return typeof node.value === 'boolean' ? 'boolean' : 'string';
}

/** The dash of the empty item that follows `from`. */
function dashAfter(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '#') {
      const end = text.indexOf('\n', at);
      if (end === -1) return undefined;
      at = end;
    } else if (character === '-') return at + 1;
  }
  return undefined;
}
