// SPDX-License-Identifier: Apache-2.0
// What an expression evaluates to when it names nothing: literals, operators and pure functions over them.
// https://docs.github.com/actions/reference/workflows-and-actions/expressions
import type { ExpressionNode } from '../../../formats/github-expression/ast.ts';

/** Objects and lists are told apart only as `structure`: they have no text form in a template. */
export type ConstantValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'structure'; readonly value: unknown };

/** Undefined when the expression depends on a context, or on a function that looks at the world. */
export function constantOf(node: ExpressionNode): ConstantValue | undefined {
  switch (node.kind) {
    case 'null':
      return { kind: 'null' };
    case 'boolean':
    case 'number':
      return { kind: node.kind, value: node.value } as ConstantValue;
    case 'string':
      return { kind: 'string', value: node.value };
    case 'not': {
      const operand = constantOf(node.operand);
      return operand === undefined ? undefined : { kind: 'boolean', value: !isTruthy(operand) };
    }
    case 'comparison':
      return compared(node.operator, constantOf(node.left), constantOf(node.right));
    case 'logical':
      return logical(node.operator, node.operands.map(constantOf));
    case 'call':
      return called(node.name.toLowerCase(), node.arguments.map(constantOf));
    default:
      return undefined;
  }
}

export function isTruthy(value: ConstantValue): boolean {
  if (value.kind === 'null') return false;
  if (value.kind === 'boolean') return value.value;
  if (value.kind === 'number') return value.value !== 0 && !Number.isNaN(value.value);
  return value.kind === 'structure' || value.value !== '';
}

/** As a template prints it; undefined for objects and lists. */
export function printConstant(value: ConstantValue): string | undefined {
  if (value.kind === 'null') return '';
  return value.kind === 'structure' ? undefined : String(value.value);
}

function logical(operator: '&&' | '||', values: readonly (ConstantValue | undefined)[]): ConstantValue | undefined {
  if (values.some((value) => value === undefined)) return undefined;
  const known = values.filter((value) => value !== undefined);
  const decides = operator === '&&' ? (value: ConstantValue) => !isTruthy(value) : isTruthy;
  return known.find(decides) ?? known.at(-1);
}

function compared(
  operator: string,
  left: ConstantValue | undefined,
  right: ConstantValue | undefined,
): ConstantValue | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left.kind === 'structure' || right.kind === 'structure') return undefined;
  const [first, second] = operandsOf(left, right);
  return { kind: 'boolean', value: decide(operator, first, second) };
}

type Comparable = string | number;

/** Different types are compared as numbers, texts without case. */
function operandsOf(left: ConstantValue, right: ConstantValue): readonly [Comparable, Comparable] {
  if (left.kind === 'string' && right.kind === 'string') return [left.value.toLowerCase(), right.value.toLowerCase()];
  return [asNumber(left), asNumber(right)];
}

function decide(operator: string, left: Comparable, right: Comparable): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function asNumber(value: ConstantValue): number {
  if (value.kind === 'null') return 0;
  if (value.kind === 'boolean') return value.value ? 1 : 0;
  if (value.kind === 'number') return value.value;
  if (value.kind === 'structure') return Number.NaN;
  const text = value.value.trim();
  return text === '' ? 0 : Number(text);
}

function called(name: string, values: readonly (ConstantValue | undefined)[]): ConstantValue | undefined {
  if (values.some((value) => value === undefined)) return undefined;
  const given = values.filter((value) => value !== undefined);
  const [first, second] = given;
  if (name === 'format') return formatted(given);
  if (name === 'tojson' && first !== undefined) return { kind: 'string', value: JSON.stringify(plain(first), null, 2) };
  if (name === 'fromjson' && first?.kind === 'string') return fromJson(first.value);
  if (name === 'join' && first !== undefined) return joined(first, second);
  if (first === undefined || second === undefined) return undefined;
  if (name === 'contains') return contains(first, second);
  const whole = printConstant(first)?.toLowerCase();
  const part = printConstant(second)?.toLowerCase();
  if (whole === undefined || part === undefined) return undefined;
  if (name === 'startswith') return { kind: 'boolean', value: whole.startsWith(part) };
  return name === 'endswith' ? { kind: 'boolean', value: whole.endsWith(part) } : undefined;
}

/** `{{` and `}}` stand for braces; a number without an argument is a fault, which is no constant. */
function formatted(given: readonly ConstantValue[]): ConstantValue | undefined {
  const [pattern, ...values] = given;
  if (pattern?.kind !== 'string') return undefined;
  const texts = values.map(printConstant);
  if (texts.some((text) => text === undefined)) return undefined;
  let isFaulty = false;
  const value = pattern.value.replace(/\{\{|\}\}|\{(\d{1,3})\}|[{}]/g, (match, index: string | undefined) => {
    if (match === '{{') return '{';
    if (match === '}}') return '}';
    const text = index === undefined ? undefined : texts[Number(index)];
    isFaulty ||= text === undefined;
    return text ?? '';
  });
  return isFaulty ? undefined : { kind: 'string', value };
}

function contains(whole: ConstantValue, part: ConstantValue): ConstantValue | undefined {
  const wanted = printConstant(part)?.toLowerCase();
  if (wanted === undefined) return undefined;
  if (whole.kind === 'structure') {
    if (!Array.isArray(whole.value)) return undefined;
    return { kind: 'boolean', value: whole.value.some((item) => String(item).toLowerCase() === wanted) };
  }
  return { kind: 'boolean', value: (printConstant(whole) ?? '').toLowerCase().includes(wanted) };
}

function joined(list: ConstantValue, separator: ConstantValue | undefined): ConstantValue | undefined {
  const between = separator === undefined ? ',' : printConstant(separator);
  if (between === undefined) return undefined;
  if (list.kind !== 'structure') return { kind: 'string', value: printConstant(list) ?? '' };
  if (!Array.isArray(list.value) || list.value.some((item) => item !== null && typeof item === 'object'))
    return undefined;
  return { kind: 'string', value: list.value.map((item) => String(item ?? '')).join(between) };
}

function fromJson(text: string): ConstantValue | undefined {
  try {
    return constantOfJson(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function constantOfJson(value: unknown): ConstantValue {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'number') return { kind: 'number', value };
  return typeof value === 'string' ? { kind: 'string', value } : { kind: 'structure', value };
}

function plain(value: ConstantValue): unknown {
  return value.kind === 'null' ? null : value.value;
}
