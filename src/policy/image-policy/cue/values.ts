// SPDX-License-Identifier: Apache-2.0
// Values that expressions of a CUE policy have: literals, members that they refer to, calls. What a value is held against is judge.ts.
import { RE2JS } from 're2js';
import { asObject } from '../../../formats/document.ts';
import type { BoundOperator, CueExpression, CueStruct } from './syntax.ts';
import { CueFault } from './syntax.ts';

/** The document is not what the policy asks for. */
export class Violation extends Error {}

export interface Run {
  readonly imports: ReadonlySet<string>;
  /** Names that some expression refers to. */
  readonly referred: ReadonlySet<string>;
  readonly steps: { left: number; open: number };
}

/** A struct of the policy, and the data that stands at its place. */
export interface Frame {
  readonly struct: CueStruct;
  readonly data: unknown;
  readonly parent: Frame | undefined;
}

export interface Conjunct {
  readonly expression: CueExpression;
  readonly frame: Frame;
}

export function step({ steps }: Run): void {
  steps.left -= 1;
  if (steps.left < 0) throw new CueFault('the policy takes too long');
}

export function hasField({ fields }: CueStruct, name: string): boolean {
  return fields.some(({ label }) => label === name);
}

export function functionName(of: CueExpression, { imports }: Run): string | undefined {
  if (of.kind === 'name') return of.name;
  if (of.kind !== 'select' || of.of.kind !== 'name' || !imports.has(of.of.name)) return undefined;
  return `${of.of.name}.${of.member}`;
}

const constants: Readonly<Record<string, string>> = {
  'time.RFC3339': '2006-01-02T15:04:05Z07:00',
  'time.RFC3339Nano': '2006-01-02T15:04:05.999999999Z07:00',
};

/** A value that is known: of the policy, or of the document at the place of a member that is referred to. */
export function valueOf({ expression, frame }: Conjunct, run: Run): unknown {
  step(run);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return referredValue(expression.name, frame, run);
    case 'select':
      return selected({ expression, frame }, run);
    case 'call':
      return called({ expression, frame }, run);
    case 'not': {
      const operand = valueOf({ expression: expression.operand, frame }, run);
      if (typeof operand !== 'boolean')
        throw new CueFault('"!" stands before something that is neither true nor false');
      return !operand;
    }
    case 'binary':
      return computed({ expression, frame }, run);
    default:
      throw new CueFault('a value is expected where there is a constraint');
  }
}

/** The nearest member of that name around the expression; what the document says there counts, else what the policy says. */
function referredValue(name: string, frame: Frame, run: Run): unknown {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.parent) {
    if (!hasField(at.struct, name)) continue;
    const object = asObject(at.data);
    if (object !== undefined && Object.hasOwn(object, name)) return object[name];
    const field = at.struct.fields.find(({ label }) => label === name);
    if (field !== undefined) return referredPolicyValue({ expression: field.value, frame: at }, run);
  }
  throw new CueFault(`"${name.slice(0, 60)}" is not known`);
}

const deepest = 100;

/** Members may refer to each other in a circle. */
function referredPolicyValue(conjunct: Conjunct, run: Run): unknown {
  const { steps } = run;
  steps.open += 1;
  if (steps.open > deepest) throw new CueFault('members that refer to each other too deeply');
  const value = valueOf(conjunct, run);
  steps.open -= 1;
  return value;
}

function selected(
  { expression, frame }: Conjunct & { readonly expression: Extract<CueExpression, { kind: 'select' }> },
  run: Run,
): unknown {
  const name = functionName(expression, run) ?? '';
  if (Object.hasOwn(constants, name)) return constants[name];
  const of = asObject(valueOf({ expression: expression.of, frame }, run));
  if (of !== undefined && Object.hasOwn(of, expression.member)) return of[expression.member];
  // CUE cannot go on either: a reference to nothing.
  throw new Violation(`${expression.member.slice(0, 60)} is missing, and the policy refers to it`);
}

function called(
  { expression, frame }: Conjunct & { readonly expression: Extract<CueExpression, { kind: 'call' }> },
  run: Run,
): unknown {
  const name = functionName(expression.of, run);
  const values = expression.arguments.map((item) => valueOf({ expression: item, frame }, run));
  if (name === 'len' && values.length === 1) return lengthOf(values[0]);
  if (name === 'time.Parse' && values.length === 2) return parsedTime(values[0], values[1]);
  throw new CueFault(`the function ${(name ?? '').slice(0, 60)} is not known here`);
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  const object = asObject(value);
  if (object === undefined) throw new CueFault('len of something that has no length');
  return Object.keys(object).length;
}

function parsedTime(layout: unknown, text: unknown): string {
  if (typeof text !== 'string' || !Object.values(constants).includes(String(layout)))
    throw new CueFault('time.Parse is known for RFC 3339 only');
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new CueFault(`time.Parse: ${text.slice(0, 40)} is no time`);
  return new Date(time).toISOString().replace(/\.?0{0,3}Z$/, 'Z');
}

function computed(
  { expression, frame }: Conjunct & { readonly expression: Extract<CueExpression, { kind: 'binary' }> },
  run: Run,
): unknown {
  const { operator, left, right } = expression;
  const first = valueOf({ expression: left, frame }, run);
  const second = valueOf({ expression: right, frame }, run);
  if (operator === '==') return isSame(first, second);
  if (operator === '!=') return !isSame(first, second);
  if (operator === '&&' || operator === '||') {
    if (typeof first !== 'boolean' || typeof second !== 'boolean')
      throw new CueFault(`"${operator}" stands between things that are neither true nor false`);
    return operator === '&&' ? first && second : first || second;
  }
  if (['<', '<=', '>', '>='].includes(operator)) return isWithin(operator as BoundOperator, first, second);
  if (operator === '+' && typeof first === 'string' && typeof second === 'string') return first + second;
  if (typeof first === 'number' && typeof second === 'number' && (operator === '+' || operator === '-'))
    return operator === '+' ? first + second : first - second;
  throw new CueFault(`"${operator}" is not judged between these`);
}

const longestText = 100_000;

export function isWithin(operator: BoundOperator, data: unknown, limit: unknown): boolean {
  if (operator === '!=') return !isSame(data, limit);
  if (operator === '=~' || operator === '!~') {
    if (typeof limit !== 'string' || limit.length > 1_000) throw new CueFault('an expression is expected');
    if (typeof data !== 'string') return false;
    if (data.length > longestText) throw new CueFault(`a text of more than ${longestText} characters is not searched`);
    return matches(limit, data) === (operator === '=~');
  }
  const comparable = typeof data === typeof limit && (typeof data === 'string' || typeof data === 'number');
  if (!comparable) return false;
  const [left, right] = [data, limit as string | number];
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function matches(expression: string, text: string): boolean {
  try {
    return RE2JS.compile(expression).matcher(text).find();
  } catch {
    throw new CueFault('not an RE2 expression');
  }
}

/** Equal as JSON; members may stand in any order. */
export function isSame(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) || Array.isArray(right))
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => isSame(item, right[index]))
    );
  const [one, other] = [asObject(left), asObject(right)];
  if (one === undefined || other === undefined) return left === right;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}
