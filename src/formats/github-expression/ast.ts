// SPDX-License-Identifier: Apache-2.0
// The tree of one GitHub Actions expression. Offsets are UTF-16 code units, relative to the text of the expression (what stands between
// `${{` and `}}`, blanks included). The tree says what was written; what contexts and functions there are is no concern of it.

export interface Span {
  readonly start: number;
  /** The offset after the last character. */
  readonly end: number;
}

export interface NullLiteral extends Span {
  readonly kind: 'null';
}

export interface BooleanLiteral extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: number;
  /** As it was written: `1` and `1.0` are not told apart by their value. */
  readonly text: string;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

/** A name that stands alone: a context. Names are compared without case; `name` is as written. */
export interface Variable extends Span {
  readonly kind: 'variable';
  readonly name: string;
}

/** `receiver.name` */
export interface PropertyAccess extends Span {
  readonly kind: 'property';
  readonly receiver: ExpressionNode;
  readonly name: string;
  readonly nameStart: number;
}

/** `receiver[index]` */
export interface IndexAccess extends Span {
  readonly kind: 'index';
  readonly receiver: ExpressionNode;
  readonly index: ExpressionNode;
}

/** `receiver.*` or `receiver[*]`: each member. */
export interface StarAccess extends Span {
  readonly kind: 'star';
  readonly receiver: ExpressionNode;
}

export interface FunctionCall extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly ExpressionNode[];
}

export interface Not extends Span {
  readonly kind: 'not';
  readonly operand: ExpressionNode;
}

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export interface Comparison extends Span {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** `a && b && c` is one node with three operands, so that a long chain is no deep tree. */
export interface Logical extends Span {
  readonly kind: 'logical';
  readonly operator: '&&' | '||';
  /** Two or more. */
  readonly operands: readonly ExpressionNode[];
}

export type ExpressionNode =
  | NullLiteral
  | BooleanLiteral
  | NumberLiteral
  | StringLiteral
  | Variable
  | PropertyAccess
  | IndexAccess
  | StarAccess
  | FunctionCall
  | Not
  | Comparison
  | Logical;

/** Why a text is no expression. */
export interface ExpressionFault {
  readonly kind: 'syntax' | 'limit';
  /** One sentence without a full stop. */
  readonly message: string;
  readonly offset: number;
}

export type ParsedExpression =
  | { readonly kind: 'expression'; readonly node: ExpressionNode }
  | { readonly kind: 'fault'; readonly fault: ExpressionFault };

/** The direct children of a node, in the order they stand in the text. */
export function childrenOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.kind) {
    case 'property':
    case 'star':
      return [node.receiver];
    case 'index':
      return [node.receiver, node.index];
    case 'call':
      return node.arguments;
    case 'not':
      return [node.operand];
    case 'comparison':
      return [node.left, node.right];
    case 'logical':
      return node.operands;
    default:
      return [];
  }
}

/** The node and all below it, parents before children. */
export function nodesOf(root: ExpressionNode): readonly ExpressionNode[] {
  const nodes: ExpressionNode[] = [];
  const open: ExpressionNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    nodes.push(node);
    open.push(...[...childrenOf(node)].reverse());
  }
  return nodes;
}
