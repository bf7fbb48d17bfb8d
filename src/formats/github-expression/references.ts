// SPDX-License-Identifier: Apache-2.0
// What an expression names: chains of members that begin at a context.
import type { ExpressionNode } from './ast.ts';
import { nodesOf } from './ast.ts';

/** One step of a chain: a name, `*` for each member, or undefined where the index is computed. */
export type ReferenceStep = string | undefined;

/**
 * The names of a chain in lower case: `github.event['Pages'].*.page_name` gives `['github', 'event', 'pages', '*', 'page_name']`.
 * Undefined when the node is no chain that begins at a context.
 */
export function referenceOf(node: ExpressionNode): readonly ReferenceStep[] | undefined {
  const steps: ReferenceStep[] = [];
  let at = node;
  for (;;) {
    if (at.kind === 'variable') return [at.name.toLowerCase(), ...steps.reverse()];
    if (at.kind === 'property') steps.push(at.name.toLowerCase());
    else if (at.kind === 'star') steps.push('*');
    else if (at.kind === 'index') steps.push(at.index.kind === 'string' ? at.index.value.toLowerCase() : undefined);
    else return undefined;
    at = at.receiver;
  }
}

export interface Reference {
  readonly steps: readonly ReferenceStep[];
  readonly node: ExpressionNode;
}

/** The longest chains of a tree, those inside computed indexes too. */
export function referencesOf(root: ExpressionNode): readonly Reference[] {
  const found: Reference[] = [];
  const inside = new Set<ExpressionNode>();
  for (const node of nodesOf(root)) {
    if (inside.has(node)) {
      if (node.kind === 'property' || node.kind === 'index' || node.kind === 'star') inside.add(node.receiver);
      continue;
    }
    const steps = referenceOf(node);
    if (steps === undefined) continue;
    found.push({ steps, node });
    if (node.kind === 'property' || node.kind === 'index' || node.kind === 'star') inside.add(node.receiver);
  }
  return found;
}
