// SPDX-License-Identifier: Apache-2.0
// What the parts of the type checker share: what names mean where the checker stands, how types come to fit, and the faults so far.

import type { Expression } from './ast.ts';
import type { CelEnvironment } from './environment.ts';
import type { SyntaxFault } from './lexer.ts';
import { Substitution } from './substitution.ts';
import type { CelType } from './types.ts';
import { anyType, dynType, errorType, isDyn, parameter, printType } from './types.ts';

/** cel-go reports at most this many. */
const mostFaults = 100;

export interface LocalVariable {
  readonly name: string;
  readonly type: CelType;
}

export class Checking {
  readonly environment: CelEnvironment;
  /** Type of an expression, which is noted for its node. */
  readonly check: (expression: Expression) => CelType;
  readonly faults: SyntaxFault[] = [];
  readonly substitution = new Substitution();
  readonly #scope: LocalVariable[] = [];
  /** Parameters that were made up so far. */
  fresh = 0;
  /** Calls of format that are being checked. */
  formats = 0;

  constructor(environment: CelEnvironment, check: (expression: Expression) => CelType) {
    this.environment = environment;
    this.check = check;
  }

  /** Checks with more variables in scope. */
  within<Result>(variables: readonly LocalVariable[], body: () => Result): Result {
    const depth = this.#scope.length;
    this.#scope.push(...variables);
    const result = body();
    this.#scope.length = depth;
    return result;
  }

  /** Notes a fault; the type then fits everything, so that one fault is told once. */
  fault(message: string, offset: number): CelType {
    if (this.faults.length < mostFaults) this.faults.push({ message, offset });
    return errorType;
  }

  unknown(name: string, offset: number): CelType {
    return this.fault(`undeclared reference to '${name}' (in container '${this.environment.container}')`, offset);
  }

  /** Type of a variable of a macro around. */
  local(name: string): CelType | undefined {
    return this.#scope.findLast((variable) => variable.name === name)?.type;
  }

  /** Type of a name; undefined where nobody has declared it. */
  identifier(name: string, rooted: 'root' | 'container'): CelType | undefined {
    const local = rooted === 'root' ? undefined : this.local(name);
    if (local !== undefined) return local;
    const resolved = this.environment.resolve(rooted === 'root' ? `.${name}` : name);
    if (resolved === undefined) return undefined;
    return resolved.kind === 'variable' ? resolved.variable.type : resolved.constant.type;
  }

  /** Type in an optional that must be one. */
  content(expression: Expression): CelType {
    const type = this.substitution.apply(this.check(expression));
    if (isDyn(type)) return dynType;
    return (
      optionalContent(type) ??
      this.fault(`expected type 'optional_type' but found '${printType(type)}'`, expression.start)
    );
  }

  /** Checks an expression that must have a type. */
  expect(expression: Expression, wanted: CelType): void {
    const type = this.check(expression);
    if (this.assign(type, wanted)) return;
    const found = printType(this.substitution.apply(type, 'dyn'));
    this.fault(`expected type '${printType(wanted)}' but found '${found}'`, expression.start);
  }

  /** Binds parameters only when the types fit. */
  assign(from: CelType, to: CelType): boolean {
    const before = this.substitution.mark();
    if (this.substitution.assign(from, to)) return true;
    this.substitution.rollback(before);
    return false;
  }

  /** A type that later uses will tell. */
  freshParameter(): CelType {
    this.fresh += 1;
    return parameter(`_var${this.fresh}`);
  }
}

/** What an optional holds; undefined for other types. */
export function optionalContent(type: CelType): CelType | undefined {
  return type.kind === 'opaque' && type.name === 'optional_type' ? (type.parameters[0] ?? anyType) : undefined;
}
