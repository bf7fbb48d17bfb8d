// SPDX-License-Identifier: Apache-2.0
// How functions, types and constants are declared to an environment: what checker and planner both read.

import type { MessageDeclaration } from './message.ts';
import type { CelType } from './types.ts';
import type { CelValue } from './values.ts';

/** One signature of a function with what it does. Arguments that do not fit the declared types never reach `run`. */
export interface Overload {
  /** Unique in its environment; the names of cel-go where it has the same overload. */
  readonly id: string;
  readonly style: 'global' | 'member';
  /** For members the receiver comes first. */
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  /** Gives a value, or a CelError. Must not throw. */
  readonly run: (...values: CelValue[]) => CelValue;
  /** Cost of one call, 1 when left out. Called after `run`. */
  readonly cost?: (values: readonly CelValue[], result: CelValue) => number;
}

export interface CelFunction {
  /** With its namespace: `math.greatest`. */
  readonly name: string;
  readonly overloads: readonly Overload[];
}

export interface CelConstant {
  readonly type: CelType;
  readonly value: CelValue;
}

export interface CelVariable {
  readonly name: string;
  readonly type: CelType;
  /** `lazy`: the activation may hold a LazyValue, which is evaluated when first read. */
  readonly evaluation?: 'lazy';
}

/** Types beyond the standard ones. */
export interface TypeProvider {
  message(name: string): MessageDeclaration | undefined;
  /** Type names and enum values. */
  constant(name: string): CelConstant | undefined;
}

export interface CelLibrary {
  readonly name: string;
  readonly functions: readonly CelFunction[];
  readonly constants?: Readonly<Record<string, CelConstant>>;
}

export function globalOverload(
  id: string,
  [parameters, result]: readonly [readonly CelType[], CelType],
  run: Overload['run'],
): Overload {
  return { id, style: 'global', parameters, result, run };
}

export function memberOverload(
  id: string,
  [parameters, result]: readonly [readonly CelType[], CelType],
  run: Overload['run'],
): Overload {
  return { id, style: 'member', parameters, result, run };
}
