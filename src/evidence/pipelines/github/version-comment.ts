// SPDX-License-Identifier: Apache-2.0
// The version in the comment beside a pinned action: `# v4.1.2`, `# tag=v4.1.2`, `# version: 4.1.2`.
import type { Span } from '../../../formats/span.ts';
import type { YamlComment, YamlTree } from '../../../formats/yaml-tree.ts';

/** The comment at the end of the line on which a value ends. */
export function commentBeside(tree: YamlTree, value: Span): YamlComment | undefined {
  const line = tree.lines.lineAt(Math.max(value.start, value.end - 1));
  return commentOnLine(tree, line);
}

export function commentOnLine(tree: YamlTree, line: number): YamlComment | undefined {
  let low = 0;
  let high = tree.comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tree.comments[middle]?.line ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  const comment = tree.comments[low];
  return comment?.line === line ? comment : undefined;
}

/** The version that a comment states, with its place; undefined for comments that say something else. */
export function versionIn(
  comment: YamlComment | undefined,
): { readonly version: string; readonly span: Span } | undefined {
  if (comment === undefined || comment.text.length > 200) return undefined;
  const match = /^(\s*(?:(?:tag|version|ver)\s*[:=]\s*)?)(\S+)\s*$/.exec(comment.text);
  if (match === null) return undefined;
  const version = match[2] ?? '';
  const start = comment.span.start + 1 + (match[1] ?? '').length;
  return { version, span: { start, end: start + version.length } };
}
