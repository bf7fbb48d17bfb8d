// SPDX-License-Identifier: Apache-2.0
// Kyverno's arithmetic on numbers, Kubernetes quantities and Go durations (pkg/engine/jmespath/arithmetic.go). Only operands of the same sort are
// added; a quantity or duration may be multiplied and divided by a number.
import { formatGoDuration, parseGoDuration } from '../../../formats/go-duration.ts';
import type { KubernetesQuantity } from '../../../formats/kubernetes-quantity.ts';
import { formatKubernetesQuantity, nanoUnit, parseKubernetesQuantity } from '../../../formats/kubernetes-quantity.ts';
import { JmespathFault } from '../fault.ts';
import type { KyvernoFunction } from './define.ts';
import { define, functionFault } from './define.ts';

type Operand =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'quantity'; readonly value: KubernetesQuantity }
  | { readonly kind: 'duration'; readonly value: bigint };

type Name = 'add' | 'sum' | 'subtract' | 'multiply' | 'divide' | 'modulo';
type Calculate = (left: Operand, right: Operand, name: Name) => unknown;

function operandOf(value: unknown): Operand | undefined {
  if (typeof value === 'number') return { kind: 'number', value };
  if (typeof value !== 'string') return undefined;
  const quantity = parseKubernetesQuantity(value);
  if (quantity !== undefined) return { kind: 'quantity', value: quantity };
  const duration = parseGoDuration(value);
  return duration === undefined ? undefined : { kind: 'duration', value: duration };
}

function calculate(name: Name, values: readonly unknown[], run: Calculate): unknown {
  const [left, right] = values.map(operandOf);
  if (left === undefined || right === undefined) return functionFault(name, 'invalid operands');
  const result = run(left, right, name);
  // Infinity is no JSON, and smaller than nothing that somebody compares it with.
  return typeof result === 'number' && !Number.isFinite(result) ? tooLarge(name) : result;
}

function binary(name: Name, note: string, run: Calculate): KyvernoFunction {
  return define(name, { parameters: ['any', 'any'], returns: 'any', note, run: (args) => calculate(name, args, run) });
}

export const arithmeticFunctions: readonly KyvernoFunction[] = [
  binary('add', 'Sum of two numbers, quantities or durations.', (left, right, name) =>
    combine(left, right, { name, sign: 1 }),
  ),
  define('sum', {
    parameters: ['array'],
    returns: 'any',
    note: 'Sum of a list of numbers, quantities or durations.',
    run: ([list]) => sum(list as readonly unknown[]),
  }),
  binary('subtract', 'Difference of two numbers, quantities or durations.', (left, right, name) =>
    combine(left, right, { name, sign: -1 }),
  ),
  binary('multiply', 'Product of two numbers, or of a number and a quantity or duration.', multiply),
  binary(
    'divide',
    'Quotient of two numbers, quantities or durations, or of a quantity or duration and a number.',
    divide,
  ),
  binary('modulo', 'Rest of a division of two whole numbers, quantities or durations.', modulo),
  define('round', {
    parameters: ['number', 'number'],
    returns: 'number',
    note: 'A number rounded to so many decimal places.',
    run: ([value, places]) => round(Number(value), Number(places)),
  }),
];

function mismatch(name: Name): JmespathFault {
  return functionFault(name, 'types mismatch');
}

function tooLarge(name: Name): JmespathFault {
  return functionFault(name, 'the result is too large');
}

function zeroDivision(name: Name): JmespathFault {
  return functionFault(name, 'Zero divisor passed');
}

function sum(list: readonly unknown[]): unknown {
  if (list.length === 0) return functionFault('sum', 'at least one element in the array is required');
  let [total] = list;
  for (const item of list.slice(1)) {
    total = calculate('sum', [total, item], (left, right, name) => combine(left, right, { name, sign: 1 }));
    if (total instanceof JmespathFault) return total;
  }
  return total;
}

