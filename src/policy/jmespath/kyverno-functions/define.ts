// SPDX-License-Identifier: Apache-2.0
// What the lists of Kyverno's JMESPath functions are written with: an entry with its note, and the faults their calls may end in.
import { JmespathFault } from '../fault.ts';
import type { ArgumentType, CallContext, JmespathFunction } from '../function.ts';

/** A function of Kyverno with what it gives and is for, from which the documentation is made. */
export interface KyvernoFunction extends JmespathFunction {
  readonly returns: string;
  readonly note: string;
}

type Types = ArgumentType | readonly ArgumentType[];

export interface Definition {
  readonly parameters: readonly Types[];
  readonly returns: string;
  readonly note: string;
  readonly run: (args: readonly unknown[], context: CallContext) => unknown;
}

export function define(name: string, { parameters, returns, note, run }: Definition): KyvernoFunction {
  return {
    name,
    parameters: parameters.map((types): readonly ArgumentType[] => (typeof types === 'string' ? [types] : types)),
    returns,
    note,
    run,
  };
}

/** `JMESPath function 'name': what is wrong`, as Kyverno words its errors. */
export function functionFault(name: string, message: string): JmespathFault {
  return new JmespathFault('runtime', `JMESPath function '${name}': ${message}`);
}

/** A text, or a number or boolean as text; undefined for lists, objects and null (ifaceToString of Kyverno's functions.go). */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  // Kyverno prints floats with 32 bits.
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : singlePrecision(value);
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** The shortest decimal that reads back as the same 32-bit number. */
function singlePrecision(value: number): string {
  const single = Math.fround(value);
  for (let digits = 1; digits <= 9; digits += 1) {
    const text = single.toPrecision(digits);
    if (Math.fround(Number(text)) === single) return String(Number(text));
  }
  return String(single);
}
