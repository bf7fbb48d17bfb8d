// SPDX-License-Identifier: Apache-2.0
// JSON values as Go's fmt.Sprint prints them: Kyverno compares texts made this way.

/** `<nil>`, `[a b]`, `map[k:v]`; texts and numbers as they are. */
export function printGoValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return '<nil>';
  if (depth > deepest) return '...';
  if (Array.isArray(value)) return `[${value.map((item) => printGoValue(item, depth + 1)).join(' ')}]`;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${printGoValue(item, depth + 1)}`).join(' ')}]`;
}

const deepest = 100;
