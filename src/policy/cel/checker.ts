// SPDX-License-Identifier: Apache-2.0
// The type checker (langdef.md, Gradual Type Checking; cel-go checker/checker.go): gives every node a type, and says with a position what cannot work.
// Nothing is evaluated here.

import type { Call, Expression, Index, Select } from './ast.ts';
import { qualifiedName, rootOf } from './ast.ts';
import { checkBinding, checkQuantifier } from './check-comprehensions.ts';
import { checkList, checkMap, checkMessage } from './check-literals.ts';
import { Checking, optionalContent } from './checking.ts';
import type { CelEnvironment } from './environment.ts';
import type { SyntaxFault } from './lexer.ts';
import { literalFault } from './literal-faults.ts';
import type { CheckedCall } from './overloads.ts';
import { chooseOverloads, noOverload } from './overloads.ts';
import type { ParsedExpression } from './parser.ts';
import type { CelType } from './types.ts';
import {
  boolType,
  dynType,
  equalTypes,
  intType,
  isDyn,
  listOf,
  moreGeneral,
  optionalOf,
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

class Checker {
  readonly #checking: Checking;
  readonly #types: (CelType | undefined)[];

  constructor(environment: CelEnvironment, nodes: number) {
    this.#checking = new Checking(environment, (expression) => this.#check(expression));
    this.#types = Array.from({ length: nodes });
  }

  run(root: Expression): CheckedExpression {
    const type = this.#check(root);
    const resolve = this.#checking.substitution.finisher();
    const finish = (each: CelType | undefined): CelType => (each === undefined ? dynType : resolve(each));
    return { type: finish(type), types: this.#types.map(finish), faults: this.#checking.faults };
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
        return (
          this.#checking.identifier(expression.name, expression.rooted) ??
          this.#checking.unknown(expression.name, expression.start)
        );
      case 'select':
        return this.#select(expression);
      case 'index':
        return this.#index(expression);
      case 'call':
        return this.#call(expression);
      case 'logic':
        for (const operand of expression.operands) this.#checking.expect(operand, boolType);
        return boolType;
      case 'conditional':
        return this.#conditional(expression);
      case 'list':
        return checkList(expression, this.#checking);
      case 'map':
        return checkMap(expression, this.#checking);
      case 'message':
        return checkMessage(expression, this.#checking);
      case 'quantifier':
        return checkQuantifier(expression, this.#checking);
      default:
        return checkBinding(expression, this.#checking);
    }
  }

  /** `a.b.c` that is declared as one name. A variable of a quantifier hides such names. */
  #qualified(expression: Select): CelType | undefined {
    const name = qualifiedName(expression);
    const root = rootOf(expression);
    if (name === undefined || root === undefined) return undefined;
    if (root.rooted === 'container' && this.#checking.local(root.name) !== undefined) return undefined;
    return this.#checking.identifier(name, root.rooted);
  }

  #select(expression: Select): CelType {
    const declared = expression.form === 'plain' ? this.#qualified(expression) : this.#testedName(expression);
    if (declared !== undefined) return expression.form === 'test' ? boolType : declared;
    const operand = this.#checking.substitution.apply(this.#check(expression.operand));
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
      const isText = this.#checking.assign(stringType, operand.key);
      return isText
        ? operand.value
        : this.#checking.fault('field selection on a map without string keys', expression.start);
    }
    if (operand.kind === 'message') {
      const declaration = this.#checking.environment.message(operand.name);
      if (declaration === undefined) return dynType;
      const field = declaration.field(expression.field);
      return field === undefined
        ? this.#checking.fault(`undefined field '${expression.field}'`, expression.operand.end)
        : field.type;
    }
    if (isDyn(operand) || operand.kind === 'parameter') {
      if (operand.kind === 'parameter') this.#checking.assign(operand, dynType);
      return dynType;
    }
    return this.#checking.fault(`type '${printType(operand)}' does not support field selection`, expression.end);
  }

  #index(expression: Index): CelType {
    const operand = this.#checking.substitution.apply(this.#check(expression.operand));
    const index = this.#check(expression.index);
    const inner = optionalContent(operand);
    if (isDyn(inner ?? operand) && (inner !== undefined || expression.form === 'optional'))
      return this.#dynamicIndex(this.#checking.substitution.apply(index), inner);
    const element = this.#element(inner ?? operand, index, expression);
    return inner !== undefined || expression.form === 'optional' ? optionalOf(element) : element;
  }

  /**
   * What is not known may be a list, a map, or an optional of one: as several overloads fit, the result is not known either, and later uses say what it
   * is. Only of an optional that is indexed by no whole number it is known that it is an optional map (cel-go checker, `_[_]` and `_[?_]`).
   */
  #dynamicIndex(index: CelType, inner: CelType | undefined): CelType {
    const mayBeList = isDyn(index) || index.kind === 'parameter' || equalTypes(index, intType);
    return inner === undefined || mayBeList ? dynType : optionalOf(this.#checking.freshParameter());
  }

  #element(operand: CelType, index: CelType, expression: Index): CelType {
    const misfit = (): CelType =>
      this.#checking.fault(
        `found no matching overload for '_[_]' applied to '(${printType(operand)}, ${printType(this.#checking.substitution.apply(index))})'`,
        expression.start,
      );
    if (isDyn(operand)) return dynType;
    if (operand.kind === 'list') return this.#checking.assign(index, intType) ? operand.element : misfit();
    if (operand.kind === 'map') return this.#checking.assign(index, operand.key) ? operand.value : misfit();
    if (operand.kind !== 'parameter') return misfit();
    const element = this.#checking.freshParameter();
    return this.#checking.assign(operand, listOf(element)) ? element : dynType;
  }

  /** Literals inside a call of format may be of several types (cel-go, HomogeneousAggregateLiteralExemptFunctions). */
  #call(expression: Call): CelType {
    const odd = this.#checking.environment.literals === 'homogeneous' ? literalFault(expression) : undefined;
    if (odd !== undefined) this.#checking.fault(odd.message, odd.offset);
    if (expression.name !== 'format') return this.#plainCall(expression);
    this.#checking.formats += 1;
    const type = this.#plainCall(expression);
    this.#checking.formats -= 1;
    return type;
  }

  #plainCall(expression: Call): CelType {
    const target = expression.target;
    const name = target === undefined ? undefined : qualifiedName(target);
    const root = target === undefined ? undefined : rootOf(target);
    if (name !== undefined && root !== undefined) {
      const isLocal = root.rooted === 'container' && this.#checking.local(root.name) !== undefined;
      const prefix = root.rooted === 'root' ? '.' : '';
      const found = isLocal
        ? undefined
        : this.#checking.environment.resolveFunction(`${prefix}${name}.${expression.name}`);
      if (found !== undefined) {
        const types = expression.arguments.map((argument) => this.#check(argument));
        return this.#applyOverloads(expression, { ...found, style: 'global', types });
      }
    }
    const found = this.#checking.environment.resolveFunction(expression.name);
    const all = target === undefined ? expression.arguments : [target, ...expression.arguments];
    const types = all.map((argument) => this.#check(argument));
    if (found === undefined) return this.#checking.unknown(expression.name, expression.start);
    return this.#applyOverloads(expression, { ...found, style: target === undefined ? 'global' : 'member', types });
  }

  #applyOverloads(expression: Call, call: CheckedCall): CelType {
    const chosen = chooseOverloads(call, { substitution: this.#checking.substitution, fresh: this.#checking.fresh });
    this.#checking.fresh = chosen.fresh;
    return chosen.type ?? this.#checking.fault(noOverload(call, this.#checking.substitution), expression.start);
  }

  #conditional(expression: Extract<Expression, { kind: 'conditional' }>): CelType {
    this.#checking.expect(expression.condition, boolType);
    const consequent = this.#check(expression.consequent);
    const otherwise = this.#check(expression.otherwise);
    const fits = this.#checking.assign(otherwise, consequent);
    if (fits)
      return moreGeneral(this.#checking.substitution.apply(consequent), this.#checking.substitution.apply(otherwise));
    const [first, second] = [consequent, otherwise].map((type) =>
      printType(this.#checking.substitution.apply(type, 'dyn')),
    );
    return this.#checking.fault(
      `found no matching overload for '_?_:_' applied to '(bool, ${first ?? ''}, ${second ?? ''})'`,
      expression.start,
    );
  }
}
