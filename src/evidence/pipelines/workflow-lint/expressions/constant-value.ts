// SPDX-License-Identifier: Apache-2.0
// The value of an expression that depends on nothing but what is written in it.
import type { ExpressionNode } from '../../../../formats/github-expression/ast.ts';

export type Constant = string | number | boolean | null;

/** Undefined when the value depends on a context, on the run, or on what is not computed here. */
export function constantValue(node: ExpressionNode): Constant | undefined {
  switch (node.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'number':
    case 'string':
      return node.value;
    case 'not': {
      const value = constantValue(node.operand);
      return value === undefined ? undefined : !isTruthy(value);
    }
    case 'logical':
      return logicalValue(node.operator, node.operands);
    case 'comparison': {
      const left = constantValue(node.left);
      const right = constantValue(node.right);
      return left === undefined || right === undefined ? undefined : compare(node.operator, left, right);
    }
    case 'call':
      return callValue(node.name.toLowerCase(), node.arguments);
    default:
      return undefined;
  }
}

/** `false`, `0`, `-0`, `""`, `null` and NaN are false. */
export function isTruthy(value: Constant): boolean {
  return Boolean(value);
}

function logicalValue(operator: '&&' | '||', operands: readonly ExpressionNode[]): Constant | undefined {
  let value: Constant | undefined;
  for (const operand of operands) {
    value = constantValue(operand);
    if (value === undefined) return undefined;
    if (isTruthy(value) === (operator === '||')) return value;
  }
  return value;
}

/** Values of different types are compared as numbers; texts without case. */
function compare(operator: string, left: Constant, right: Constant): boolean {
  const bothTexts = typeof left === 'string' && typeof right === 'string';
  const a = bothTexts ? left.toLowerCase() : toNumber(left);
  const b = bothTexts ? right.toLowerCase() : toNumber(right);
  if (operator === '==') return a === b;
  if (operator === '!=') return a !== b;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function toNumber(value: Constant): number {
  return typeof value === 'string' && value.trim() !== '' && value.length > 100 ? Number.NaN : Number(value);
}

function callValue(name: string, given: readonly ExpressionNode[]): Constant | undefined {
  const values = given.map(constantValue);
  if (values.some((value) => value === undefined)) return undefined;
  const texts = values.map((value) => String(value ?? ''));
  const [first = '', second = ''] = texts;
  if (name === 'contains' && texts.length === 2) return first.toLowerCase().includes(second.toLowerCase());
  if (name === 'startswith' && texts.length === 2) return first.toLowerCase().startsWith(second.toLowerCase());
  if (name === 'endswith' && texts.length === 2) return first.toLowerCase().endsWith(second.toLowerCase());
  if (name === 'format' && texts.length > 0) return formatted(first, texts.slice(1));
  if (name === 'join' && texts.length > 0) return first;
  if (name === 'tojson' && values.length === 1) return JSON.stringify(values[0]);
  return undefined;
}

function formatted(template: string, values: readonly string[]): string | undefined {
  if (template.length > 2_000 || values.some((value) => value.length > 2_000)) return undefined;
  return template.replace(/\{\{|\}\}|\{(\d{1,3})\}/g, (part, index: string | undefined) =>
    index === undefined ? part.charAt(0) : (values[Number(index)] ?? part),
  );
}