function combine(
  left: Operand,
  right: Operand,
  { name, sign }: { readonly name: Name; readonly sign: 1 | -1 },
): unknown {
  if (left.kind === 'number' && right.kind === 'number') return left.value + sign * right.value;
  if (left.kind === 'duration' && right.kind === 'duration')
    return formatGoDuration(left.value + BigInt(sign) * right.value);
  if (left.kind !== 'quantity' || right.kind !== 'quantity') return mismatch(name);
  const nano = left.value.nano + BigInt(sign) * right.value.nano;
  // Zero has no format of its own (resource.Quantity.Add).
  const { format } = left.value.nano === 0n ? right.value : left.value;
  return formatKubernetesQuantity({ nano, format });
}

function multiply(left: Operand, right: Operand, name: Name): unknown {
  if (left.kind === 'number') return right.kind === 'number' ? left.value * right.value : multiply(right, left, name);
  if (right.kind !== 'number') return mismatch(name);
  if (left.kind === 'duration') return scaleDuration(left.value, right.value, name);
  const factor = parseKubernetesQuantity(String(right.value));
  if (factor === undefined) return functionFault(name, 'invalid operands');
  const nano = (left.value.nano * factor.nano) / nanoUnit;
  return formatKubernetesQuantity({ nano, format: left.value.format });
}

/** Through seconds as a float, as Kyverno does. */
function scaleDuration(nanoseconds: bigint, factor: number, name: Name): string | JmespathFault {
  const seconds = (Number(nanoseconds) / 1e9) * factor;
  if (!Number.isFinite(seconds * 1e9)) return tooLarge(name);
  return formatGoDuration(BigInt(Math.trunc(seconds * 1e9)));
}

function approximate({ nano }: KubernetesQuantity): number {
  return Number(nano) / Number(nanoUnit);
}

function divide(left: Operand, right: Operand, name: Name): unknown {
  if (right.kind === 'number') {
    if (right.value === 0) return zeroDivision(name);
    if (left.kind === 'number') return left.value / right.value;
    if (left.kind === 'duration') return scaleDuration(left.value, 1 / right.value, name);
    return divideQuantity(left.value, right.value, name);
  }
  if (left.kind === 'quantity' && right.kind === 'quantity')
    return right.value.nano === 0n ? zeroDivision(name) : approximate(left.value) / approximate(right.value);
  if (left.kind !== 'duration' || right.kind !== 'duration') return mismatch(name);
  return right.value === 0n ? zeroDivision(name) : Number(left.value) / Number(right.value);
}

/** Cut off, not rounded, after as many places as the longer of the two numbers has. */
function divideQuantity(value: KubernetesQuantity, by: number, name: Name): unknown {
  const divisor = parseKubernetesQuantity(String(by));
  if (divisor === undefined || divisor.nano === 0n) return functionFault(name, 'invalid operands');
  const unit = 10n ** BigInt(9 - Math.min(9, Math.max(value.scale, divisor.scale)));
  const exact = (value.nano * nanoUnit) / divisor.nano;
  return formatKubernetesQuantity({ nano: (exact / unit) * unit, format: value.format });
}

function modulo(left: Operand, right: Operand, name: Name): unknown {
  if (left.kind === 'number' && right.kind === 'number') {
    if (!Number.isInteger(left.value) || !Number.isInteger(right.value)) return notWhole(name);
    return right.value === 0 ? zeroDivision(name) : left.value % right.value;
  }
  if (left.kind === 'duration' && right.kind === 'duration')
    return right.value === 0n ? zeroDivision(name) : formatGoDuration(left.value % right.value);
  if (left.kind !== 'quantity' || right.kind !== 'quantity') return mismatch(name);
  const { nano, format } = left.value;
  if (nano % nanoUnit !== 0n || right.value.nano % nanoUnit !== 0n) return notWhole(name);
  return right.value.nano === 0n
    ? zeroDivision(name)
    : formatKubernetesQuantity({ nano: nano % right.value.nano, format });
}

function notWhole(name: Name): JmespathFault {
  return functionFault(name, 'Non-integer argument(s) passed for modulo');
}

function round(value: number, places: number): unknown {
  if (!Number.isInteger(places)) return functionFault('round', 'Non-integer argument(s) passed for round off');
  if (places < 0) return functionFault('round', 'Argument at index 1 can not be negative');
  const shift = 10 ** places;
  // Go rounds halves away from zero, JavaScript towards plus infinity.
  const rounded = (Math.sign(value) * Math.round(Math.abs(value) * shift)) / shift;
  return Number.isFinite(rounded) ? rounded : value;
}
