// SPDX-License-Identifier: Apache-2.0
// Arithmetic, as Sprig has it: integers of 64 bits for most, floats for those that end with `f`.
import { HelmRefusal, TooLarge } from '../value.ts';
import type { Functions } from './arguments.ts';
import { floatOf, int, textOf, wholeOf } from './arguments.ts';

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

function counted(from: number, to: number, step: number): readonly bigint[] {
  if ((to < from && step >= 0) || (to >= from && step <= 0)) return [];
  if (Math.abs((to - from) / step) > 10_000) throw new TooLarge();
  const found: bigint[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step) found.push(BigInt(at));
  return found;
}

function sequence(values: readonly number[]): string {
  const [one = 0, two = 0, three = 0] = values;
  const [from, step, to] =
    values.length === 1 ? [1, undefined, one] : values.length === 2 ? [one, undefined, two] : [one, two, three];
  if (values.length === 0 || values.length > 3) return '';
  const direction = to < from ? -1 : 1;
  if (step !== undefined && direction < 0 && step > 0) return '';
  return counted(from, to + direction, step ?? direction).join(' ');
}

function divided(left: bigint, right: bigint, what: 'quotient' | 'rest'): bigint {
  if (right === 0n) throw new HelmRefusal('runtime error: integer divide by zero');
  return what === 'quotient' ? wrap(left / right) : left % right;
}

/** Half away from zero only for what is above it, as Sprig does it. */
function rounded(value: number, places: number, from = 0.5): number {
  const power = 10 ** places;
  const digit = power * value;
  return (digit - Math.trunc(digit) >= from ? Math.ceil(digit) : Math.floor(digit)) / power;
}

/** A decimal fraction: amount times ten to the power. Sprig reckons with these, so that 0.1 and 0.2 are 0.3. */
interface Decimal {
  readonly amount: bigint;
  readonly power: number;
}

function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new HelmRefusal('cannot create a Decimal from a value that is no number');
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const fraction = digits.split('.')[1] ?? '';
  return { amount: BigInt(digits.replace('.', '')), power: Number(exponent) - fraction.length };
}

function aligned(left: Decimal, right: Decimal): readonly [bigint, bigint, number] {
  const power = Math.min(left.power, right.power);
  const scaled = ({ amount, power: own }: Decimal): bigint => amount * 10n ** BigInt(own - power);
  return [scaled(left), scaled(right), power];
}

/** Sixteen places behind the point. */
function quotient(left: Decimal, right: Decimal): Decimal {
  if (right.amount === 0n) throw new HelmRefusal('decimal division by 0');
  const [above, below] = aligned(left, right);
  const twice = (above * 2n * 10n ** 16n) / below;
  return { amount: (twice + (twice < 0n ? -1n : 1n)) / 2n, power: -16 };
}

function sum(left: Decimal, right: Decimal): Decimal {
  const [one, other, power] = aligned(left, right);
  return { amount: one + other, power };
}

function product(left: Decimal, right: Decimal): Decimal {
  return { amount: left.amount * right.amount, power: left.power + right.power };
}

function difference(left: Decimal, right: Decimal): Decimal {
  return sum(left, { ...right, amount: -right.amount });
}

const extreme =
  (choose: (left: bigint, right: bigint) => boolean) =>
  (values: readonly unknown[]): bigint => {
    if (values.length === 0) throw new HelmRefusal('wrong number of args: want at least 1 got 0');
    return values.map(wholeOf).reduce((left, right) => (choose(left, right) ? left : right));
  };

const folded =
  (operate: (left: Decimal, right: Decimal) => Decimal) =>
  (values: readonly unknown[]): number => {
    const [first = decimalOf(0), ...others] = values.map((value) => decimalOf(floatOf(value)));
    const { amount, power } = others.reduce(operate, first);
    return Number(`${amount}e${power}`);
  };

export const numberFunctions: Functions = {
  int: ([value]) => wholeOf(value),
  int64: ([value]) => wholeOf(value),
  float64: ([value]) => floatOf(value),
  atoi: ([value]) => {
    const digits = textOf(value);
    return /^[-+]?\d{1,18}$/.test(digits) ? BigInt(digits.replace('+', '')) : 0n;
  },
  toDecimal: ([value]) => {
    const digits = textOf(value);
    return /^-?[0-7]{1,21}$/.test(digits) ? BigInt(Number.parseInt(digits, 8)) : 0n;
  },
  add: (values) => wrap(values.map(wholeOf).reduce((left, right) => left + right, 0n)),
  add1: ([value]) => wrap(wholeOf(value) + 1n),
  sub: ([left, right]) => wrap(wholeOf(left) - wholeOf(right)),
  mul: (values) => wrap(values.map(wholeOf).reduce((left, right) => wrap(left * right), 1n)),
  div: ([left, right]) => divided(wholeOf(left), wholeOf(right), 'quotient'),
  mod: ([left, right]) => divided(wholeOf(left), wholeOf(right), 'rest'),
  max: extreme((left, right) => left >= right),
  biggest: extreme((left, right) => left >= right),
  min: extreme((left, right) => left <= right),
  addf: folded(sum),
  add1f: ([value]) => folded(sum)([value, 1]),
  subf: folded(difference),
  mulf: folded(product),
  divf: folded(quotient),
  maxf: (values) => Math.max(...values.map(floatOf)),
  minf: (values) => Math.min(...values.map(floatOf)),
  ceil: ([value]) => Math.ceil(floatOf(value)),
  floor: ([value]) => Math.floor(floatOf(value)),
  round: ([value, places, from]) =>
    rounded(floatOf(value), int(places), from === undefined ? undefined : floatOf(from)),
  until: ([count]) => counted(0, int(count), int(count) < 0 ? -1 : 1),
  untilStep: ([from, to, step]) => counted(int(from), int(to), int(step)),
  seq: (values) => sequence(values.map(int)),
};
