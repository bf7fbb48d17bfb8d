// SPDX-License-Identifier: Apache-2.0
// The public entry: text to a compiled program, and a program with its variables to a value. Compile once, evaluate many times.

import { checkCel } from './checker.ts';
import type { CelEnvironment } from './environment.ts';
import type { Evaluate } from './frame.ts';
import { CostExceeded, Frame } from './frame.ts';
import type { SyntaxFault } from './lexer.ts';
import type { ParsedExpression, ParseOptions } from './parser.ts';
import { parseCel } from './parser.ts';
import { planCel } from './planner.ts';
import type { CelType } from './types.ts';
import { dynType } from './types.ts';
import type { CelValue } from './values.ts';
import { CelError } from './values.ts';

export interface CompileOptions extends ParseOptions {
  /** `off`: evaluate with dynamic types only. */
  readonly check?: 'on' | 'off';
  /** Keep the value of every sub-expression, for explanations. */
  readonly trace?: 'on' | 'off';
}

export type Compiled =
  | { readonly kind: 'program'; readonly program: CelProgram }
  | { readonly kind: 'fault'; readonly stage: 'syntax' | 'types'; readonly faults: readonly SyntaxFault[] };

/** Compiles one expression. Never throws; all faults have their offset in the text. */
export function compileCel(text: string, environment: CelEnvironment, options: CompileOptions = {}): Compiled {
  const parsed = parseCel(text, options);
  if (parsed.kind === 'fault') return { kind: 'fault', stage: 'syntax', faults: [parsed.fault] };
  try {
    return compileParsed(parsed.expression, environment, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      kind: 'fault',
      stage: 'types',
      faults: [{ message: 'expression is too large to be compiled', offset: 0 }],
    };
  }
}

function compileParsed(expression: ParsedExpression, environment: CelEnvironment, options: CompileOptions): Compiled {
  if (options.check === 'off')
    return { kind: 'program', program: new CelProgram(expression, environment, { type: dynType, ...options }) };
  const { type, types, faults } = checkCel(expression, environment);
  if (faults.length > 0) return { kind: 'fault', stage: 'types', faults };
  return { kind: 'program', program: new CelProgram(expression, environment, { type, types, ...options }) };
}

export interface EvaluationResult {
  /** A CelError when it failed. */
  readonly value: CelValue;
  readonly cost: number;
  /** Values by node id, of programs compiled with a trace. */
  readonly trace?: readonly (CelValue | undefined)[];
}

export class CelProgram {
  readonly expression: ParsedExpression;
  readonly environment: CelEnvironment;
  /** Static type of the result. */
  readonly type: CelType;
  /** Static type of each node by its id; empty without the checker. */
  readonly types: readonly CelType[];
  readonly evaluateIn: Evaluate;
  readonly #slots: number;
  readonly #isTraced: boolean;

  constructor(
    expression: ParsedExpression,
    environment: CelEnvironment,
    options: CompileOptions & { readonly type: CelType; readonly types?: readonly CelType[] },
  ) {
    this.expression = expression;
    this.environment = environment;
    this.type = options.type;
    this.types = options.types ?? [];
    this.#isTraced = options.trace === 'on';
    const { evaluate, slots } = planCel(expression, environment, options);
    this.evaluateIn = evaluate;
    this.#slots = slots;
  }

  /** Evaluates with variables by name; those that are left out are errors when read. */
  evaluate(variables: Readonly<Record<string, CelValue>>, costLimit = Number.POSITIVE_INFINITY): EvaluationResult {
    const values: (CelValue | undefined)[] = this.environment.variables.map(({ name }) =>
      Object.hasOwn(variables, name) ? variables[name] : undefined,
    );
    return this.evaluateSlots(values, costLimit);
  }

  /** Evaluates with variables in the order of the environment. The array may be kept and given again. */
  evaluateSlots(values: readonly (CelValue | undefined)[], costLimit = Number.POSITIVE_INFINITY): EvaluationResult {
    // The first slots are the variables; quantifiers use those after them.
    const slots = values as CelValue[];
    const frame = new Frame(
      slots.length >= this.#slots ? slots : [...slots],
      costLimit,
      this.#isTraced ? [] : undefined,
    );
    const value = runBounded(this.evaluateIn, frame);
    return frame.trace === undefined ? { value, cost: frame.cost } : { value, cost: frame.cost, trace: frame.trace };
  }
}

/** Runs a closure; what is too expensive is an error that nothing inside could absorb. */
export function runBounded(evaluate: Evaluate, frame: Frame): CelValue {
  try {
    const value = evaluate(frame);
    return frame.cost > frame.costLimit ? costError() : value;
  } catch (error) {
    if (error instanceof CostExceeded) return costError();
    if (error instanceof RangeError) return new CelError('operation interrupted: out of stack or memory');
    throw error;
  }
}

/** The message of the API server (apiserver pkg/cel/limits). */
export const costMessage = 'operation cancelled: actual cost limit exceeded';

function costError(): CelError {
  return new CelError(costMessage);
}
