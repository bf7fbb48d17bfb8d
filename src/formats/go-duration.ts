// SPDX-License-Identifier: Apache-2.0
// Durations as Go writes them (`1h30m0.5s`), in nanoseconds. Kyverno, Kubernetes and the Sigstore tools read such in their files.

const second = 1_000_000_000n;
const minute = 60n * second;
const hour = 60n * minute;
const largest = (1n << 63n) - 1n;
const smallest = -(1n << 63n);
const longestText = 200;

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: second,
  m: minute,
  h: hour,
};

const part = /([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)/y;

/** Nanoseconds, as time.ParseDuration; undefined for anything else. `0` needs no unit. */
export function parseGoDuration(text: string): bigint | undefined {
  const last = text.charCodeAt(text.length - 1);
  // Most texts that are asked are none: a duration ends in s, m, h or is zero.
  if (last !== 0x73 && last !== 0x6d && last !== 0x68 && last !== 0x30) return undefined;
  const sign = text.startsWith('-') || text.startsWith('+') ? text.charAt(0) : '';
  const body = text.slice(sign.length);
  if (body === '0') return 0n;
  if (body === '' || body.length > longestText) return undefined;
  let total = 0n;
  for (let at = 0; at < body.length; at = part.lastIndex) {
    part.lastIndex = at;
    const match = part.exec(body);
    if (match === null) return undefined;
    const [, whole = '', fraction = '', unit = ''] = match;
    if (whole === '' && fraction === '') return undefined;
    const scale = units[unit] ?? 1n;
    total += BigInt(whole === '' ? '0' : whole) * scale;
    if (fraction !== '') total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  const value = sign === '-' ? -total : total;
  return value > largest || value < smallest ? undefined : value;
}

/** As time.Duration.String: `1h0m0s`, `1m40s`, `1.5s`, `2ms`, `0s`. */
export function formatGoDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 1_000n)}µs`;
  if (size < second) return `${sign}${decimal(size, 1_000_000n)}ms`;
  const hours = size / hour;
  const minutes = (size / minute) % 60n;
  const seconds = `${decimal(size % minute, second)}s`;
  if (size < minute) return sign + seconds;
  if (size < hour) return `${sign}${minutes}m${seconds}`;
  return `${sign}${hours}h${minutes}m${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const digits = unit.toString().length - 1;
  const fraction = (value % unit).toString().padStart(digits, '0').replace(/0+$/, '');
  return `${value / unit}${fraction === '' ? '' : `.${fraction}`}`;
}
