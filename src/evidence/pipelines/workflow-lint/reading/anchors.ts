// SPDX-License-Identifier: Apache-2.0
// Anchors that nothing refers to: GitHub accepts them, and they are always a slip.
import type { YamlNode, YamlTree } from '../../../../formats/yaml-tree.ts';
import type { Report } from '../fault.ts';

interface Anchor {
  readonly name: string;
  readonly offset: number;
  /** Where the value begins: an alias knows only that. */
  readonly start: number;
  readonly end: number;
  isUsed: boolean;
}

export function reportUnusedAnchors(tree: YamlTree, report: Report): void {
  const anchors: Anchor[] = [];
  collect(tree, tree.root, anchors);
  for (const { name, offset, isUsed } of anchors)
    if (!isUsed)
      report({ kind: 'syntax-check', message: `anchor ${JSON.stringify(name)} is defined but not used`, offset });
}

function collect(tree: YamlTree, node: YamlNode | undefined, anchors: Anchor[]): void {
  if (node === undefined) return;
  if (node.alias !== undefined) {
    const used = anchors.findLast((anchor) => anchor.name === node.alias && anchor.start === node.span.start);
    if (used !== undefined) used.isUsed = true;
    return;
  }
  const source = tree.text.slice(node.place.start, node.span.start + 1);
  // An alias into the anchor it stands in has no value and no name; it uses the anchor all the same.
  if (source.startsWith('*')) {
    const name = tree.text.slice(node.span.start + 1, node.span.end);
    const used = anchors.findLast((anchor) => anchor.name === name);
    if (used !== undefined) used.isUsed = true;
    return;
  }
  const name = /^(?:![^\s]*\s+)?&([^\s,[\]{}]+)/.exec(source)?.[1];
  if (name !== undefined)
    anchors.push({ name, offset: node.place.start, start: node.span.start, end: node.span.end, isUsed: false });
  if (node.kind === 'sequence') for (const item of node.items) collect(tree, item, anchors);
  if (node.kind === 'mapping') for (const entry of node.entries) collect(tree, entry.value, anchors);
}
