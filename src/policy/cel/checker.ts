// SPDX-License-Identifier: Apache-2.0
// The type checker (langdef.md, Gradual Type Checking; cel-go checker/checker.go): gives every node a type, and says with a position what cannot work.
// Nothing is evaluated here.

import type {
  Binding,
  Call,
  Expression,
  Index,
  ListLiteral,
  MapLiteral,
  MessageLiteral,
  Quantifier,
  Select,
} from './ast.ts';
import { qualifiedName, rootOf } from './ast.ts';
import type { CelEnvironment } from './environment.ts';
import type { SyntaxFault } from './lexer.ts';
import { literalFault } from './literal-faults.ts';
import type { CheckedCall } from './overloads.ts';
import { chooseOverloads, noOverload } from './overloads.ts';
import type { ParsedExpression } from './parser.ts';
import { Substitution } from './substitution.ts';
import type { CelType } from './types.ts';
import {
  anyType,
  boolType,
  dynType,
  equalTypes,
  errorType,
  intType,
  isDyn,
  listOf,
  mapOf,
  messageType,
  moreGeneral,
  optionalOf,
  parameter,
  printType,
  stringType,
} from './types.ts';

export interface CheckedExpression {
  /** Type of the whole, without free parameters. */
  readonly type: CelType;
  /** Type of each node by its id. */
  readonly types: readonly CelType[];
  readonly faults: readonly SyntaxFault[];
}

/** Checks an expression. Faults are in the order of the text they were met in; types are given also when there are some. */
export function checkCel(parsed: ParsedExpression, environment: CelEnvironment): CheckedExpression {
  return new Checker(environment, parsed.nodes).run(parsed.root);
}

/** cel-go reports at most this many. */
const mostFaults = 100;

class Checker {
  readonly #environment: CelEnvironment;
  readonly #types: (CelType | undefined)[];
  readonly #faults: SyntaxFault[] = [];
  readonly #scope: { readonly name: string; readonly type: CelType }[] = [];
  readonly #substitution = new Substitution();
  #fresh = 0;
  /** Calls of format that are being checked. */
  #formats = 0;

  constructor(environment: CelEnvironment, nodes: number) {
    this.#environment = environment;
    this.#types = Array.from({ length: nodes });
  }

  run(root: Expression): CheckedExpression {
    const type = this.#check(root);
    const resolve = this.#substitution.finisher();
    const finish = (each: CelType | undefined): CelType => (each === undefined ? dynType : resolve(each));
    return { type: finish(type), types: this.#types.map(finish), faults: this.#faults };
  }

  #check(expression: Expression): CelType {
    const type = this.#typeOf(expression);
    this.#types[expression.id] = type;
    return type;
  }

