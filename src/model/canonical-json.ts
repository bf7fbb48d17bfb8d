// SPDX-License-Identifier: Apache-2.0
// Canonical JSON for content ids: keys sorted by code unit, no white space, undefined members left out (RFC 8785 for the values used here).

/** Serialises plain data so that equal values give equal text. Throws a RangeError for cycles. Much faster than a replacer that sorts. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value))
    return `[${value.map((item) => (item === undefined ? 'null' : canonicalJson(item))).join(',')}]`;
  const object = value as Record<string, unknown>;
  let text = '';
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
