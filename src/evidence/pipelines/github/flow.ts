// SPDX-License-Identifier: Apache-2.0
// Which parts of an expression reach its text: a comparison yields a boolean, `a && b` yields b, `format` yields its arguments.
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';
import { referenceOf } from '../../../formats/github-expression/references.ts';

/** Functions whose result holds the text of their arguments. */
const passing: ReadonlySet<string> = new Set(['tojson', 'format', 'join']);

/** Contexts (chains of members) whose text becomes part of the result, in the order of the text. */
export function flowingContexts(root: ExpressionNode): readonly ExpressionNode[] {
  switch (root.kind) {
    case 'variable':
    case 'property':
    case 'index':
    case 'star':
      return [root];
    case 'logical': {
      // A chain with && yields its last operand when all before it hold, else one that is empty.
      const operands = root.operator === '&&' ? root.operands.slice(-1) : root.operands;
      return operands.flatMap(flowingContexts);
    }
    case 'call': {
      const name = root.name.toLowerCase();
      if (passing.has(name)) return root.arguments.flatMap(flowingContexts);
      if (name === 'case')
        return root.arguments.filter((_argument, at) => isResult(root.arguments.length, at)).flatMap(flowingContexts);
      return [];
    }
    default:
      return [];
  }
}

/** `case(condition, result, condition, result, otherwise)`. */
function isResult(count: number, at: number): boolean {
  return at % 2 === 1 || at === count - 1;
}

/**
 * The chain of a context like referenceOf, with `*` for numeric indexes: they all name a member of the same list. Undefined when it begins at
 * the result of a function, as in `fromJSON(x).y`.
 */
export function contextPath(node: ExpressionNode): readonly string[] | undefined {
  return referenceOf(node)?.map((step) => step ?? '*');
}

/** Whether a chain is exactly the one written with dots: `isContext(node, 'github.actor')`. */
export function isContext(node: ExpressionNode, dotted: string): boolean {
  return contextPath(node)?.join('.') === dotted;
}
