// SPDX-License-Identifier: Apache-2.0
// The type of an expression, and what is wrong in it: unknown contexts, properties and functions, wrong arguments, comparisons that cannot be
// true, contexts and functions that are not there at this key. What the result is used for is the caller's concern.
import type { Comparison, ExpressionNode, FunctionCall, Logical } from '../../../../formats/github-expression/ast.ts';
import { quotedList } from '../fault.ts';
import type { Availability } from './availability.ts';
import { keysOfFunction } from './availability.ts';
import { constantValue, isTruthy } from './constant-value.ts';
import type { Contexts } from './contexts.ts';
import { checkFormat } from './format-placeholders.ts';
import type { Signature } from './functions.ts';
import { functions, signatureText } from './functions.ts';
import type { ArrayType, ExpressionType, ObjectType } from './types.ts';
import {
  anyType,
  boolType,
  isAssignable,
  mergeTypes,
  nullType,
  numberType,
  stringType,
  typeName,
  typeOfJson,
} from './types.ts';

export interface TypeEnvironment {
  readonly contexts: Contexts;
  readonly availability: Availability;
  /** The configuration variables there are, in lower case; undefined when that is not known. */
  readonly variables: ReadonlySet<string> | undefined;
}

export interface TypeFault {
  readonly message: string;
  readonly offset: number;
}

export interface CheckedExpression {
  /** `any` where a fault leaves it unknown. */
  readonly type: ExpressionType;
  readonly faults: readonly TypeFault[];
}

const documentation =
  'see https://docs.github.com/en/actions/learn-github-actions/contexts#context-availability for more details';

export function checkExpression(node: ExpressionNode, environment: TypeEnvironment): CheckedExpression {
  const checker = new TypeChecker(environment);
  const type = checker.typeOf(node);
  return { type: checker.faults.length === 0 ? type : anyType, faults: checker.faults };
}

class TypeChecker {
  readonly #environment: TypeEnvironment;
  readonly faults: TypeFault[] = [];

  constructor(environment: TypeEnvironment) {
    this.#environment = environment;
  }

  typeOf(node: ExpressionNode): ExpressionType {
    switch (node.kind) {
      case 'null':
        return nullType;
      case 'boolean':
        return boolType;
      case 'number':
        return numberType;
      case 'string':
        return stringType;
      case 'variable':
        return this.#variable(node.name, node.start);
      case 'property':
        return this.#property(node.receiver, node.name, node.start);
      case 'index':
        return this.#index(node.receiver, node.index);
      case 'star':
        return this.#star(node.receiver);
      case 'call':
        return this.#call(node);
      case 'not':
        this.typeOf(node.operand);
        return boolType;
      case 'comparison':
        return this.#comparison(node);
      default:
        return this.#logical(node);
    }
  }

  #variable(name: string, offset: number): ExpressionType {
    const id = name.toLowerCase();
    const type = this.#environment.contexts.get(id);
    if (type === undefined) {
      const known = quotedList(this.#environment.contexts.keys());
      this.#fault(offset, `undefined variable ${JSON.stringify(name)}. available variables are ${known}`);
      return anyType;
    }
    const available: readonly string[] = this.#environment.availability.contexts;
    if (!available.includes(id)) {
      const what =
        available.length === 0 ? 'no context is available here' : `available contexts are ${quotedList(available)}`;
      this.#fault(offset, `context ${JSON.stringify(name)} is not allowed here. ${what}. ${documentation}`);
    }
    return type;
  }

