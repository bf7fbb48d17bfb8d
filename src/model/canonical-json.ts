// SPDX-License-Identifier: Apache-2.0
// Canonical JSON for content ids: keys sorted by code unit, no white space, undefined members left out (RFC 8785 for the values used here).

/** Serialises plain data so that equal values give equal text. Throws a TypeError for cycles, as JSON.stringify does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    const source = member as Record<string, unknown>;
    const sorted: Record<string, unknown> = {};
    for (const key of Object.keys(source).sort()) sorted[key] = source[key];
    return sorted;
  });
}
