// SPDX-License-Identifier: Apache-2.0
// The small pieces of which the typed model is made: texts, lists of texts and maps of texts, each with its place.
import type { Problem } from '../../model/problem.ts';
import type { YamlEntry, YamlNode, YamlScalar, YamlTree } from '../yaml-tree.ts';
import { entriesIn, entryOf } from '../yaml-tree.ts';

/** A scalar; numbers and booleans as they are written. */
export interface WorkflowText {
  readonly text: string;
  readonly node: YamlScalar;
  /** The member it is the value of; absent for items of lists. */
  readonly entry?: YamlEntry;
}

export interface NamedText extends WorkflowText {
  readonly name: string;
  readonly entry: YamlEntry;
}

/** A map of texts; `expression` when the whole map is one, as in `env: ${{ fromJSON(...) }}`. */
export interface TextMap {
  readonly entry: YamlEntry;
  readonly members: readonly NamedText[];
  readonly expression?: WorkflowText;
}

/** Where readers of the model leave what has the wrong shape. */
export interface ModelContext {
  readonly tree: YamlTree;
  readonly problems: Problem[];
}

export function readText(node: YamlNode | undefined, key: string): WorkflowText | undefined {
  const entry = entryOf(node, key);
  return entry === undefined ? undefined : textOf(entry.value, entry);
}

/** A scalar that is not null. */
export function textOf(node: YamlNode, entry?: YamlEntry): WorkflowText | undefined {
  if (node.kind !== 'scalar' || node.value === null) return undefined;
  return { text: node.text, node, ...(entry === undefined ? {} : { entry }) };
}

export function readTextMap(node: YamlNode | undefined, key: string): TextMap | undefined {
  const entry = entryOf(node, key);
  if (entry === undefined) return undefined;
  const expression = textOf(entry.value, entry);
  return { entry, members: namedTexts(entry.value), ...(expression === undefined ? {} : { expression }) };
}

/** Members whose values are scalars; null counts as an empty text. */
export function namedTexts(node: YamlNode | undefined): readonly NamedText[] {
  return entriesIn(node).flatMap((entry) =>
    entry.value.kind === 'scalar' ? [{ name: entry.key, text: entry.value.text, node: entry.value, entry }] : [],
  );
}

/** One text, or a list of texts. */
export function readTexts(node: YamlNode | undefined): readonly WorkflowText[] {
  if (node === undefined) return [];
  if (node.kind === 'sequence') return node.items.flatMap((item) => textOf(item) ?? []);
  const text = textOf(node);
  return text === undefined ? [] : [text];
}

/** The member of a map by its name, whose case does not matter (inputs of actions are read so). */
export function namedText(map: TextMap | undefined, name: string): NamedText | undefined {
  const lower = name.toLowerCase();
  return map?.members.findLast((member) => member.name.toLowerCase() === lower);
}

/** Notes a wrong shape; such a file is refused by GitHub, so nothing of it runs, but it is said. */
export function wrongShape(context: ModelContext, node: YamlNode, message: string): void {
  if (context.problems.length > 100) return;
  const { path, lines } = context.tree;
  context.problems.push({
    kind: 'schema',
    message,
    location: lines.locate(path, node.place.start),
    hidesFindings: true,
  });
}

type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out members that are undefined, as optional members of the model want it. */
export function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}
