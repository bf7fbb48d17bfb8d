// SPDX-License-Identifier: Apache-2.0
// Syntax tree to closures. Everything that can be decided once is decided here: slots of variables, resolved names, overloads by name and arity, constants.
// What is left for each evaluation are calls of small functions on plain values.

import type {
  Binding,
  Call,
  Conditional,
  Expression,
  Index,
  ListLiteral,
  Logic,
  MapLiteral,
  MessageLiteral,
  Select,
} from './ast.ts';
import { qualifiedName, rootOf } from './ast.ts';
import { planCall } from './calls.ts';
import type { CelEnvironment, ResolvedName } from './environment.ts';
import { isMap, lookUp } from './equality.ts';
import { folded, rootCost, withoutCost } from './folding.ts';
import type { Evaluate, Frame } from './frame.ts';
import { LazyValue } from './frame.ts';
import { indexValue, optionalIndex } from './indexing.ts';
import { buildMessage } from './message-building.ts';
import { planOperator } from './operators.ts';
import type { ParsedExpression } from './parser.ts';
import type { Planning } from './planning.ts';
import { planQuantifier } from './quantifiers.ts';
import type { PresenceForm } from './selection.ts';
import { hasField, selectField } from './selection.ts';
import type { CelValue } from './values.ts';
import { CelError, CelMap, CelObject, CelOptional, CelUint, placeError, typeNameOf } from './values.ts';

export interface PlannedProgram {
  readonly evaluate: Evaluate;
  /** Slots that an activation must have room for. */
  readonly slots: number;
}

export interface PlanOptions {
  /** Keep the value of every node in the frame. */
  readonly trace?: 'on' | 'off';
}

/** Plans an expression that was checked, or one that is to be evaluated with dynamic types only. */
export function planCel(
  parsed: ParsedExpression,
  environment: CelEnvironment,
  options: PlanOptions = {},
): PlannedProgram {
  const planner = new Planner(environment, options);
  const evaluate = planner.plan(parsed.root);
  return { evaluate, slots: planner.slots };
}

class Planner implements Planning {
  readonly environment: CelEnvironment;
  readonly #isTraced: boolean;
  readonly #scope: { readonly name: string; readonly slot: number }[] = [];
  #slots: number;

  constructor(environment: CelEnvironment, options: PlanOptions) {
    this.environment = environment;
    this.#isTraced = options.trace === 'on';
    this.#slots = environment.variables.length;
  }

  get slots(): number {
    return this.#slots;
  }

  plan(expression: Expression): Evaluate {
    const evaluate = this.#plan(expression);
    if (!this.#isTraced) return evaluate;
    const { id } = expression;
    return (frame) => {
      const value = evaluate(frame);
      if (frame.trace !== undefined) frame.trace[id] = value;
      return value;
    };
  }

  /** Plans `body` with local variables; each gets a slot that no other variable alive at the same time has. */
  withLocals<Result>(names: readonly string[], body: (slots: readonly number[]) => Result): Result {
    const base = this.environment.variables.length + this.#scope.length;
    const slots = names.map((_, index) => base + index);
    for (const [index, name] of names.entries()) this.#scope.push({ name, slot: base + index });
    this.#slots = Math.max(this.#slots, base + names.length);
    const result = body(slots);
    this.#scope.length -= names.length;
    return result;
  }

  isLocal(name: string): boolean {
    return this.#scope.some((variable) => variable.name === name);
  }

  #plan(expression: Expression): Evaluate {
    switch (expression.kind) {
      case 'literal': {
        const { value } = expression;
        return () => value;
      }
      case 'identifier':
        return this.#identifier(expression);
      case 'select':
        return this.#select(expression);
      case 'index':
        return this.#index(expression);
      case 'call':
        return folded(expression, this.#call(expression));
      case 'logic':
        return this.#logic(expression);
      case 'conditional':
        return this.#conditional(expression);
      case 'list':
        return folded(expression, this.#list(expression));
      case 'map':
        return folded(expression, this.#map(expression));
      case 'message':
        return this.#message(expression);
      case 'quantifier':
        return planQuantifier(expression, this);
      default:
        return this.#binding(expression);
    }
  }

  #identifier({ name, rooted, start }: Extract<Expression, { kind: 'identifier' }>): Evaluate {
    if (rooted === 'container') {
      const local = this.#scope.findLast((variable) => variable.name === name);
      if (local !== undefined) return readSlot(local.slot);
    }
    const resolved = this.environment.resolve(rooted === 'root' ? `.${name}` : name);
    return resolved === undefined
      ? constantError(`undeclared reference to '${name}' (in container '${this.environment.container}')`, start)
      : readName(resolved, start);
  }

  #resolveQualified(expression: Select): ResolvedName | undefined {
    const name = qualifiedName({ ...expression, form: 'plain' });
    const root = rootOf(expression);
    if (name === undefined || root === undefined) return undefined;
    if (root.rooted === 'root') return this.environment.resolve(`.${name}`);
    return this.isLocal(root.name) ? undefined : this.environment.resolve(name);
  }

  #select(expression: Select): Evaluate {
    const { field, start } = expression;
    const resolved = expression.form === 'optional' ? undefined : this.#resolveQualified(expression);
    if (resolved !== undefined) return expression.form === 'test' ? () => true : readName(resolved, start);
    const operand = this.plan(expression.operand);
    const isRisky = field in Object.prototype;
    const { presence } = this.environment;
    const ownCost = rootCost(expression.operand);
    if (expression.form === 'test') return planTest(operand, { field, start, presence, ownCost });
    const stepCost = ownCost + 1;
    const isOptional = expression.form === 'optional';
    return (frame) => {
      const value = operand(frame);
      frame.cost += stepCost;
      if (
        !isOptional &&
        typeof value === 'object' &&
        value !== null &&
        !(value instanceof CelObject) &&
        !Array.isArray(value)
      ) {
        const member = (value as Readonly<Record<string, CelValue>>)[field];
        if (member !== undefined && (!isRisky || Object.hasOwn(value, field))) return member;
        return new CelError(`no such key: ${field}`, start);
      }
      const form = isOptional || value instanceof CelOptional ? presence : 'plain';
      const selected = selectField(value, field, form);
      // What is absent is not counted.
      if (selected === CelOptional.none) frame.cost -= 1;
      return placeError(selected, start);
    };
  }

