// SPDX-License-Identifier: Apache-2.0
// How Go prints values, for messages that must be equal to those of KubeLinter. Only the shapes that occur in them.

/** `%q` of a string: strconv.Quote for printable text and the usual escapes. */
export function quoted(text: string): string {
  return JSON.stringify(text)
    .replace(/\\b/g, '\\b')
    .replace(/[\u007f-\u00a0\u00ad]/g, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? `\\x${code.toString(16)}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** `%v` of a slice: `[a b]`. */
export function printedList(items: readonly unknown[]): string {
  return `[${items.map(printed).join(' ')}]`;
}

/** `%q` of a slice: `["a" "b"]`. */
export function quotedList(items: readonly string[]): string {
  return `[${items.map(quoted).join(' ')}]`;
}

/** `%v` of a map: `map[a:1 b:2]`, keys sorted. */
export function printedMap(map: Readonly<Record<string, unknown>>): string {
  const members = Object.keys(map)
    .sort(byBytes)
    .map((key) => `${key}:${printed(map[key])}`);
  return `map[${members.join(' ')}]`;
}

/** Order of strings in Go: by bytes of UTF-8, which is the order of code points. */
export function byBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `%v` of a value of JSON. */
export function printed(value: unknown): string {
  if (Array.isArray(value)) return printedList(value);
  if (value !== null && typeof value === 'object') return printedMap(value as Record<string, unknown>);
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '<nil>' : JSON.stringify(value);
}
