// SPDX-License-Identifier: Apache-2.0
// The smallest changes of a YAML text that a fix needs: a value replaced, a member added, changed or removed. Comments and layout stay.
import type { Span } from '../../../formats/span.ts';
import type { YamlEntry, YamlMapping, YamlTree } from '../../../formats/yaml-tree.ts';
import { entryOf } from '../../../formats/yaml-tree.ts';
import type { TextEdit } from '../../../model/text-edit.ts';

/** Replaces a part of the text. */
export function replaceSpan(tree: YamlTree, span: Span, text: string): TextEdit {
  return { path: tree.path, start: span.start, end: span.end, text };
}

/**
 * Sets members of the map below `key` of `parent`, adding what is absent: `with: {persist-credentials: false}`. Values are written as given.
 * Undefined where the text does not allow it: the map is an alias, which others share, or no map.
 */
export function setMembers(
  tree: YamlTree,
  parent: YamlMapping,
  change: { readonly key: string; readonly members: Readonly<Record<string, string>> },
): readonly TextEdit[] | undefined {
  if (parent.alias !== undefined) return undefined;
  const entry = entryOf(parent, change.key);
  if (entry === undefined) return addMember(tree, parent, change);
  const { value } = entry;
  if (value.alias !== undefined) return undefined;
  if (value.kind === 'scalar' && value.value === null) {
    const lines = Object.entries(change.members).map(([name, text]) => `${name}: ${text}`);
    const indent = `${lineBreakOf(tree)}${' '.repeat(columnOf(tree, entry.keySpan.start) + 2)}`;
    return [{ path: tree.path, start: value.span.end, end: value.span.end, text: indent + lines.join(indent) }];
  }
  if (value.kind !== 'mapping') return undefined;
  return setIn(tree, value, change.members);
}

/** Sets members of a map that exists. */
export function setIn(
  tree: YamlTree,
  map: YamlMapping,
  members: Readonly<Record<string, string>>,
): readonly TextEdit[] | undefined {
  if (map.alias !== undefined) return undefined;
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const [name, text] of Object.entries(members)) {
    const existing = entryOf(map, name);
    if (existing === undefined) added.push(`${name}: ${text}`);
    else if (existing.value.alias !== undefined) return undefined;
    else edits.push(replaceValue(tree, existing, text));
  }
  if (added.length > 0) edits.push(insertInto(tree, map, added));
  return edits;
}

/** The value of a member replaced; one that is empty gets one. */
export function replaceValue(tree: YamlTree, entry: YamlEntry, text: string): TextEdit {
  const { span } = entry.value;
  return span.start === span.end
    ? { path: tree.path, start: span.end, end: span.end, text: ` ${text}` }
    : replaceSpan(tree, span, text);
}

/** Removes a member; the last one takes the key of its map with it. Undefined in flow maps and behind aliases. */
export function removeMember(tree: YamlTree, owner: YamlEntry, entry: YamlEntry): TextEdit | undefined {
  const map = owner.value;
  if (map.kind !== 'mapping' || map.style !== 'block' || map.alias !== undefined) return undefined;
  const gone = map.entries.length === 1 ? owner : entry;
  const start = tree.text.lastIndexOf('\n', gone.span.start) + 1;
  // `- env:` stands behind a dash, which must stay.
  if (tree.text.slice(start, gone.span.start).trim() !== '') return undefined;
  const lineEnd = tree.text.indexOf('\n', gone.span.end);
  return { path: tree.path, start, end: lineEnd === -1 ? tree.text.length : lineEnd + 1, text: '' };
}

function addMember(
  tree: YamlTree,
  parent: YamlMapping,
  change: { readonly key: string; readonly members: Readonly<Record<string, string>> },
): readonly TextEdit[] {
  const members = Object.entries(change.members).map(([name, text]) => `${name}: ${text}`);
  if (parent.style === 'flow') return [insertInto(tree, parent, [`${change.key}: { ${members.join(', ')} }`])];
  const indent = ' '.repeat(columnOf(tree, parent.span.start) + 2);
  return [
    insertInto(tree, parent, [
      `${change.key}:`,
      ...members.map((member) => `${indent.slice(columnOf(tree, parent.span.start))}${member}`),
    ]),
  ];
}

/** Adds lines (or items, in a flow map) at the end of a map. */
function insertInto(tree: YamlTree, map: YamlMapping, lines: readonly string[]): TextEdit {
  if (map.style === 'flow') {
    const isEmpty = map.entries.length === 0;
    const at = isEmpty ? map.span.start + 1 : (map.entries.at(-1)?.span.end ?? map.span.start + 1);
    const end = isEmpty ? map.span.end - 1 : at;
    return { path: tree.path, start: at, end, text: isEmpty ? ` ${lines.join(', ')} ` : `, ${lines.join(', ')}` };
  }
  const lineBreak = lineBreakOf(tree);
  const indent = ' '.repeat(columnOf(tree, map.entries[0]?.keySpan.start ?? map.span.start));
  const at = endOfLine(tree, map.span.end);
  const text = lines.map((line) => `${lineBreak}${indent}${line}`).join('');
  return { path: tree.path, start: at, end: at, text };
}

function lineBreakOf({ text }: YamlTree): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Behind the comment of the line, but before its line break. */
function endOfLine(tree: YamlTree, offset: number): number {
  const at = tree.text.indexOf('\n', offset);
  const end = at === -1 ? tree.text.length : at;
  return tree.text.charAt(end - 1) === '\r' ? end - 1 : end;
}

/** Column counted from 0. */
function columnOf(tree: YamlTree, offset: number): number {
  return offset - (tree.text.lastIndexOf('\n', offset - 1) + 1);
}
