// SPDX-License-Identifier: Apache-2.0
// The expressions of a file with their places in it.
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import type { ExpressionSite } from '../../../formats/github-expression/find-expressions.ts';
import { findExpressions } from '../../../formats/github-expression/find-expressions.ts';
import { parseExpression } from '../../../formats/github-expression/parse-expression.ts';
import type { Span } from '../../../formats/span.ts';
import type { ScalarOffsets } from '../../../formats/yaml-offsets.ts';
import { scalarOffsets } from '../../../formats/yaml-offsets.ts';
import type { YamlNode, YamlScalar, YamlTree } from '../../../formats/yaml-tree.ts';

/** One `${{ }}` (or a condition without braces) that could be parsed. */
export interface FileExpression {
  readonly scalar: YamlScalar;
  readonly node: ExpressionNode;
  /** What stands between the braces, blanks included. */
  readonly source: string;
  /** With the braces, in the file. */
  readonly span: Span;
  /** With the braces, in the decoded text of the scalar. */
  readonly inText: Span;
  /** Place of a part of the expression in the file. */
  place(part: Span): Span;
  /** A part of the expression, as written. */
  written(part: Span): string;
}

/** Remembers what was found, because several checks look at the same scalars. */
export class ExpressionCache {
  readonly tree: YamlTree;
  readonly #found = new Map<number, readonly FileExpression[]>();
  readonly #offsets = new Map<number, ScalarOffsets>();

  constructor(tree: YamlTree) {
    this.tree = tree;
  }

  offsetsOf(scalar: YamlScalar): ScalarOffsets {
    const known = this.#offsets.get(scalar.span.start);
    if (known !== undefined) return known;
    const offsets = scalarOffsets(this.tree.text, scalar);
    this.#offsets.set(scalar.span.start, offsets);
    return offsets;
  }

  /** All `${{ }}` of a scalar. */
  in(scalar: YamlScalar): readonly FileExpression[] {
    const known = this.#found.get(scalar.span.start);
    if (known !== undefined) return known;
    const found = scalar.text.includes('${{')
      ? findExpressions(scalar.text).flatMap((site) => this.#of(scalar, site))
      : [];
    this.#found.set(scalar.span.start, found);
    return found;
  }

  /** The expressions of a condition: those in braces, or else the whole text, which is one without them. */
  ofCondition(scalar: YamlScalar): readonly FileExpression[] {
    if (scalar.text.includes('${{')) return this.in(scalar);
    const parsed = parseExpression(scalar.text);
    if (parsed.kind === 'fault') return [];
    const inText = { start: 0, end: scalar.text.length };
    return [this.#made(scalar, { node: parsed.node, source: scalar.text, sourceStart: 0, inText })];
  }

  /** All `${{ }}` below a node, aliases left out: what they stand for is found where it stands. */
  below(node: YamlNode | undefined): readonly FileExpression[] {
    return scalarsBelow(node).flatMap((scalar) => this.in(scalar));
  }

  #of(scalar: YamlScalar, site: ExpressionSite): readonly FileExpression[] {
    if (site.parsed.kind === 'fault') return [];
    const { source, sourceStart, start, end } = site;
    return [this.#made(scalar, { node: site.parsed.node, source, sourceStart, inText: { start, end } })];
  }

  #made(
    scalar: YamlScalar,
    found: { node: ExpressionNode; source: string; sourceStart: number; inText: Span },
  ): FileExpression {
    const offsets = this.offsetsOf(scalar);
    const { sourceStart } = found;
    return {
      scalar,
      node: found.node,
      source: found.source,
      inText: found.inText,
      span: offsets.span(found.inText.start, found.inText.end),
      place: ({ start, end }) => offsets.span(sourceStart + start, sourceStart + end),
      written: ({ start, end }) => found.source.slice(start, end),
    };
  }
}

/** Scalars that are values, in the order of the text. */
export function scalarsBelow(node: YamlNode | undefined): readonly YamlScalar[] {
  const scalars: YamlScalar[] = [];
  const open: YamlNode[] = node === undefined ? [] : [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.alias !== undefined && next !== node) continue;
    if (next.kind === 'scalar') scalars.push(next);
    else open.push(...(next.kind === 'mapping' ? next.entries.map(({ value }) => value) : next.items).toReversed());
  }
  return scalars;
}