  #index({ operand, index, form, start }: Index): Evaluate {
    const container = this.plan(operand);
    const key = withoutCost(index, this.plan(index));
    const stepCost = rootCost(operand) + 1;
    const read = form === 'optional' ? optionalIndex : indexValue;
    const { presence } = this.environment;
    return (frame) => {
      const value = container(frame);
      const position = key(frame);
      frame.cost += stepCost;
      if (value instanceof CelError) return value;
      if (position instanceof CelError) return position;
      return placeError(read(value, position, presence), start);
    };
  }

  #call(expression: Call): Evaluate {
    const operator = expression.target === undefined ? planOperator(expression, this) : undefined;
    return operator ?? planCall(expression, this);
  }

  #logic({ operator, operands, start }: Logic): Evaluate {
    const parts = operands.map((operand) => this.plan(operand));
    const decisive = operator === '||';
    const [first, second] = parts;
    if (parts.length === 2 && first !== undefined && second !== undefined) {
      return (frame) => {
        const left = first(frame);
        if (left === decisive) return decisive;
        const right = second(frame);
        if (right === decisive) return decisive;
        if (typeof left === 'boolean' && typeof right === 'boolean') return !decisive;
        return logicError(typeof left === 'boolean' ? right : left, { operator, start });
      };
    }
    return (frame) => {
      let odd: CelValue | undefined;
      for (const part of parts) {
        const value = part(frame);
        if (value === decisive) return decisive;
        if (typeof value !== 'boolean') odd ??= value ?? 'null';
      }
      return odd === undefined ? !decisive : logicError(odd, { operator, start });
    };
  }

  #conditional({ condition, consequent, otherwise, start }: Conditional): Evaluate {
    const test = this.plan(condition);
    const first = withoutCost(consequent, this.plan(consequent));
    const second = withoutCost(otherwise, this.plan(otherwise));
    return (frame) => {
      const value = test(frame);
      if (value === true) return first(frame);
      if (value === false) return second(frame);
      return value instanceof CelError ? value : new CelError(`no such overload: ${typeNameOf(value)} ? _ : _`, start);
    };
  }

  #list({ elements }: ListLiteral): Evaluate {
    const parts = elements.map(({ value, form }) => ({ evaluate: this.plan(value), form }));
    return (frame) => {
      frame.cost += 10;
      const list: CelValue[] = [];
      for (const { evaluate, form } of parts) {
        const value = evaluate(frame);
        if (value instanceof CelError) return value;
        if (form === 'plain') list.push(value);
        else if (!(value instanceof CelOptional)) return noOptional(value);
        else if (value.value !== undefined) list.push(value.value);
      }
      return list;
    };
  }

  #map({ entries, start }: MapLiteral): Evaluate {
    const parts = entries.map(({ key, value, form }) => ({ key: this.plan(key), value: this.plan(value), form }));
    return (frame) => {
      frame.cost += 30;
      const map = new CelMap();
      for (const { key, value, form } of parts) {
        const name = key(frame);
        if (name instanceof CelError) return name;
        const given = value(frame);
        if (given instanceof CelError) return given;
        if (form === 'optional' && !(given instanceof CelOptional)) return noOptional(given);
        const content = form === 'optional' && given instanceof CelOptional ? given.value : given;
        if (content !== undefined && !map.add(name, content)) return new CelError(keyFault(map, name), start);
      }
      return map;
    };
  }

  #message(expression: MessageLiteral): Evaluate {
    const declaration = this.environment.resolveMessage(expression.name);
    if (declaration === undefined) return constantError(`unknown type: ${expression.name}`, expression.start);
    const parts = expression.fields.map(({ name, value, form }) => ({ name, form, evaluate: this.plan(value) }));
    return (frame) => {
      frame.cost += 40;
      const fields: [string, CelValue][] = [];
      for (const { name, form, evaluate } of parts) {
        const value = evaluate(frame);
        if (value instanceof CelError) return value;
        if (form === 'plain') fields.push([name, value]);
        else if (!(value instanceof CelOptional)) return noOptional(value);
        else if (value.value !== undefined) fields.push([name, value.value]);
      }
      return placeError(buildMessage(declaration, fields), expression.start);
    };
  }

  #binding({ form, variable, value, body, start }: Binding): Evaluate {
    const initial = this.plan(value);
    return this.withLocals([variable], ([slot = 0]) => {
      const rest = this.plan(body);
      if (form === 'bind') {
        // Evaluated when it is first read, as cel.bind is: an error in a binding that nobody reads is none.
        return (frame) => {
          const before = frame.slots[slot] ?? null;
          frame.slots[slot] = new LazyValue(initial);
          const result = rest(frame);
          frame.slots[slot] = before;
          return result;
        };
      }
      return (frame) => {
        const optional = initial(frame);
        if (optional instanceof CelError) return optional;
        if (!(optional instanceof CelOptional)) return noOptional(optional);
        if (optional.value === undefined) return CelOptional.none;
        frame.slots[slot] = optional.value;
        const result = rest(frame);
        if (result instanceof CelError) return result;
        if (form === 'optMap') return new CelOptional(result);
        return result instanceof CelOptional ? result : placeError(noOptional(result), start);
      };
    });
  }
}

