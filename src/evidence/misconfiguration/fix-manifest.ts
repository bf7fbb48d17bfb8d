// SPDX-License-Identifier: Apache-2.0
// Gives members of an object in a YAML or JSON text the values they should have, or takes them out, by changing the lines they stand in: comments,
// order and layout of everything else stay. For changes that manifest-fix.ts cannot make; it loads a second YAML reader and is meant for `--fix`.

import type { Pair, YAMLMap, YAMLSeq, Document as YamlDocument } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { DocumentPath } from '../../formats/document.ts';
import type { WantedContent, WantedValue } from './manifest-check.ts';

/** The line, counted from 1, at which the object begins. */
export interface ManifestPlace {
  readonly line: number;
}

/**
 * The text with all wanted values, or undefined when one of them cannot be reached (through an alias, an index that is not there, broken YAML):
 * then nothing is changed, because half a fix is none. Never throws.
 */
export function fixManifest(text: string, { line }: ManifestPlace, wanted: readonly WantedValue[]): string | undefined {
  let fixed = text;
  for (const change of wanted) {
    const next = changeOne(fixed, line, change);
    if (next === undefined) return undefined;
    fixed = next;
  }
  return fixed;
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function changeOne(text: string, line: number, change: WantedValue): string | undefined {
  const root = objectAtLine(text, line);
  if (root === undefined) return undefined;
  const splice = change.value === undefined ? removal(text, root, change.at) : setting(text, root, change);
  if (splice === undefined) return undefined;
  return text.slice(0, splice.start) + splice.text + text.slice(splice.end);
}

/** The mapping of the object that begins at a line: a whole document, or an item of a List. */
function objectAtLine(text: string, line: number): YAMLMap | undefined {
  const documents = parseAllDocuments(text, { keepSourceTokens: false, logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents)) return undefined;
  const offset = offsetOfLine(text, line);
  const end = text.indexOf('\n', offset) === -1 ? text.length : text.indexOf('\n', offset) + 1;
  for (const document of documents as readonly YamlDocument.Parsed[]) {
    if (document.errors.length > 0) continue;
    const found = mapStartingIn(document.contents, { from: offset, to: end }, 0);
    if (found !== undefined) return found;
  }
  return undefined;
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let current = 1; current < line; current += 1) {
    const next = text.indexOf('\n', offset);
    if (next === -1) return text.length;
    offset = next + 1;
  }
  return offset;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function mapStartingIn(node: unknown, span: Span, depth: number): YAMLMap | undefined {
  if (!isMap(node) || depth > 8) return undefined;
  const start = node.range?.[0] ?? -1;
  if (start >= span.from && start < span.to) return node;
  const items = node.get('items');
  if (!isSeq(items)) return undefined;
  for (const item of items.items) {
    const found = mapStartingIn(item, span, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Collection = YAMLMap | YAMLSeq;

interface Reached {
  /** Deepest collection on the way that is there. */
  readonly parent: Collection;
  /** Keys that are not there, in order; empty when the member is. */
  readonly missing: DocumentPath;
  /** The member itself, or the one whose value is no collection and stands in the way. */
  readonly pair: Pair | undefined;
}

function reach(root: YAMLMap, at: DocumentPath): Reached | undefined {
  let parent: Collection = root;
  for (const [index, key] of at.entries()) {
    const rest = at.slice(index + 1);
    if (isSeq(parent)) {
      const item: unknown = typeof key === 'number' ? parent.items[key] : undefined;
      if (!isMap(item) && !isSeq(item)) return undefined;
      parent = item;
      continue;
    }
    const pair = pairOf(parent, key);
    if (pair === undefined) return { parent, missing: at.slice(index), pair: undefined };
    if (isAlias(pair.value)) return undefined;
    if (rest.length === 0) return { parent, missing: [], pair };
    if (isMap(pair.value) || isSeq(pair.value)) parent = pair.value;
    else if (isEmpty(pair.value)) return { parent, missing: rest, pair };
    else return undefined;
  }
  return undefined;
}

function pairOf(map: YAMLMap, key: string | number): Pair | undefined {
  return map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (isScalar(value) && value.value === null);
}

function setting(text: string, root: YAMLMap, { at, value, comment }: WantedValue): Splice | undefined {
  const reached = value === undefined ? undefined : reach(root, at);
  if (reached === undefined || value === undefined || isSeq(reached.parent)) return undefined;
  const { parent, missing, pair } = reached;
  const content = missing.reduceRight<WantedContent>((inner, key) => ({ [key]: inner }), value);
  const isFlow = parent.flow === true;
  if (pair !== undefined) return replacedValue(text, { pair, isFlow, comment }, content);
  if (isFlow || parent.items.length === 0) return addedInFlow(text, parent, content);
  return addedInBlock(text, parent, { content, comment });
}

interface Replacing {
  readonly pair: Pair;
  readonly isFlow: boolean;
  readonly comment: string | undefined;
}

function replacedValue(text: string, { pair, isFlow, comment }: Replacing, content: WantedContent): Splice | undefined {
  const key = rangeOf(pair.key);
  if (key === undefined) return undefined;
  const colon = text.indexOf(':', key[1]);
  if (colon === -1) return undefined;
  const range = isEmpty(pair.value) && !isScalarText(text, pair.value) ? undefined : rangeOf(pair.value);
  const start = colon + 1;
  if (isFlow) return { start, end: range?.[1] ?? start, text: ` ${flow(content)}` };
  const indent = columnOf(text, key[0]);
  const isInline = typeof content !== 'object';
  const end = range === undefined ? start : trimmedEnd(text, range[1]);
  const note = isInline && comment !== undefined && !hasComment(text, end) ? ` # ${comment}` : '';
  return { start, end, text: isInline ? ` ${flow(content)}${note}` : block(content, indent + 2) };
}

function isScalarText(text: string, value: unknown): boolean {
  const range = rangeOf(value);
  return range !== undefined && text.slice(range[0], range[1]).trim() !== '';
}

function addedInFlow(text: string, parent: YAMLMap, content: WantedContent): Splice | undefined {
  const range = rangeOf(parent);
  if (range === undefined || typeof content !== 'object' || Array.isArray(content)) return undefined;
  const isJson = text.charAt(range[0]) === '{' && /^\{\s*"/.test(text.slice(range[0], range[0] + 200));
  const members = Object.entries(content).map(
    ([key, inner]) => `${isJson ? JSON.stringify(key) : flow(key)}: ${isJson ? JSON.stringify(inner) : flow(inner)}`,
  );
  const last = parent.items.at(-1);
  const lastEnd = last === undefined ? undefined : (rangeOf(last.value) ?? rangeOf(last.key));
  if (lastEnd !== undefined) return { start: lastEnd[1], end: lastEnd[1], text: `, ${members.join(', ')}` };
  return { start: range[0], end: range[1], text: `{ ${members.join(', ')} }` };
}

interface Addition {
  readonly content: WantedContent;
  readonly comment: string | undefined;
}

/** New lines after the last member, with its indentation. */
function addedInBlock(text: string, parent: YAMLMap, { content, comment }: Addition): Splice | undefined {
  const [first] = parent.items;
  const firstKey = rangeOf(first?.key);
  const last = parent.items.at(-1);
  const lastRange = rangeOf(last?.value) ?? rangeOf(last?.key);
  if (firstKey === undefined || lastRange === undefined || typeof content !== 'object') return undefined;
  const indent = columnOf(text, firstKey[0]);
  const lastEnd = Math.max(trimmedEnd(text, lastRange[1]), rangeOf(last?.key)?.[1] ?? 0);
  const lineEnd = text.indexOf('\n', lastEnd);
  const start = lineEnd === -1 ? text.length : lineEnd + 1;
  const before = lineEnd === -1 ? '\n' : '';
  const after = lineEnd === -1 ? '' : '\n';
  const lines = block(content, indent).slice(1);
  const noted = comment === undefined ? lines : withComment(lines, comment, indent);
  return { start, end: start, text: `${before}${noted}${after}` };
}

/** Beside a single value, above a whole structure. */
function withComment(lines: string, comment: string, indent: number): string {
  const last = lines.slice(lines.lastIndexOf('\n') + 1);
  const isSingle = lines.split('\n').every((line, index, all) => index === all.length - 1 || line.endsWith(':'));
  if (isSingle && last.includes(': ')) return `${lines} # ${comment}`;
  return `${' '.repeat(indent)}# ${comment}\n${lines}`;
}

function removal(text: string, root: YAMLMap, at: DocumentPath): Splice | undefined {
  const reached = reach(root, at);
  // What is not there need not be taken out.
  if (reached?.pair === undefined || reached.missing.length > 0) return { start: 0, end: 0, text: '' };
  const { parent, pair } = reached;
  const key = rangeOf(pair.key);
  const range = rangeOf(parent);
  if (isSeq(parent) || key === undefined || range === undefined) return undefined;
  if (parent.items.length === 1) return emptied(text, parent);
  const index = parent.items.indexOf(pair);
  const next = rangeOf(parent.items[index + 1]?.key);
  const previous = parent.items[index - 1];
  if (parent.flow === true) {
    if (next !== undefined) return { start: key[0], end: next[0], text: '' };
    const before = rangeOf(previous?.value) ?? rangeOf(previous?.key);
    return before === undefined ? undefined : { start: before[1], end: rangeOf(pair.value)?.[1] ?? key[1], text: '' };
  }
  const lineStart = text.lastIndexOf('\n', key[0] - 1) + 1;
  // After the dash of a list the next member moves up to the dash.
  if (text.slice(lineStart, key[0]).trim() !== '')
    return next === undefined ? undefined : { start: key[0], end: next[0], text: '' };
  const valueEnd = Math.max(trimmedEnd(text, (rangeOf(pair.value) ?? key)[1]), key[1]);
  const lineEnd = text.indexOf('\n', valueEnd);
  return { start: lineStart, end: lineEnd === -1 ? text.length : lineEnd + 1, text: '' };
}

/** A mapping that loses its only member is written `{}`. */
function emptied(text: string, parent: YAMLMap): Splice | undefined {
  const range = rangeOf(parent);
  if (range === undefined) return undefined;
  if (parent.flow === true) return { start: range[0], end: range[1], text: '{}' };
  const lineStart = text.lastIndexOf('\n', range[0] - 1) + 1;
  const end = trimmedEnd(text, range[1]);
  if (text.slice(lineStart, range[0]).trim() !== '') return { start: range[0], end, text: '{}' };
  // Back to the end of the line with the key of the mapping, past comments and blank lines.
  let start = lineStart;
  while (start > 0) {
    const before = text.lastIndexOf('\n', start - 2) + 1;
    const line = text
      .slice(before, start - 1)
      .replace(/\s#.*$/, '')
      .trimEnd();
    if (line !== '' && !line.trimStart().startsWith('#')) return { start: before + line.length, end, text: ' {}' };
    start = before;
  }
  return undefined;
}

/** Start, and end without comments behind it. */
function rangeOf(node: unknown): readonly [number, number] | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  const range = node.range;
  return range === undefined || range === null ? undefined : [range[0], range[1]];
}

/** Ends of collections and block scalars come after their line breaks. */
function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && /\s/.test(text.charAt(at - 1))) at -= 1;
  return at;
}

function hasComment(text: string, end: number): boolean {
  const lineEnd = text.indexOf('\n', end);
  return text
    .slice(end, lineEnd === -1 ? text.length : lineEnd)
    .trimStart()
    .startsWith('#');
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** In one line. */
function flow(value: WantedContent): string {
  if (typeof value === 'string') return plainText(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map((item: WantedContent) => flow(item)).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]) => `${flow(key)}: ${flow(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

const otherMeaning = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function plainText(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) && !otherMeaning.test(text)
    ? text
    : /^[0-9]+(?:m|[KMGTPE]i?)$/.test(text)
      ? text
      : JSON.stringify(text);
}

/** On lines of its own after a line break; scalars and empty collections behind a blank. */
function block(value: WantedContent, indent: number): string {
  const margin = ' '.repeat(indent);
  if (typeof value !== 'object' || Object.keys(value).length === 0)
    return ` ${typeof value === 'object' && Array.isArray(value) ? '[]' : flow(value)}`;
  if (Array.isArray(value))
    return value
      .map((item: WantedContent) => `\n${margin}-${typeof item === 'object' ? ` ${flow(item)}` : ` ${flow(item)}`}`)
      .join('');
  return Object.entries(value)
    .map(([key, member]) => `\n${margin}${plainText(key)}:${block(member, indent + 2)}`)
    .join('');
}
