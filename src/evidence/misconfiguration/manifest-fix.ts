// SPDX-License-Identifier: Apache-2.0
// From "this member should have this value" to the smallest change of the YAML text: a scalar is replaced where it stands, an absent member is added
// as lines of its own after the first member of its parent, so that comments and layout stay. Where that is not plainly possible (flow style, JSON,
// aliases) there is no fix.

import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asObject } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { Fix, TextEdit } from '../../model/text-edit.ts';
import type { WantedContent, WantedValue } from './manifest-check.ts';
import { textOf, valueAt } from './workload.ts';

export interface FixTarget {
  readonly resource: KubernetesResource;
  readonly text: string;
  /** Offsets at which lines begin, first one 0. */
  readonly lineStarts: readonly number[];
}

/** Offsets at which the lines of a text begin. */
export function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** A fix that gives all members their values; undefined when one of them cannot be set. Changing security settings is never `safe`. */
export function fixOf(wanted: readonly WantedValue[], target: FixTarget): Fix | undefined {
  const edits = wanted.map((item) => editOf(item, target));
  const [first] = wanted;
  if (first === undefined || edits.includes(undefined)) return undefined;
  const name = first.at
    .filter((key) => typeof key === 'string')
    .slice(-2)
    .join('.');
  return {
    title: first.value === undefined ? `Remove ${name}` : `Set ${name} to ${printed(first.value)}`,
    safety: 'unsafe',
    edits: edits.filter((edit) => edit !== undefined),
  };
}

function editOf(wanted: WantedValue, target: FixTarget): TextEdit | undefined {
  const { at, value } = wanted;
  const current = valueAt(target.resource.object, at);
  if (value === undefined) return removal(at, target);
  if (current === undefined) return insertion(wanted, value, target);
  if (typeof current === 'object' || typeof value === 'object') return undefined;
  return replacement(at, value, target);
}

/** All lines of a member of a block, unless it is the first after the dash of a list or the only one of its parent. */
function removal(at: DocumentPath, { resource, text, lineStarts }: FixTarget): TextEdit | undefined {
  const parent = asObject(valueAt(resource.object, at.slice(0, -1)));
  const key = at.at(-1);
  if (typeof key !== 'string' || parent?.[key] === undefined || Object.keys(parent).length < 2) return undefined;
  const { path, line, column, endLine } = resource.locate(at);
  if (line === undefined || column === undefined) return undefined;
  const start = lineStarts[line - 1] ?? 0;
  if (!/^ *$/.test(text.slice(start, start + column - 1)) || !text.startsWith(key, start + column - 1))
    return undefined;
  return { path, start, end: lineStarts[endLine ?? line] ?? text.length, text: '' };
}

/** A plain or quoted scalar on one line. */
function replacement(
  at: DocumentPath,
  value: WantedContent,
  { resource, text, lineStarts }: FixTarget,
): TextEdit | undefined {
  const { path, line = 1, column = 1 } = resource.locateValue(at);
  const place = (lineStarts[line - 1] ?? 0) + column - 1;
  // The place of a quoted scalar is that of its text.
  const start = /["']/.test(text.charAt(place - 1)) ? place - 1 : place;
  const end = endOfScalar(text, start);
  const written = text.slice(start, end);
  const current = valueAt(resource.object, at);
  // Only when what stands there is what was read: an alias or a merged member stands elsewhere.
  if (unquoted(written) !== textOf(current)) return undefined;
  return { path, start, end, text: printed(value) };
}

function endOfScalar(text: string, start: number): number {
  const quote = text.charAt(start);
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, start + 1);
    return end === -1 ? start : end + 1;
  }
  let end = start;
  while (end < text.length && !/[\n\r,}\]]/.test(text.charAt(end)) && !/^[ \t]#/.test(text.slice(end, end + 2)))
    end += 1;
  while (end > start && /[ \t]/.test(text.charAt(end - 1))) end -= 1;
  return end;
}

function unquoted(text: string): string {
  return /^(?:"[^"\\]*"|'[^']*')$/.test(text) ? text.slice(1, -1) : text;
}