function readSlot(slot: number): Evaluate {
  return (frame) => {
    frame.cost += 1;
    const value = frame.slots[slot] ?? null;
    return value instanceof LazyValue ? force(value, frame) : value;
  };
}

function readName(resolved: ResolvedName, start: number): Evaluate {
  if (resolved.kind === 'constant') {
    const { value } = resolved.constant;
    return () => value;
  }
  const { slot, name } = resolved.variable;
  return (frame) => {
    frame.cost += 1;
    const value = frame.slots[slot];
    if (value === undefined) return new CelError(`no such attribute: ${name}`, start);
    return value instanceof LazyValue ? force(value, frame) : value;
  };
}

function force(value: LazyValue, frame: Frame): CelValue {
  const result = value.read(frame);
  return result === undefined ? new CelError('a variable depends on itself') : result;
}

function planTest(
  operand: Evaluate,
  {
    field,
    start,
    presence,
    ownCost,
  }: { readonly field: string; readonly start: number; readonly presence: PresenceForm; readonly ownCost: number },
): Evaluate {
  return (frame) => {
    const value = operand(frame);
    frame.cost += ownCost;
    if (typeof value === 'object' && value !== null && !(value instanceof CelObject) && !Array.isArray(value))
      return Object.hasOwn(value, field);
    return placeError(hasField(value, field, presence), start);
  };
}

function logicError(
  value: CelValue,
  { operator, start }: { readonly operator: string; readonly start: number },
): CelValue {
  return value instanceof CelError
    ? value
    : new CelError(`no such overload: ${operator} on ${typeNameOf(value)}`, start);
}

function noOptional(value: CelValue): CelError {
  return new CelError(`expected an optional value, found ${typeNameOf(value)}`);
}

function constantError(message: string, start: number): Evaluate {
  const error = new CelError(message, start);
  return () => error;
}

function keyFault(map: CelMap, key: CelValue): string {
  const isKey =
    typeof key === 'string' || typeof key === 'boolean' || typeof key === 'number' || key instanceof CelUint;
  return isKey && isMap(map) && lookUp(map, key) !== undefined
    ? `repeated map key: ${String(key instanceof CelUint ? key.value : key)}`
    : `unsupported key type: ${typeNameOf(key)}`;
}