  #property(receiverNode: ExpressionNode, name: string, offset: number): ExpressionType {
    const receiver = this.typeOf(receiverNode);
    if (receiverNode.kind === 'variable' && receiverNode.name.toLowerCase() === 'vars')
      this.#checkVariableName(name, offset);
    if (receiver.kind === 'any') return anyType;
    if (receiver.kind === 'object') return this.#member(receiver, name, offset);
    if (receiver.kind === 'array' && receiver.isFiltered) return this.#filteredMember(receiver, name, offset);
    this.#fault(
      offset,
      `receiver of object dereference ${JSON.stringify(name)} must be type of object but got ${quotedType(receiver)}`,
    );
    return anyType;
  }

  #checkVariableName(name: string, offset: number): void {
    if (/^github_/i.test(name))
      this.#fault(
        offset,
        `configuration variable name ${JSON.stringify(name)} must not start with the GITHUB_ prefix (case insensitive)`,
      );
    else if (!/^\w+$/.test(name))
      this.#fault(
        offset,
        `configuration variable name ${JSON.stringify(name)} can only contain alphabets, decimal numbers, and '_'`,
      );
    const known = this.#environment.variables;
    if (known === undefined || known.has(name.toLowerCase())) return;
    const list =
      known.size === 0
        ? 'no configuration variable is allowed'
        : `defined configuration variables in actionlint.yaml are ${quotedList(known)}`;
    this.#fault(offset, `undefined configuration variable ${JSON.stringify(name.toLowerCase())}. ${list}`);
  }

  #member(receiver: ObjectType, name: string, offset: number): ExpressionType {
    const type = receiver.properties.get(name.toLowerCase()) ?? receiver.others;
    if (type !== undefined) return type;
    this.#fault(
      offset,
      `property ${JSON.stringify(name.toLowerCase())} is not defined in object type ${typeName(receiver)}`,
    );
    return anyType;
  }

  #filteredMember(receiver: ArrayType, name: string, offset: number): ExpressionType {
    const { element } = receiver;
    if (element.kind === 'any') return { kind: 'array', element: anyType, isFiltered: true };
    if (element.kind !== 'object') {
      this.#fault(
        offset,
        `property filtered by ${JSON.stringify(name)} at object filtering must be type of object but got ${quotedType(element)}`,
      );
      return anyType;
    }
    const type = element.properties.get(name.toLowerCase()) ?? element.others;
    if (type !== undefined) return { kind: 'array', element: type, isFiltered: true };
    this.#fault(
      offset,
      `property ${JSON.stringify(name.toLowerCase())} is not defined in object type ${typeName(element)} as element of filtered array`,
    );
    return anyType;
  }

  #index(receiverNode: ExpressionNode, indexNode: ExpressionNode): ExpressionType {
    // The index is looked at first, as it stands inside; the order of faults in one line is of no account.
    const index = this.typeOf(indexNode);
    const receiver = this.typeOf(receiverNode);
    if (receiver.kind === 'any') return anyType;
    if (receiver.kind === 'array') {
      if (index.kind === 'number' || index.kind === 'any') return receiver.element;
      this.#fault(indexNode.start, `index access of array must be type of number but got ${quotedType(index)}`);
      return anyType;
    }
    if (receiver.kind !== 'object') {
      this.#fault(
        receiverNode.start,
        `index access operand must be type of object or array but got ${quotedType(receiver)}`,
      );
      return anyType;
    }
    if (indexNode.kind === 'string') {
      if (receiverNode.kind === 'variable' && receiverNode.name.toLowerCase() === 'vars')
        this.#checkVariableName(indexNode.value, indexNode.start);
      return this.#member(receiver, indexNode.value, indexNode.start);
    }
    if (index.kind !== 'string' && index.kind !== 'any') {
      this.#fault(indexNode.start, `property access of object must be type of string but got ${quotedType(index)}`);
      return anyType;
    }
    return receiver.properties.size === 0 ? (receiver.others ?? anyType) : anyType;
  }

  #star(receiverNode: ExpressionNode): ExpressionType {
    const receiver = this.typeOf(receiverNode);
    if (receiver.kind === 'any') return { kind: 'array', element: anyType, isFiltered: true };
    if (receiver.kind === 'object') return this.#starOfObject(receiver);
    if (receiver.kind === 'array') {
      if (!receiver.isFiltered) return { ...receiver, isFiltered: true };
      // Behind another filter the star opens each element once more.
      const { element } = receiver;
      if (element.kind === 'any') return receiver;
      if (element.kind === 'array') return { kind: 'array', element: element.element, isFiltered: true };
      if (element.kind === 'object') return this.#starOfObject(element);
      this.#fault(
        receiverNode.start,
        `property filtered by "*" at object filtering must be type of object but got ${quotedType(element)}`,
      );
      return anyType;
    }
    this.#fault(
      receiverNode.start,
      `receiver of object filtering \`.*\` must be type of array or object but got ${quotedType(receiver)}`,
    );
    return anyType;
  }

  /** The values of all members, of whatever type: what is no object falls out when a property of it is asked for. */
  #starOfObject({ properties, others }: ObjectType): ExpressionType {
    const types = [...properties.values(), ...(others === undefined ? [] : [others])];
    return { kind: 'array', element: types.length === 0 ? anyType : types.reduce(mergeTypes), isFiltered: true };
  }

  #call(node: FunctionCall): ExpressionType {
    const id = node.name.toLowerCase();
    const given = node.arguments.map((argument) => this.typeOf(argument));
    const signatures = functions.get(id);
    if (signatures === undefined) {
      const known = quotedList(functions.keys());
      this.#fault(node.start, `undefined function ${JSON.stringify(node.name)}. available functions are ${known}`);
      return anyType;
    }
    this.#checkFunctionAvailability(node, id);
    const faults: TypeFault[] = [];
    for (const signature of signatures) {
      const fault = argumentFault(signature, node, given);
      if (fault === undefined) return this.#resultOf(node, id, signature);
      faults.push(fault);
    }
    this.faults.push(...faults);
    return anyType;
  }

  #checkFunctionAvailability(node: FunctionCall, id: string): void {
    const keys = keysOfFunction(id);
    if (keys === undefined || this.#environment.availability.functions.includes(id)) return;
    this.#fault(
      node.start,
      `calling function ${JSON.stringify(node.name)} is not allowed here. ${JSON.stringify(node.name)} is only available in ${quotedList(keys)}. ${documentation}`,
    );
  }

  #resultOf(node: FunctionCall, id: string, signature: Signature): ExpressionType {
    const first = node.arguments[0];
    if (id === 'format' && first?.kind === 'string')
      for (const message of checkFormat(first.value, node.arguments.length - 1)) this.#fault(node.start, message);
    if (id === 'fromjson' && first?.kind === 'string') return this.#fromJson(first.value, first.start);
    return signature.result;
  }

  #fromJson(text: string, offset: number): ExpressionType {
    try {
      return typeOfJson(JSON.parse(text));
    } catch (error) {
      const reason = error instanceof SyntaxError ? error.message : 'not valid JSON';
      this.#fault(offset, `broken JSON string is passed to fromJSON(): ${reason}`);
      return anyType;
    }
  }

  #comparison(node: Comparison): ExpressionType {
    const left = this.typeOf(node.left);
    const right = this.typeOf(node.right);
    const isEquality = node.operator === '==' || node.operator === '!=';
    if (!(isEquality ? areEqualable(left, right) : areOrderable(left, right)))
      this.#fault(
        node.start,
        `${quotedType(left)} value cannot be compared to ${quotedType(right)} value with "${node.operator}" operator`,
      );
    return boolType;
  }

  #logical(node: Logical): ExpressionType {
    let type: ExpressionType | undefined;
    let constant: boolean | undefined;
    for (const operand of node.operands) {
      const next = this.typeOf(operand);
      // The result is the first operand that decides; one that is known to decide, or not to, settles the type.
      const isDecided = constant === (node.operator === '||');
      if (type === undefined || constant === (node.operator === '&&')) type = next;
      else if (isDecided) continue;
      else type = node.operator === '&&' && isAlwaysTrue(type) ? next : mergeTypes(type, next);
      const value = constantValue(operand);
      constant = value === undefined ? undefined : isTruthy(value);
    }
    return type ?? anyType;
  }

  #fault(offset: number, message: string): void {
    this.faults.push({ offset, message });
  }
}