/** New lines after the first member of the deepest parent that is there. */
function insertion(
  { at, comment }: WantedValue,
  value: WantedContent,
  { resource, text, lineStarts }: FixTarget,
): TextEdit | undefined {
  const depth = presentDepth(resource.object, at);
  const parent = asObject(valueAt(resource.object, at.slice(0, depth)));
  const missing = at.slice(depth);
  const [firstKey] = Object.keys(parent ?? {});
  if (parent === undefined || firstKey === undefined) return undefined;
  const { path, line, column, endLine } = resource.locate([...at.slice(0, depth), firstKey]);
  if (line === undefined || column === undefined || !isBlockMember(text, { line, column, lineStarts, firstKey }))
    return undefined;
  const last = endLine ?? line;
  const start = lineStarts[last] ?? text.length;
  const newline = start === text.length && !text.endsWith('\n') ? '\n' : '';
  const content = missing.slice(1).reduceRight<WantedContent | undefined>(wrapped, value);
  const [name] = missing;
  if (typeof name !== 'string' || content === undefined) return undefined;
  const lines = blockLines(name, content, column - 1);
  const told =
    comment === undefined ? lines : lines.map((item, index) => (index === 0 ? `${item} # ${comment}` : item));
  return { path, start, end: start, text: `${newline}${told.join('\n')}\n` };
}

/** `{ key: value }`; items of lists cannot be made, because nobody knows what else would be in them. */
function wrapped(value: WantedContent | undefined, key: string | number): WantedContent | undefined {
  return value === undefined || typeof key !== 'string' ? undefined : { [key]: value };
}

/** A member of a block: objects on lines of their own, lists of plain values in brackets. */
function blockLines(key: string, value: WantedContent, indent: number): readonly string[] {
  const head = `${' '.repeat(indent)}${printedText(key)}:`;
  if (typeof value !== 'object') return [`${head} ${printed(value)}`];
  if (isList(value)) {
    if (value.every((item) => typeof item !== 'object')) return [`${head} ${printed(value)}`];
    return [head, ...value.flatMap((item) => listItem(item, indent + 2))];
  }
  const members = Object.entries(value);
  if (members.length === 0) return [`${head} {}`];
  return [head, ...members.flatMap(([name, member]) => blockLines(name, member, indent + 2))];
}

function listItem(item: WantedContent, indent: number): readonly string[] {
  if (typeof item !== 'object' || isList(item)) return [`${' '.repeat(indent)}- ${printed(item)}`];
  const lines = Object.entries(item).flatMap(([name, member]) => blockLines(name, member, indent + 2));
  return lines.map((line, index) => (index === 0 ? `${' '.repeat(indent)}- ${line.trimStart()}` : line));
}

function isList(value: WantedContent): value is readonly WantedContent[] {
  return Array.isArray(value);
}

function presentDepth(object: JsonObject, at: DocumentPath): number {
  let depth = 0;
  while (depth < at.length && asObject(valueAt(object, at.slice(0, depth + 1))) !== undefined) depth += 1;
  while (depth < at.length && Array.isArray(valueAt(object, at.slice(0, depth + 1)))) {
    const inner = asObject(valueAt(object, at.slice(0, depth + 2)));
    if (inner === undefined) break;
    depth += 2;
    while (depth < at.length && asObject(valueAt(object, at.slice(0, depth + 1))) !== undefined) depth += 1;
  }
  return depth;
}

interface Member {
  readonly line: number;
  readonly column: number;
  readonly lineStarts: readonly number[];
  readonly firstKey: string;
}

/** The key stands first on its line, or right after the dash of a list. */
function isBlockMember(text: string, { line, column, lineStarts, firstKey }: Member): boolean {
  const start = lineStarts[line - 1] ?? 0;
  const before = text.slice(start, start + column - 1);
  const rest = text.slice(start + column - 1, start + column + firstKey.length + 3);
  return /^ *(?:- *)*$/.test(before) && /^["']?[^{[]/.test(rest);
}

function printed(value: WantedContent): string {
  if (typeof value === 'string') return printedText(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(printed).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]) => `${printedText(key)}: ${printed(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Plain where YAML reads it back as the same text. */
function printedText(text: string): string {
  const isPlain = /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|yes|no|on|off|null|[yn])$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