  #typeOf(expression: Expression): CelType {
    switch (expression.kind) {
      case 'literal':
        return expression.type;
      case 'identifier':
        return this.#identifier(expression.name, expression.rooted) ?? this.#unknown(expression.name, expression.start);
      case 'select':
        return this.#select(expression);
      case 'index':
        return this.#index(expression);
      case 'call':
        return this.#call(expression);
      case 'logic':
        for (const operand of expression.operands) this.#expect(operand, boolType);
        return boolType;
      case 'conditional':
        return this.#conditional(expression);
      case 'list':
        return this.#list(expression);
      case 'map':
        return this.#map(expression);
      case 'message':
        return this.#message(expression);
      case 'quantifier':
        return this.#quantifier(expression);
      default:
        return this.#binding(expression);
    }
  }

  #fault(message: string, offset: number): CelType {
    if (this.#faults.length < mostFaults) this.#faults.push({ message, offset });
    return errorType;
  }

  #unknown(name: string, offset: number): CelType {
    return this.#fault(`undeclared reference to '${name}' (in container '${this.#environment.container}')`, offset);
  }

  #local(name: string): CelType | undefined {
    return this.#scope.findLast((variable) => variable.name === name)?.type;
  }

  #identifier(name: string, rooted: 'root' | 'container'): CelType | undefined {
    const local = rooted === 'root' ? undefined : this.#local(name);
    if (local !== undefined) return local;
    const resolved = this.#environment.resolve(rooted === 'root' ? `.${name}` : name);
    if (resolved === undefined) return undefined;
    return resolved.kind === 'variable' ? resolved.variable.type : resolved.constant.type;
  }

  /** `a.b.c` that is declared as one name. A variable of a quantifier hides such names. */
  #qualified(expression: Select): CelType | undefined {
    const name = qualifiedName(expression);
    const root = rootOf(expression);
    if (name === undefined || root === undefined) return undefined;
    if (root.rooted === 'container' && this.#local(root.name) !== undefined) return undefined;
    return this.#identifier(name, root.rooted);
  }

  #select(expression: Select): CelType {
    const declared = expression.form === 'plain' ? this.#qualified(expression) : this.#testedName(expression);
    if (declared !== undefined) return expression.form === 'test' ? boolType : declared;
    const operand = this.#substitution.apply(this.#check(expression.operand));
    const inner = optionalContent(operand);
    const field = this.#field(inner ?? operand, expression);
    if (expression.form === 'test') return boolType;
    return inner !== undefined || expression.form === 'optional' ? optionalOf(field) : field;
  }

  /** has(variables.name): whether a variable with a qualified name is declared. */
  #testedName(expression: Select): CelType | undefined {
    return expression.form === 'test' ? this.#qualified({ ...expression, form: 'plain' }) : undefined;
  }

  #field(operand: CelType, expression: Select): CelType {
    if (operand.kind === 'map') {
      const isText = this.#assign(stringType, operand.key);
      return isText ? operand.value : this.#fault('field selection on a map without string keys', expression.start);
    }
    if (operand.kind === 'message') {
      const declaration = this.#environment.message(operand.name);
      if (declaration === undefined) return dynType;
      const field = declaration.field(expression.field);
      return field === undefined
        ? this.#fault(`undefined field '${expression.field}'`, expression.operand.end)
        : field.type;
    }
    if (isDyn(operand) || operand.kind === 'parameter') {
      if (operand.kind === 'parameter') this.#assign(operand, dynType);
      return dynType;
    }
    return this.#fault(`type '${printType(operand)}' does not support field selection`, expression.end);
  }

  #index(expression: Index): CelType {
    const operand = this.#substitution.apply(this.#check(expression.operand));
    const index = this.#check(expression.index);
    const inner = optionalContent(operand);
    if (isDyn(inner ?? operand) && (inner !== undefined || expression.form === 'optional'))
      return this.#dynamicIndex(this.#substitution.apply(index), inner);
    const element = this.#element(inner ?? operand, index, expression);
    return inner !== undefined || expression.form === 'optional' ? optionalOf(element) : element;
  }

  /**
   * What is not known may be a list, a map, or an optional of one: as several overloads fit, the result is not known either, and later uses say what it
   * is. Only of an optional that is indexed by no whole number it is known that it is an optional map (cel-go checker, `_[_]` and `_[?_]`).
   */
  #dynamicIndex(index: CelType, inner: CelType | undefined): CelType {
    const mayBeList = isDyn(index) || index.kind === 'parameter' || equalTypes(index, intType);
    return inner === undefined || mayBeList ? dynType : optionalOf(this.#freshParameter());
  }

  #element(operand: CelType, index: CelType, expression: Index): CelType {
    const misfit = (): CelType =>
      this.#fault(
        `found no matching overload for '_[_]' applied to '(${printType(operand)}, ${printType(this.#substitution.apply(index))})'`,
        expression.start,
      );
    if (isDyn(operand)) return dynType;
    if (operand.kind === 'list') return this.#assign(index, intType) ? operand.element : misfit();
    if (operand.kind === 'map') return this.#assign(index, operand.key) ? operand.value : misfit();
    if (operand.kind !== 'parameter') return misfit();
    const element = this.#freshParameter();
    return this.#assign(operand, listOf(element)) ? element : dynType;
  }

  /** Literals inside a call of format may be of several types (cel-go, HomogeneousAggregateLiteralExemptFunctions). */
  #call(expression: Call): CelType {
    const odd = this.#environment.literals === 'homogeneous' ? literalFault(expression) : undefined;
    if (odd !== undefined) this.#fault(odd.message, odd.offset);
    if (expression.name !== 'format') return this.#plainCall(expression);
    this.#formats += 1;
    const type = this.#plainCall(expression);
    this.#formats -= 1;
    return type;
  }

  #plainCall(expression: Call): CelType {
    const target = expression.target;
    const name = target === undefined ? undefined : qualifiedName(target);
    const root = target === undefined ? undefined : rootOf(target);
    if (name !== undefined && root !== undefined) {
      const isLocal = root.rooted === 'container' && this.#local(root.name) !== undefined;
      const prefix = root.rooted === 'root' ? '.' : '';
      const found = isLocal ? undefined : this.#environment.resolveFunction(`${prefix}${name}.${expression.name}`);
      if (found !== undefined) {
        const types = expression.arguments.map((argument) => this.#check(argument));
        return this.#applyOverloads(expression, { ...found, style: 'global', types });
      }
    }
    const found = this.#environment.resolveFunction(expression.name);
    const all = target === undefined ? expression.arguments : [target, ...expression.arguments];
    const types = all.map((argument) => this.#check(argument));
    if (found === undefined) return this.#unknown(expression.name, expression.start);
    return this.#applyOverloads(expression, { ...found, style: target === undefined ? 'global' : 'member', types });
  }

  #applyOverloads(expression: Call, call: CheckedCall): CelType {
    const chosen = chooseOverloads(call, { substitution: this.#substitution, fresh: this.#fresh });
    this.#fresh = chosen.fresh;
    return chosen.type ?? this.#fault(noOverload(call, this.#substitution), expression.start);
  }

  #conditional(expression: Extract<Expression, { kind: 'conditional' }>): CelType {
    this.#expect(expression.condition, boolType);
    const consequent = this.#check(expression.consequent);
    const otherwise = this.#check(expression.otherwise);
    const fits = this.#assign(otherwise, consequent);
    if (fits) return moreGeneral(this.#substitution.apply(consequent), this.#substitution.apply(otherwise));
    const [first, second] = [consequent, otherwise].map((type) => printType(this.#substitution.apply(type, 'dyn')));
    return this.#fault(
      `found no matching overload for '_?_:_' applied to '(bool, ${first ?? ''}, ${second ?? ''})'`,
      expression.start,
    );
  }

  #list(expression: ListLiteral): CelType {
    let element: CelType | undefined;
    for (const { value, form } of expression.elements) {
      const type = form === 'optional' ? this.#content(value) : this.#check(value);
      element = this.#join(element, type, value.start);
    }
    return listOf(element ?? this.#freshParameter());
  }

  #map(expression: MapLiteral): CelType {
    let key: CelType | undefined;
    let value: CelType | undefined;
    for (const entry of expression.entries) {
      key = this.#join(key, this.#check(entry.key), entry.key.start);
      const type = entry.form === 'optional' ? this.#content(entry.value) : this.#check(entry.value);
      value = this.#join(value, type, entry.value.start);
    }
    return mapOf(key ?? this.#freshParameter(), value ?? this.#freshParameter());
  }

  /** Type in an optional that must be one. */
  #content(expression: Expression): CelType {
    const type = this.#substitution.apply(this.#check(expression));
    if (isDyn(type)) return dynType;
    return (
      optionalContent(type) ??
      this.#fault(`expected type 'optional_type' but found '${printType(type)}'`, expression.start)
    );
  }

  #join(previous: CelType | undefined, next: CelType, offset: number): CelType {
    if (previous === undefined) return next;
    if (this.#assign(next, previous))
      return moreGeneral(this.#substitution.apply(previous), this.#substitution.apply(next));
    if (this.#environment.literals === 'mixed' || this.#formats > 0) return dynType;
    const [wanted, found] = [previous, next].map((type) => printType(this.#substitution.apply(type, 'dyn')));
    return this.#fault(`expected type '${wanted ?? ''}' but found '${found ?? ''}'`, offset);
  }

  #message(expression: MessageLiteral): CelType {
    const declaration = this.#environment.resolveMessage(expression.name);
    if (declaration === undefined) {
      for (const { value } of expression.fields) this.#check(value);
      return this.#unknown(expression.name, expression.start);
    }
    for (const { name, value, form } of expression.fields) {
      const type = form === 'optional' ? this.#content(value) : this.#check(value);
      const field = declaration.field(name);
      if (field === undefined) this.#fault(`undefined field '${name}'`, value.start);
      else if (!this.#assign(type, field.type))
        this.#fault(
          `expected type of field '${name}' is '${printType(field.type)}' but provided type is '${printType(this.#substitution.apply(type, 'dyn'))}'`,
          value.start,
        );
    }
    return declaration.type ?? messageType(declaration.name);
  }

  #quantifier(expression: Quantifier): CelType {
    const range = this.#substitution.apply(this.#check(expression.range));
    const [first, second] = this.#rangeTypes(range, expression);
    const depth = this.#scope.length;
    this.#scope.push({ name: expression.variable, type: first });
    if (expression.second !== undefined) this.#scope.push({ name: expression.second, type: second });
    if (expression.condition !== undefined) this.#expect(expression.condition, boolType);
    const result = expression.result === undefined ? undefined : this.#check(expression.result);
    this.#scope.length = depth;
    return this.#quantified(expression, { first, second, range, result });
  }

  #quantified(
    expression: Quantifier,
    types: {
      readonly first: CelType;
      readonly second: CelType;
      readonly range: CelType;
      readonly result: CelType | undefined;
    },
  ): CelType {
    switch (expression.form) {
      case 'all':
      case 'exists':
      case 'existsOne':
        return boolType;
      case 'filter':
        return listOf(types.first);
      case 'map':
      case 'transformList':
        return listOf(types.result ?? dynType);
      case 'transformMap':
        return mapOf(types.first, types.result ?? dynType);
      default: {
        const result = this.#substitution.apply(types.result ?? dynType);
        if (result.kind === 'map' || isDyn(result)) return result;
        return this.#fault('transformMapEntry must give a map', expression.result?.start ?? expression.start);
      }
    }
  }

  /** Types of the variables over a range: element, or index and element; key, or key and value. */
  #rangeTypes(range: CelType, { range: { start }, second }: Quantifier): readonly [CelType, CelType] {
    const isPair = second !== undefined;
    if (range.kind === 'list') return isPair ? [intType, range.element] : [range.element, dynType];
    if (range.kind === 'map') return [range.key, range.value];
    if (range.kind === 'parameter' || isDyn(range)) {
      if (range.kind === 'parameter') this.#assign(range, dynType);
      return [dynType, dynType];
    }
    this.#fault(
      `expression of type '${printType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      start,
    );
    return [errorType, errorType];
  }

  #binding(expression: Binding): CelType {
    const value = expression.form === 'bind' ? this.#check(expression.value) : this.#content(expression.value);
    this.#scope.push({ name: expression.variable, type: value });
    const body = this.#check(expression.body);
    this.#scope.pop();
    if (expression.form === 'bind') return body;
    if (expression.form === 'optMap') return optionalOf(body);
    const type = this.#substitution.apply(body);
    if (isDyn(type) || optionalContent(type) !== undefined) return type;
    return this.#fault(`optFlatMap must give an optional but gives '${printType(type)}'`, expression.body.start);
  }

  #expect(expression: Expression, wanted: CelType): void {
    const type = this.#check(expression);
    if (this.#assign(type, wanted)) return;
    const found = printType(this.#substitution.apply(type, 'dyn'));
    this.#fault(`expected type '${printType(wanted)}' but found '${found}'`, expression.start);
  }

  /** Binds parameters only when the types fit. */
  #assign(from: CelType, to: CelType): boolean {
    const before = this.#substitution.mark();
    if (this.#substitution.assign(from, to)) return true;
    this.#substitution.rollback(before);
    return false;
  }

  #freshParameter(): CelType {
    this.#fresh += 1;
    return parameter(`_var${this.#fresh}`);
  }
}

function optionalContent(type: CelType): CelType | undefined {
  return type.kind === 'opaque' && type.name === 'optional_type' ? (type.parameters[0] ?? anyType) : undefined;
}