function quotedType(type: ExpressionType): string {
  return JSON.stringify(typeName(type));
}

function isAlwaysTrue(type: ExpressionType): boolean {
  return type.kind === 'object' || type.kind === 'array';
}

function argumentFault(
  signature: Signature,
  node: FunctionCall,
  given: readonly ExpressionType[],
): TypeFault | undefined {
  const { parameters, isVariadic } = signature;
  const text = JSON.stringify(signatureText(signature));
  if (
    given.length < parameters.length - (signature.name === 'format' ? 1 : 0) ||
    (!isVariadic && given.length > parameters.length)
  ) {
    const atLeast = isVariadic ? 'at least ' : '';
    const message = `number of arguments is wrong. function ${text} takes ${atLeast}${parameters.length} parameters but ${given.length} arguments are given`;
    return { message, offset: node.start };
  }
  for (const [at, type] of given.entries()) {
    const wanted = parameters[at] ?? parameters.at(-1) ?? anyType;
    if (isAssignable(wanted, type)) continue;
    const message = `${ordinal(at + 1)} argument of function call is not assignable. ${quotedType(type)} cannot be assigned to ${quotedType(wanted)}. called function type is ${text}`;
    return { message, offset: node.arguments[at]?.start ?? node.start };
  }
  return undefined;
}

function ordinal(count: number): string {
  const suffix = count % 100 > 10 && count % 100 < 14 ? undefined : { 1: 'st', 2: 'nd', 3: 'rd' }[count % 10];
  return `${count}${suffix ?? 'th'}`;
}

/** Objects and arrays are never equal to anything but themselves; what is compared to them is a mistake. */
function areEqualable(left: ExpressionType, right: ExpressionType): boolean {
  if (left.kind === 'any' || right.kind === 'any' || left.kind === 'null' || right.kind === 'null') return true;
  if (left.kind === 'array') return right.kind === 'array' && areEqualable(left.element, right.element);
  if (left.kind === 'object') return right.kind === 'object';
  return right.kind !== 'array' && right.kind !== 'object';
}

function areOrderable(left: ExpressionType, right: ExpressionType): boolean {
  return [left, right].every(({ kind }) => kind === 'any' || kind === 'number' || kind === 'string');
}
