// SPDX-License-Identifier: Apache-2.0
// Plain scalars as Kubernetes reads them: go.yaml.in/yaml/v2 v2.4 resolve.go, then sigs.k8s.io/yaml, which turns the tree into JSON.
// That is YAML 1.1 in part (`yes`, `0644`, `1_000`) and not in part (`1:30` and dates stay text). Not here: quoted scalars, which are always text.

/** What a plain scalar means; `unsupported` values (infinities, NaN) have no place in JSON and are refused by Kubernetes. */
export type PlainScalar = string | number | boolean | null;

const words = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);

const longestWord = 5;
const longestNumber = 400;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinite = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The value of a plain scalar. Infinities and NaN come back as numbers; the caller refuses them, as JSON has none. */
export function resolvePlainScalar(text: string): PlainScalar {
  const first = text.charCodeAt(0);
  const isNumeric = (first >= 0x30 && first <= 0x39) || first === 0x2d || first === 0x2b || first === 0x2e;
  if (isNumeric) return text.length <= longestNumber ? resolveNumber(text, first) : text;
  if (text.length > longestWord) return text;
  const word = words.get(text);
  return word === undefined ? text : word;
}

function resolveNumber(text: string, first: number): string | number {
  if (first === 0x2e || text.charCodeAt(1) === 0x2e) {
    if (infinite.test(text)) return text.endsWith('n') || text.endsWith('N') ? Number.NaN : signedInfinity(text);
    if (first === 0x2e) return float.test(text) ? Number(text) : text;
  }
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  return parseInteger(plain) ?? (float.test(plain) ? Number(plain) : text);
}

function signedInfinity(text: string): number {
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const decimal = /^[-+]?(?:0|[1-9][0-9]*)$/;
const prefixed = /^([-+]?)0(?:[xX]([0-9a-fA-F]+)|[bB]([01]+)|[oO]?([0-7]+))$/;
const largest = 2n ** 64n - 1n;
const smallest = -(2n ** 63n);

/** strconv.ParseInt with base 0: decimal, 0x, 0b, 0o and the leading zero of C. Outside int64 and uint64 it is no integer. */
function parseInteger(text: string): number | undefined {
  if (decimal.test(text)) return text.length <= 15 ? Number(text) : bounded(BigInt(text.replace('+', '')));
  const match = prefixed.exec(text);
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal] = match;
  const digits =
    hexadecimal === undefined ? (binary === undefined ? `0o${octal ?? ''}` : `0b${binary}`) : `0x${hexadecimal}`;
  const value = BigInt(digits);
  return bounded(sign === '-' ? -value : value);
}

function bounded(value: bigint): number | undefined {
  return value > largest || value < smallest ? undefined : Number(value);
}

/** A mapping key in JSON: yaml.v2 resolves it like any scalar, sigs.k8s.io/yaml then prints what it got (`on:` becomes "true"). */
export function printKey(value: PlainScalar): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return undefined;
  return String(value);
}
