// SPDX-License-Identifier: Apache-2.0
// Resource quantities of Kubernetes (`500m`, `1.5Gi`, `2e3`) as exact decimal numbers, read and printed as apimachinery pkg/api/resource does.

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface KubernetesQuantity {
  /** In billionths; finer ones are rounded up, away from zero (resource.Nano). */
  readonly nano: bigint;
  readonly format: QuantityFormat;
  /** Decimal places of the number as it was written (`500m` has 3, `1G` none): divisions keep as many. */
  readonly scale: number;
}

/** Billionths in one. */
export const nanoUnit = 1_000_000_000n;

interface Suffix {
  readonly times: bigint;
  readonly per: bigint;
  readonly places: number;
  readonly format: QuantityFormat;
}

const decimalSuffixes: readonly (readonly [string, number])[] = [
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
];

const binarySuffixes: readonly string[] = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const suffixes: ReadonlyMap<string, Suffix> = new Map([
  ...decimalSuffixes.map(([name, exponent]): [string, Suffix] => [name, powerOfTen(exponent, 'DecimalSI')]),
  ...binarySuffixes.map((name, index): [string, Suffix] => [
    name,
    { times: 1n << BigInt(10 * (index + 1)), per: 1n, places: 0, format: 'BinarySI' },
  ]),
]);

function powerOfTen(exponent: number, format: QuantityFormat): Suffix {
  const size = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0
    ? { times: 1n, per: size, places: -exponent, format }
    : { times: size, per: 1n, places: 0, format };
}

const form = /^([+-]?)([0-9]{0,100})(?:\.([0-9]{0,100}))?([eE][+-]?[0-9]{1,3}|[numkMGTPE]|[KMGTPE]i|)$/;

/** Short texts read lately: manifests say the same few over and over, and policies read each of them many times. */
const known = new Map<string, KubernetesQuantity | undefined>();
const mostKnown = 2_000;
const longestKnown = 24;

/** A quantity as resource.ParseQuantity reads it; undefined for what is none. */
export function parseKubernetesQuantity(text: string): KubernetesQuantity | undefined {
  if (text.length > longestKnown) return readQuantity(text);
  const found = known.get(text);
  if (found !== undefined || known.has(text)) return found;
  const quantity = readQuantity(text);
  if (known.size >= mostKnown) known.clear();
  known.set(text, quantity);
  return quantity;
}

function readQuantity(text: string): KubernetesQuantity | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', name = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const suffix = suffixes.get(name) ?? powerOfTen(Number(name.slice(1)), 'DecimalExponent');
  const numerator = BigInt(whole + fraction) * suffix.times * nanoUnit;
  const denominator = suffix.per * 10n ** BigInt(fraction.length);
  const nano = (numerator + denominator - 1n) / denominator;
  return {
    nano: sign === '-' ? -nano : nano,
    format: suffix.format,
    scale: fraction.length + suffix.places,
  };
}

/** The canonical text (Quantity.String after a calculation): `1.5Gi` prints as `1536Mi`, `0.5` as `500m`. */
export function formatKubernetesQuantity({ nano, format }: Pick<KubernetesQuantity, 'nano' | 'format'>): string {
  if (nano === 0n) return '0';
  const isWhole = nano % nanoUnit === 0n;
  const size = nano < 0n ? -nano : nano;
  if (format === 'BinarySI' && isWhole && size >= 1_024n * nanoUnit) {
    let value = nano / nanoUnit;
    let power = 0;
    while (value % 1_024n === 0n && power < binarySuffixes.length) {
      value /= 1_024n;
      power += 1;
    }
    return `${value}${power === 0 ? '' : (binarySuffixes[power - 1] ?? '')}`;
  }
  let value = nano;
  let exponent = -9;
  while (value % 1_000n === 0n) {
    value /= 1_000n;
    exponent += 3;
  }
  return `${value}${decimalSuffix(exponent, format)}`;
}

function decimalSuffix(exponent: number, format: QuantityFormat): string {
  if (exponent === 0) return '';
  const name = format === 'DecimalExponent' ? undefined : decimalSuffixes.find(([, power]) => power === exponent)?.[0];
  return name ?? `e${exponent}`;
}
