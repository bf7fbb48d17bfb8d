// SPDX-License-Identifier: Apache-2.0
// Pipelines of Helm's templates: what `.Values.image.tag | default "1" | quote` gives. Where Helm would end with an error it is noted, and the value is unknown.
import type { Command, Operand, Pipeline } from '../go-template/pipeline.ts';
import type { FunctionPlace } from './functions/arguments.ts';
import { functions } from './functions/index.ts';
import { HelmObject, HelmRefusal, isDictionary, isTrue, kindOf, TooLarge, unknown } from './value.ts';

export interface Scope {
  readonly dot: unknown;
  /** Boxes, so that an assignment is seen outside of a block. `$` is among them. */
  readonly variables: Map<string, { value: unknown }>;
  /** False where an unknown condition or loop leads: whether it comes to this nobody knows. */
  readonly isSure: boolean;
}

const deepest = 60;

/** The value of a pipeline; variables that it declares or assigns are set in the scope. Never throws. */
export function evaluate(pipeline: Pipeline, scope: Scope, place: FunctionPlace): unknown {
  let value: unknown;
  try {
    value = new Evaluation(place).commands(pipeline, scope, 0);
  } catch (error) {
    value = faultValue(error, place);
  }
  for (const name of pipeline.variables) {
    const box = scope.variables.get(name);
    if (pipeline.isAssignment && box !== undefined) box.value = scope.isSure ? value : unknown;
    else if (pipeline.isAssignment) place.refuse(`undefined variable "${name}"`);
    else scope.variables.set(name, { value });
  }
  return value;
}

function faultValue(error: unknown, place: FunctionPlace): unknown {
  if (error instanceof HelmRefusal) place.refuse(error.message);
  else if (!(error instanceof TooLarge) && !(error instanceof RangeError)) throw error;
  return unknown;
}

class Evaluation {
  readonly #place: FunctionPlace;

  constructor(place: FunctionPlace) {
    this.#place = place;
  }

  commands({ commands }: Pipeline, scope: Scope, depth: number): unknown {
    if (depth > deepest) throw new TooLarge();
    let value: unknown;
    for (const [index, command] of commands.entries())
      value = this.#command(command, { scope, depth, piped: index === 0 ? [] : [value] });
    return value;
  }

  #command([head, ...rest]: Command, at: Place): unknown {
    this.#place.step();
    if (head === undefined) return undefined;
    const hasArguments = rest.length > 0 || at.piped.length > 0;
    if (head.kind === 'function') return this.#call(head.name, rest, at);
    if (head.kind === 'literal') {
      if (hasArguments) throw new HelmRefusal("can't give argument to non-function");
      return this.#operand(head, at);
    }
    if (!hasArguments) return this.#operand(head, at);
    return this.#method(head, rest, at);
  }

  #call(name: string, rest: readonly Operand[], at: Place): unknown {
    if (name === 'and' || name === 'or') return this.#shortened(name, rest, at);
    const operate = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (operate === undefined) throw new HelmRefusal(`function "${name}" not defined`);
    const values = [...rest.map((operand) => this.#operand(operand, at)), ...at.piped];
    for (const value of values) this.#weigh(value);
    const result = operate(values, this.#place);
    this.#weigh(result);
    return result;
  }

  /** Long texts and lists are more work. */
  #weigh(value: unknown): void {
    if (typeof value === 'string' && value.length > 100) this.#place.step(value.length / 100);
    if (Array.isArray(value) && value.length > 10) this.#place.step(value.length / 10);
  }

  /** `and` gives the first value that is empty, `or` the first that is not; what comes behind it is not looked at. */
  #shortened(name: 'and' | 'or', rest: readonly Operand[], at: Place): unknown {
    const values = [
      ...rest.map((operand) => () => this.#operand(operand, at)),
      ...at.piped.map((value) => () => value),
    ];
    let result: unknown;
    let hasUnknown = false;
    for (const look of values) {
      result = look();
      if (result === unknown) hasUnknown = true;
      else if (isTrue(result) === (name === 'or')) return hasUnknown && name === 'or' ? unknown : result;
    }
    return hasUnknown ? unknown : result;
  }

  /** A method with arguments: `.Files.Get "a"`. */
  #method(head: Exclude<Operand, { kind: 'function' | 'literal' }>, rest: readonly Operand[], at: Place): unknown {
    const { fields } = head;
    const owner = this.#operand({ ...head, fields: fields.slice(0, -1) }, at);
    const name = fields.at(-1) ?? '';
    const values = [...rest.map((operand) => this.#operand(operand, at)), ...at.piped];
    if (owner === unknown) return unknown;
    const method = owner instanceof HelmObject && Object.hasOwn(owner.methods, name) ? owner.methods[name] : undefined;
    if (method === undefined) throw new HelmRefusal(`${name} is not a method but has arguments`);
    return values.includes(unknown) ? unknown : method(...values);
  }

  #operand(operand: Operand, at: Place): unknown {
    switch (operand.kind) {
      case 'literal':
        return operand.isWhole === true && typeof operand.value === 'number' ? BigInt(operand.value) : operand.value;
      case 'dot':
        return this.#members(at.scope.dot, operand.fields);
      case 'variable': {
        const box = at.scope.variables.get(operand.name);
        if (box === undefined) throw new HelmRefusal(`undefined variable "${operand.name}"`);
        return this.#members(box.value, operand.fields);
      }
      case 'group': {
        const value = this.commands(operand.pipeline, at.scope, at.depth + 1);
        return this.#members(value, operand.fields);
      }
      default:
        return this.#call(operand.name, [], { ...at, piped: [] });
    }
  }

  /** Going into a member that is nothing ends Helm; here it is noted, and gives nothing. What is nothing from the beginning has members that are nothing. */
  #members(value: unknown, fields: readonly string[]): unknown {
    let found = value;
    if (found === undefined || found === null) return undefined;
    for (const field of fields) {
      if (found === unknown) return unknown;
      if (found === undefined || found === null) {
        this.#place.refuse(`nil pointer evaluating interface {}.${field}`);
        return undefined;
      }
      if (found instanceof HelmObject) {
        const method = Object.hasOwn(found.methods, field) ? found.methods[field] : undefined;
        if (method === undefined && !Object.hasOwn(found.fields, field))
          throw new HelmRefusal(`can't evaluate field ${field}`);
        found = method === undefined ? found.fields[field] : method();
      } else if (isDictionary(found)) found = Object.hasOwn(found, field) ? found[field] : undefined;
      else {
        this.#place.refuse(`can't evaluate field ${field} in type ${kindOf(found)}`);
        return undefined;
      }
    }
    return found;
  }
}

interface Place {
  readonly scope: Scope;
  readonly depth: number;
  /** The value of the command before, if there is one. */
  readonly piped: readonly unknown[];
}
