// SPDX-License-Identifier: Apache-2.0
// From an index in the value of a scalar to the offset in the file. Exact for plain text in one line and for literal blocks; where YAML folds
// lines or decodes escapes it is near.
import { LineIndex } from '../../../../formats/text.ts';
import type { YamlNode } from '../../../../formats/yaml-tree.ts';

/** Of a plain or quoted scalar. */
export function inlineOffset(node: YamlNode, index: number, quotes: 0 | 1): number {
  const { start, end } = node.span;
  return Math.min(start + index + quotes, Math.max(start, end - 1));
}

/** Of a block, whose lines follow the line of its `|` or `>`. The lines are counted once, when first asked for. */
export function blockOffsets(source: string, value: string, start: number): (index: number) => number {
  let lines: { readonly ofValue: LineIndex; readonly ofSource: LineIndex } | undefined;
  return (index) => {
    lines ??= { ofValue: new LineIndex(value), ofSource: new LineIndex(source) };
    const line = lines.ofValue.lineAt(index);
    const column = index - lines.ofValue.startOf(line);
    const lineStart = lines.ofSource.startOf(line + 1);
    const indent = /^[ ]*/.exec(source.slice(lineStart, lineStart + 200))?.[0].length ?? 0;
    return start + Math.min(lineStart + indent + column, Math.max(0, source.length - 1));
  };
}
